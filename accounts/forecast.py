"""The estimate of a monthly pension (待遇测算): pure arithmetic, 国发〔2005〕38号, part 6, new entrants.

It is an estimate, never a decision: every assumption is listed, and where a rule or a datum is missing the part is
left out and named. Money is a Decimal in yuan, rounded half up to the fen, once per part.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from accounts.refusals import CannotTell, Reason, in_force
from accounts.retirement import DivisorPolicy, check_choice, divisor, minimum_months
from contributions.rates import round_money
from registry.months import add_months, months_between

INDEX_PLACES = Decimal("0.0001")
HALF = Decimal("0.5")
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class PaidMonths:
    """So many months paid on one monthly base, and the average wage of the year before them (yuan a month)."""

    months: int
    base: Decimal
    average_wage: Decimal


@dataclass(frozen=True)
class DatedFigure:
    """A figure in force for [since, until): a rate (fraction) or an amount (yuan)."""

    since: date
    until: date | None
    value: Decimal


@dataclass(frozen=True)
class PensionLaw:
    """The rows an estimate needs, each nearest area first; see accounts/retirement.py for their meaning."""

    windows: tuple = ()
    minimums: tuple = ()
    divisors: tuple = ()
    accrual_rates: tuple = ()
    calculation_bases: tuple = ()
    policy: DivisorPolicy = DivisorPolicy.LINEAR_1DP


@dataclass(frozen=True)
class PensionFacts:
    """What is known of a person on the day of retirement; None where it is not known.

    months: contribution months, without deemed ones. index: average contribution index. balance: of the account, yuan.
    """

    months: int
    index: Decimal | None
    balance: Decimal | None
    deemed_months: int = 0
    assumptions: tuple = ()
    missing: tuple = ()


@dataclass(frozen=True)
class FuturePayments:
    """A what-if: so many further months on one base, with the figures assumed for them.

    base, average_wage: yuan a month. account_rate: part of the base that goes to the account. interest_rate: a year.
    first_month: the first of the further months, a date of day 1.
    """

    first_month: date
    months: int
    base: Decimal
    average_wage: Decimal
    account_rate: Decimal
    interest_rate: Decimal


class Outcome(StrEnum):
    """What an estimate came to.

    COMPLETE: a total. PARTIAL: a total without the transitional part. NOT_PAYABLE: parts, but too few months for a
    monthly pension. REFUSED: something is missing, so there is no total.
    """

    COMPLETE = "complete"
    PARTIAL = "partial"
    NOT_PAYABLE = "not_payable"
    REFUSED = "refused"


@dataclass(frozen=True)
class Estimate:
    """An estimate of the monthly pension from `month` on; parts that could not be told are None, `missing` says why."""

    month: date
    age_months: int
    outcome: Outcome
    minimum: int | None
    divisor: Decimal | None
    basic: Decimal | None
    account: Decimal | None
    total: Decimal | None
    missing: tuple = ()
    assumptions: tuple = ()
    facts: PensionFacts = field(default=None, repr=False)
    calculation_base: Decimal | None = None
    accrual_rate: Decimal | None = None


def average_index(paid):
    """The average contribution index (平均缴费指数): Σ(months · base / average wage of the year before) / Σ months.

    paid: PaidMonths. Four decimals, half up (domain.md §5.4). CannotTell where there are no months or no wage.
    """
    months = sum(row.months for row in paid)
    if months <= 0:
        raise CannotTell("no_months")
    return (_weighted(paid) / months).quantize(INDEX_PLACES, ROUND_HALF_UP)


def _weighted(paid):
    return sum((row.months * row.base / row.average_wage for row in paid), Decimal(0))


def basic_pension(calculation_base, index, months, accrual_rate):
    """The basic part (基础养老金) in yuan: (W + W·I)/2 · years · accrual rate, the years as months/12 unrounded."""
    wage = (calculation_base + calculation_base * index) * HALF
    return round_money(wage * months * accrual_rate / MONTHS_A_YEAR)


def account_pension(balance, payout_divisor):
    """The account's part (个人账户养老金) in yuan: balance / divisor."""
    return round_money(balance / payout_divisor)


