"""How an interest line came about, with the person's own numbers: principal by month, rates, the sum worked out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Exists, OuterRef

from contributions.rates import InterestFormula, contribution_base
from registry.months import months_between

from . import closings
from .crediting.due import CLOSING_KINDS, PAYOUT_KINDS
from .interest import MONTHS_OF_A_YEAR, Terms, earned
from .interest_told import percent
from .models import Entry, InterestTerms, Reversal

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class MonthLine:
    """What was booked in a month (yuan), for how many months it counts, and their product (月积数).

    `bearing`: the part of the amount that bears interest; less than all of it where jiao and fen bear none.
    """

    month: date
    amount: Decimal
    months: int
    bearing: Decimal

    @property
    def product(self):
        return self.bearing * self.months


@dataclass(frozen=True)
class WorkedPart:
    """One interest line: its kind of entry, the months that make its principal, and the sum as written on paper.

    `by_months`: whether the months held count; the yearly formula takes the year's total instead.
    """

    kind: str
    lines: tuple[MonthLine, ...]
    formula: str
    amount: Decimal
    by_months: bool = True

    @property
    def principal(self):
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def product(self):
        return sum((line.product for line in self.lines), ZERO)

    @property
    def label(self):
        return Entry.Kind(self.kind).label


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
    (answer,) = worked_together([credit])
    return answer


def worked_together(credits):
    """The Worked of each InterestCredit of one account, in their order: four queries, however many there are."""
    if not credits:
        return []
    terms = InterestTerms.objects.in_bulk({credit.batch_id for credit in credits})
    ledger = _Ledger(credits, terms)
    return [_worked(credit, terms[credit.batch_id], ledger) for credit in credits]


def _worked(credit, terms, ledger):
    credits, payouts = ledger.principal(credit, terms)
    prior = credit.opening - credit.carried if terms.is_split else credit.opening
    carried = credit.carried if terms.is_split else ZERO
    came, went = ({line.month.month: line.amount for line in side} for side in (credits, payouts))
    due = earned(prior, came, went, _pure(terms), carried)
    parts = [
        WorkedPart("interest_opening", (), _on_opening(prior, carried, terms, due.on_opening), due.on_opening),
        _of_flow("interest_current", credits, terms, terms.method, due.on_credits),
        _of_flow("interest_payout_adj", payouts, terms, terms.payout_method, -due.removed),
    ]
    return Worked(terms, tuple(part for part in parts if part.amount), due.total)


def _of_flow(kind, lines, terms, formula, amount):
    by_months = formula != InterestFormula.YEARLY or len(terms.current_rates) < MONTHS_OF_A_YEAR
    written = _on_flow(lines, terms, by_months, abs(amount), is_payout=kind == "interest_payout_adj")
    return WorkedPart(kind, lines, written, amount, by_months)


class _Ledger:
    """What was booked on one account in the periods of some credits, what was undone, and when it was closed."""

    def __init__(self, credits, terms):
        of_account = {name: getattr(credits[0], name) for name in ("person_id", "scheme", "area_code")}
        since = min(terms[credit.batch_id].first_month for credit in credits)
        entries = Entry.objects.filter(booked_month__range=(since, max(c.period for c in credits)), **of_account)
        entries = entries.exclude(Exists(InterestTerms.objects.filter(pk=OuterRef("batch_id"))))
        self.entries = list(entries.order_by("booked_month", "batch_id", "kind", "line"))
        self.reversals = list(Reversal.objects.filter(**of_account))
        self.closings = closings.ever(credits[0])

    def principal(self, credit, terms):
        """The MonthLines of what came and of what went in the period, as booked when the interest was posted."""
        ended = min((month for month, by in self.closings if by is None or by > credit.batch_id), default=None)
        undone = {
            (r.by_batch_id, r.by_line): (r.kind, r.booked_month)
            for r in self.reversals
            if r.by_batch_id < credit.batch_id
        }
        sides = {True: [], False: []}
        for entry in self.entries:
            if not terms.first_month <= entry.booked_month <= credit.period or entry.batch_id >= credit.batch_id:
                continue
            if entry.kind == Entry.Kind.OPENING and entry.booked_month.month == 1:
                continue
            kind, booked = undone.get((entry.batch_id, entry.line), (entry.kind, entry.booked_month))
            if ended and kind in CLOSING_KINDS and booked >= ended:
                continue
            is_payout = entry.kind in PAYOUT_KINDS or (entry.kind == Entry.Kind.REVERSAL and entry.amount > 0)
            sides[is_payout].append((entry.booked_month, -entry.amount if is_payout else entry.amount))
        return tuple(_by_month(sides[is_payout], credit.period, terms) for is_payout in (False, True))


def _by_month(booked, last, terms):
    lines = []
    for on, found in groupby(booked, key=lambda line: line[0]):
        amount = sum((amount for _on, amount in found), ZERO)
        bearing = contribution_base(amount, terms.rounding_mode)
        lines.append(MonthLine(on, amount, months_between(on, last) + 1, bearing))
    return tuple(lines)


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


# As written on paper: 25,000.00 × 3.97 % = 992.50


def _on_opening(prior, carried, terms, amount):
    terms_of_sum = [
        (contribution_base(base, terms.rounding_mode), _rates(rates))
        for base, rates in ((prior, terms.prior_rates), (carried, terms.current_rates))
        if base
    ]
    return f"{_sum(terms_of_sum)} = {amount:,}" if terms_of_sum else ""


def _on_flow(lines, terms, by_months, amount, is_payout):
    if not lines:
        return ""
    if not by_months:
        factor = f"{terms.yearly_factor.normalize():f} ÷ 2"
        total = sum(line.bearing for line in lines)
        return f"{total:,} × {_rates(terms.current_rates)} × {f'(1 − {factor})' if is_payout else factor} = {amount:,}"
    if len(set(terms.current_rates)) == 1:
        product = sum(line.product for line in lines)
        return f"{product:,} × {percent(terms.current_rates[0])} ÷ 12 = {amount:,}"
    terms_of_sum = [
        (line.bearing, _rates(terms.current_rates[months_between(terms.first_month, line.month) :])) for line in lines
    ]
    return f"{_sum(terms_of_sum)} = {amount:,}"


def _sum(products):
    """(base, factor) as `563.16 × 2 % − 88.50 × 1 %`."""
    first, *others = [f"{base:,} × {factor}" for base, factor in products]
    return first + "".join(f" − {each[1:]}" if each.startswith("-") else f" + {each}" for each in others)


def _rates(rates):
    """The rates of the months held as one factor: `3.97 %`, `2.62 % × 6 ÷ 12`, `(3 % × 6 + 5 % × 6) ÷ 12`."""
    runs = [(percent(rate), len(list(months))) for rate, months in groupby(rates)]
    if len(runs) == 1:
        rate, months = runs[0]
        return rate if months == MONTHS_OF_A_YEAR else f"{rate} × {months} ÷ 12"
    return f"({' + '.join(f'{rate} × {months}' for rate, months in runs)}) ÷ 12"
