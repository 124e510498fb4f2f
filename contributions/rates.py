"""Pure arithmetic of contributions: rounding, clamping to the bounds, splitting an amount. No database, no clock.

Money is a `Decimal` in yuan, a rate is a `Decimal` fraction of the contribution base. Floats are refused: 0.1 has no
exact float. The same roundings exist in the database (`round_money`, `contribution_base`, `account_share`: migration
contributions.0002), for the set-based import; a test holds both sides together.
"""

import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

FEN = Decimal("0.01")
JIAO = Decimal("0.1")
YUAN = Decimal(1)
NOTHING = Decimal("0.00")
ALL = Decimal(1)
UNDECLARED = Decimal("1.10")


class RoundingMode(StrEnum):
    """How an area rounds an amount of money.

    HALF_UP_FEN      to the fen, half a fen away from zero: the default.
    CEIL_JIAO        to the fen, then any fen up to the next jiao (见分进角).
    YUAN_BASE_FLOOR  the base is taken in whole yuan (jiao and fen dropped), the amount is rounded to the fen.
    """

    HALF_UP_FEN = "HALF_UP_FEN"
    CEIL_JIAO = "CEIL_JIAO"
    YUAN_BASE_FLOOR = "YUAN_BASE_FLOOR"


class InterestFormula(StrEnum):
    """How an area reckons the interest on what a year brought or took (劳办发〔1997〕116号).

    MONTH_PRODUCT  月积数法: each month's amount times the months it was held, times a twelfth of the rate.
    YEARLY         年度计算法: the year's total times the rate times half of a factor of about 13/12.
    """

    MONTH_PRODUCT = "MONTH_PRODUCT"
    YEARLY = "YEARLY"


class Rule(Protocol):
    """What `split` reads of a rule: a `ContributionRule` row, or anything shaped like one.

    The rates are fractions of the base, or None where they are not published here. `er_to_account` and
    `ind_to_account` are the parts of the base that go to the personal account; 1 beside an unpublished rate
    means the whole amount paid.
    """

    er_rate: Decimal | None
    ind_rate: Decimal | None
    er_to_account: Decimal
    ind_to_account: Decimal
    rounding_mode: str


class Shares(NamedTuple):
    """Who paid, and where it went, in yuan. `er + ind == to_account + pooled`, always."""

    er: Decimal
    ind: Decimal
    to_account: Decimal
    pooled: Decimal


class LateFeeSegment(NamedTuple):
    """A daily late-fee rate and the days it holds for: [since, until), until None = still in force."""

    since: datetime.date
    until: datetime.date | None
    daily_rate: Decimal


class LateFeeTerm(NamedTuple):
    """The late days of one rate, [since, until), and what they cost in yuan."""

    since: datetime.date
    until: datetime.date
    days: int
    daily_rate: Decimal
    fee: Decimal


class LateFeeRateMissingError(ValueError):
    """No late-fee rate is known for one of the late days."""


class RateNotPublishedError(ValueError):
    """The rule doesn't state the rate, so the amount must come from the collector."""


