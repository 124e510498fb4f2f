"""How an interest line came about, with the person's own numbers: principal by month, rates, the sum worked out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from contributions.rates import InterestFormula, contribution_base
from registry.months import months_between

from . import closings
from .crediting.due import CLOSING_KINDS, PAYOUT_KINDS
from .interest import Terms, earned
from .interest_told import percent
from .models import Entry, InterestTerms, Reversal

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class MonthLine:
    """What was booked in a month (yuan), for how many months it counts, and their product (月积数)."""

    month: date
    amount: Decimal
    months: int

    @property
    def product(self):
        return self.amount * self.months


@dataclass(frozen=True)
class WorkedPart:
    """One interest line: its kind of entry, the months that make its principal, and the sum as written on paper."""

    kind: str
    lines: tuple[MonthLine, ...]
    formula: str
    amount: Decimal


@dataclass(frozen=True)
class Worked:
    """The lines of one credit with their terms; `reckoned` equals what was credited, or the books are wrong."""

    terms: InterestTerms
    parts: tuple[WorkedPart, ...]
    reckoned: Decimal

    @property
    def total(self):
        return sum((part.amount for part in self.parts), ZERO)


def worked(credit):
    """The Worked of an InterestCredit: four queries. Its principal is read from the entries anew, those of its day."""
    terms = InterestTerms.objects.get(pk=credit.batch_id)
    credits, payouts = _principal(credit, terms)
    prior = credit.opening - credit.carried if terms.is_split else credit.opening
    carried = credit.carried if terms.is_split else ZERO
    came, went = ({line.month.month: line.amount for line in side} for side in (credits, payouts))
    due = earned(prior, came, went, _pure(terms), carried)
    on_opening = _on_opening(prior, carried, terms, due.on_opening)
    on_credits = _on_flow(credits, terms, terms.method, due.on_credits)
    removed = _on_flow(payouts, terms, terms.payout_method, due.removed, is_payout=True)
    parts = [
        WorkedPart("interest_opening", (), on_opening, due.on_opening),
        WorkedPart("interest_current", credits, on_credits, due.on_credits),
        WorkedPart("interest_payout_adj", payouts, removed, -due.removed),
    ]
    return Worked(terms, tuple(part for part in parts if part.amount), due.total)


def _principal(credit, terms):
    """The MonthLines of what came and of what went in the period, as it was booked when the interest was posted."""
    ended, undone = closings.ended_at(credit), _undone(credit)
    entries = Entry.objects.filter(
        person_id=credit.person_id,
        scheme=credit.scheme,
        area_code=credit.area_code,
        booked_month__range=(terms.first_month, credit.period),
        batch_id__lt=credit.batch_id,
    ).exclude(batch_id__in=InterestTerms.objects.filter(scheme=credit.scheme, area_code=credit.area_code).values("pk"))
    sides = {True: [], False: []}
    for entry in entries.order_by("booked_month", "batch_id", "kind", "line"):
        if entry.kind == Entry.Kind.OPENING and entry.booked_month.month == 1:
            continue
        kind, booked = undone.get((entry.batch_id, entry.line), (entry.kind, entry.booked_month))
        if ended and kind in CLOSING_KINDS and booked >= ended:
            continue
        is_payout = entry.kind in PAYOUT_KINDS or (entry.kind == Entry.Kind.REVERSAL and entry.amount > 0)
        sides[is_payout].append((entry.booked_month, -entry.amount if is_payout else entry.amount))
    return tuple(_by_month(sides[is_payout], credit.period) for is_payout in (False, True))


def _undone(credit):
    """{(batch, line) of a reversal on the account: (kind, booked month) of what it undid}."""
    found = Reversal.objects.filter(
        person_id=credit.person_id, scheme=credit.scheme, area_code=credit.area_code, by_batch_id__lt=credit.batch_id
    )
    return {(r.by_batch_id, r.by_line): (r.kind, r.booked_month) for r in found}


def _by_month(booked, last):
    return tuple(
        MonthLine(on, sum((amount for _on, amount in found), ZERO), months_between(on, last) + 1)
        for on, found in groupby(booked, key=lambda line: line[0])
    )


def _pure(terms):
    return Terms(
        terms.first_month.month,
        terms.first_month.month + len(terms.current_rates) - 1,
        tuple(terms.current_rates),
        tuple(terms.prior_rates) if terms.is_split else None,
        terms.method,
        terms.payout_method,
        terms.yearly_factor,
        terms.rounding_mode,
    )


# As written on paper: 25000.00 × 3.97 % = 992.50


def _on_opening(prior, carried, terms, amount):
    written = [
        f"{contribution_base(base, terms.rounding_mode)} × {_rates(rates)}"
        for base, rates in ((prior, terms.prior_rates), (carried, terms.current_rates))
        if base
    ]
    return f"{' + '.join(written)} = {amount}" if written else ""


def _on_flow(lines, terms, formula, amount, is_payout=False):
    if not lines:
        return ""
    bearing = [(line, contribution_base(line.amount, terms.rounding_mode)) for line in lines]
    if formula == InterestFormula.YEARLY and len(terms.current_rates) == 12:
        factor = f"{terms.yearly_factor.normalize():f} ÷ 2"
        total = sum(base for _line, base in bearing)
        return f"{total} × {_rates(terms.current_rates)} × {f'(1 − {factor})' if is_payout else factor} = {amount}"
    if len(set(terms.current_rates)) == 1:
        product = sum(base * line.months for line, base in bearing)
        return f"{product} × {percent(terms.current_rates[0])} ÷ 12 = {amount}"
    written = [
        f"{base} × {_rates(terms.current_rates[months_between(terms.first_month, line.month) :])}"
        for line, base in bearing
    ]
    return f"{' + '.join(written)} = {amount}"


def _rates(rates):
    """The rates of the months held as one factor: `3.97 %`, `2.62 % × 6 ÷ 12`, `(3 % × 6 + 5 % × 6) ÷ 12`."""
    runs = [(percent(rate), len(list(months))) for rate, months in groupby(rates)]
    if len(runs) == 1:
        rate, months = runs[0]
        return rate if months == 12 else f"{rate} × {months} ÷ 12"
    return f"({' + '.join(f'{rate} × {months}' for rate, months in runs)}) ÷ 12"