def estimate(dates, facts, law, month=None):
    """The Estimate for somebody with RetirementDates and PensionFacts who retires in `month` (the statutory one).

    CannotTell where one may not retire in that month; whatever else is missing is named in the estimate.
    """
    month = month or dates.statutory
    check_choice(dates, month)
    missing = list(facts.missing)
    minimum = _try(missing, minimum_months, dates, month, law.minimums)
    by = _try(missing, divisor, dates.age_in(month), month, law.divisors, law.policy)
    wage = _try(missing, _figure, law.calculation_bases, month, "calculation_base")
    rate = _try(missing, _figure, law.accrual_rates, month, "accrual_rate")
    known = {reason.code for reason in missing}
    if facts.index is None and not known & {"average_wage", "no_months", "no_base"}:
        missing.append(Reason("average_index"))
    if facts.balance is None:
        missing.append(Reason("balance"))
    basic = account = total = None
    if None not in {wage, rate, facts.index}:
        basic = basic_pension(wage, facts.index, facts.months, rate)
    if None not in {by, facts.balance}:
        account = account_pension(facts.balance, by)
    outcome = _outcome(facts, minimum, basic, account, missing)
    if outcome in {Outcome.COMPLETE, Outcome.PARTIAL}:
        total = basic + account
    assumptions = (*facts.assumptions, *_assumptions(wage, law.policy, dates.age_in(month), by))
    age, missing = dates.age_in(month), tuple(missing)
    parts = (minimum, by, basic, account, total, missing, assumptions, facts)
    return Estimate(month, age, outcome, *parts, calculation_base=wage, accrual_rate=rate)


def _outcome(facts, minimum, basic, account, missing):
    """The outcome; adds to `missing` the reasons that are no lack of data."""
    if facts.deemed_months:
        missing.append(Reason("transitional"))
    if None in {minimum, basic, account}:
        return Outcome.REFUSED
    months = facts.months + facts.deemed_months
    if months < minimum:
        missing.append(Reason("too_few_months", {"months": months, "minimum": minimum}))
        return Outcome.NOT_PAYABLE
    return Outcome.PARTIAL if facts.deemed_months else Outcome.COMPLETE


def _assumptions(wage, policy, age_months, by):
    """Which figures the estimate rests on, as (name, value): a wage in yuan, a policy's name."""
    if wage is not None:
        yield "calculation_base", wage
    if by is not None and age_months % MONTHS_A_YEAR:
        yield "divisor_policy", DivisorPolicy(policy).value


def _try(missing, function, *arguments):
    try:
        return function(*arguments)
    except CannotTell as refusal:
        missing.append(refusal.reason)
        return None


def _figure(rows, month, code):
    row = in_force(rows, month)
    if row is None:
        raise CannotTell(code, month=f"{month:%Y-%m}")
    return row.value


def projected_balance(balance, payments):
    """The balance (yuan) after FuturePayments, by the month products of 劳办发〔1997〕116号 (domain.md §4.2).

    Each calendar year is one step: the opening balance earns r · m/12 for the m months held, the month's payment
    earns from its own month on; both rounded half up to the fen. What the present year earned before the first of
    these months is not in it.
    """
    monthly = round_money(payments.base * payments.account_rate)
    first, left = payments.first_month, payments.months
    while left > 0:
        held = min(left, MONTHS_A_YEAR - first.month + 1)
        opening = round_money(balance * payments.interest_rate * held / MONTHS_A_YEAR)
        product = monthly * (held * (held + 1) // 2)
        balance += opening + monthly * held + round_money(product * payments.interest_rate / MONTHS_A_YEAR)
        first, left = add_months(first, held), left - held
    return balance


def with_future(facts, payments):
    """The PensionFacts after FuturePayments, with what was assumed for them."""
    months = facts.months + payments.months
    index = facts.index
    if facts.index is not None and payments.months:
        past = [PaidMonths(facts.months, facts.index, Decimal(1))] if facts.months else []
        index = average_index([*past, PaidMonths(payments.months, payments.base, payments.average_wage)])
    balance = None if facts.balance is None else projected_balance(facts.balance, payments)
    assumed = (
        ("future_months", payments.months),
        ("future_base", payments.base),
        ("future_average_wage", payments.average_wage),
        ("interest_rate", payments.interest_rate),
    )
    return replace(facts, months=months, index=index, balance=balance, assumptions=(*facts.assumptions, *assumed))


def months_until(first_month, month):
    """How many further months can be paid from `first_month` to retirement in `month`."""
    return max(0, months_between(first_month, month))