def _exact(amount: Decimal) -> Decimal:
    """The amount itself. Raises TypeError for anything but a Decimal, ValueError for NaN and infinities."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"Money and rates are Decimal, not {type(amount).__name__}.")
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount of money.")
    return amount


def round_money(amount: Decimal, mode: str = RoundingMode.HALF_UP_FEN) -> Decimal:
    """`amount` (yuan) rounded in `mode`, with two decimals. Negative amounts mirror positive ones.

    Raises ValueError for an unknown mode, TypeError for a float.
    """
    mode = RoundingMode(mode)
    # Adding zero makes a negative zero an ordinary one: "-0.00" is no amount to show.
    in_fen = _exact(amount).quantize(FEN, ROUND_HALF_UP) + NOTHING
    if mode is RoundingMode.CEIL_JIAO:
        # A fraction below half a fen is no fen seen: 1.0004 stays 1.00.
        return in_fen.quantize(JIAO, ROUND_UP).quantize(FEN)
    return in_fen


def contribution_base(base: Decimal, mode: str = RoundingMode.HALF_UP_FEN) -> Decimal:
    """The part of `base` (yuan) that rates are applied to: all of it, or its whole yuan under YUAN_BASE_FLOOR."""
    if RoundingMode(mode) is RoundingMode.YUAN_BASE_FLOOR:
        return _exact(base).quantize(YUAN, ROUND_DOWN).quantize(FEN)
    return _exact(base)


def clamp_base(declared_wage: Decimal, lower: Decimal | None, upper: Decimal | None) -> Decimal:
    """The contribution base: the declared monthly wage (yuan) within the published bounds; None = no bound.

    The bounds are the published yuan figures, never 60 % and 300 % computed anew: the published floor is rounded.
    Raises ValueError when the bounds are crossed.
    """
    if lower is not None and upper is not None and _exact(lower) > _exact(upper):
        raise ValueError(f"The lower bound {lower} lies above the upper bound {upper}.")
    base = _exact(declared_wage)
    if lower is not None and base < _exact(lower):
        return lower
    if upper is not None and base > _exact(upper):
        return upper
    return base


def assessed_undeclared(month_before: Decimal, mode: str = RoundingMode.HALF_UP_FEN) -> Decimal:
    """What is assessed (yuan) for a month that the employer declares nothing for: 110 % of that of the month before.

    It is settled once the employer declares. Social Insurance Law, art. 62. Raises ValueError for a negative amount.
    """
    if _exact(month_before) < 0:
        raise ValueError(f"{month_before}: what the month before came to cannot be negative.")
    return round_money(month_before * UNDECLARED, mode)


def split(base: Decimal, rule: Rule) -> Shares:
    """What is due on `base` (yuan) under `rule`: both shares, the personal account's part, the pool's rest.

    Raises RateNotPublishedError when the rule leaves a rate to the collector.
    """
    if rule.er_rate is None or rule.ind_rate is None:
        raise RateNotPublishedError(
            "This rule publishes no rate: take both amounts from the collector and use route()."
        )
    counted = contribution_base(base, rule.rounding_mode)
    er = round_money(counted * _exact(rule.er_rate), rule.rounding_mode)
    ind = round_money(counted * _exact(rule.ind_rate), rule.rounding_mode)
    return route(base, er, ind, rule)


def route(base: Decimal, er: Decimal, ind: Decimal, rule: Rule) -> Shares:
    """Where the amounts really paid (yuan; a refund is negative) on `base` go under `rule`; the pool is the rest."""
    to_account = account_share(base, er, rule.er_rate, rule.er_to_account, rule.rounding_mode) + account_share(
        base, ind, rule.ind_rate, rule.ind_to_account, rule.rounding_mode
    )
    return Shares(er, ind, to_account, er + ind - to_account)


def account_share(base: Decimal, amount: Decimal, rate: Decimal | None, to_account: Decimal, mode: str) -> Decimal:
    """The part of one payer's `amount` (yuan) that goes to the personal account.

    Nothing if `to_account` is 0; the whole amount if it equals the rate (or 1 where the rate is not published), so
    that no fen of it falls to the pool when the collector rounded otherwise; else that fraction of `base`, never
    more than was paid, and with the sign of the amount.
    """
    if _exact(to_account) == NOTHING:
        return NOTHING
    if to_account == (ALL if rate is None else _exact(rate)):
        return _exact(amount)
    share = round_money(contribution_base(abs(_exact(base)), mode) * to_account, mode)
    return min(share, abs(_exact(amount))).copy_sign(amount) + NOTHING


def late_fee_terms(
    unpaid: Decimal, due_on: datetime.date, paid_on: datetime.date, segments: list[LateFeeSegment]
) -> list[LateFeeTerm]:
    """How the late fee on `unpaid` yuan due on `due_on` and paid on `paid_on` comes about: a LateFeeTerm per rate.

    Late days run from the day after the due date to the day of payment, each at the rate in force that day; simple,
    each rate's sum rounded half up to the fen. Social Insurance Law, art. 86; before 2011-07-01 Order 259, art. 13.
    The segments don't overlap. Raises LateFeeRateMissingError when no segment holds one of the late days.
    """
    first, end = due_on + datetime.timedelta(days=1), paid_on + datetime.timedelta(days=1)
    terms = []
    for segment in sorted(segments, key=lambda segment: segment.since):
        since, until = max(first, segment.since), min(end, segment.until or end)
        days = (until - since).days
        if days > 0:
            fee = round_money(_exact(unpaid) * _exact(segment.daily_rate) * days)
            terms.append(LateFeeTerm(since, until, days, segment.daily_rate, fee))
    if sum(term.days for term in terms) != max(0, (end - first).days):
        raise LateFeeRateMissingError(f"No late-fee rate is known for part of {first} to {paid_on}.")
    return terms


def late_fee(unpaid: Decimal, due_on: datetime.date, paid_on: datetime.date, segments: list[LateFeeSegment]) -> Decimal:
    """The late fee (yuan): the sum of `late_fee_terms`, which says what it takes and what it refuses."""
    return sum((term.fee for term in late_fee_terms(unpaid, due_on, paid_on, segments)), NOTHING)
