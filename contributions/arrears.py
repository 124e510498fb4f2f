"""Arrears (欠费): declared months past their due date for which nothing was received. Derived, never stored.

The database function `unpaid_months` holds the definition.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from registry.asking import Question, ask

from .late_fees import late_fee_segments
from .models import Assessment
from .rates import LateFeeRateMissingError, late_fee_terms


def judged_on(today, sources):
    """The day on which arrears can be told: today, or the first day of which a source of contributions says nothing.

    What fell due later may have been received without our knowing it yet: it is being processed, not in arrears.
    """
    return min([today, *(source.told_until for source in sources)])


@dataclass(frozen=True)
class UnpaidMonth:
    scheme: str
    period: date
    employer_id: int | None
    due_on: date


UNPAID_MONTHS = Question("SELECT * FROM unpaid_months(%(persons)s, %(today)s)", UnpaidMonth)


def asked_unpaid_months(person, today):
    """The question after the person's months in arrears on `today`, oldest first, of all schemes, for `ask`."""
    return UNPAID_MONTHS.of(persons=person.record_ids, today=today)


def unpaid_months(person, today):
    """The UnpaidMonths themselves. One query."""
    [months] = ask(asked_unpaid_months(person, today))
    return months


@dataclass(frozen=True)
class LateFeeEstimate:
    """What paying one assessment in arrears would cost beside itself, were it paid on a given day (yuan).

    Always an estimate: the collector sets the fee, and it may have allowed a deferral. `terms` shows the arithmetic
    (contributions.rates.LateFeeTerm); `fee` is None, and there are no terms, where no rate is known for a late day.
    The fee is the employer's and goes to the fund (Social Insurance Law, art. 86), never to a person's account.
    """

    is_estimate: ClassVar[bool] = True
    scheme: str
    period: date
    employer_id: int | None
    due_on: date
    unpaid: Decimal
    terms: tuple
    fee: Decimal | None


def late_fee_estimates(person, paid_on):
    """A LateFeeEstimate for each of the person's assessments in arrears, were they paid on `paid_on`; oldest first.

    Which months those are is said by `unpaid_months`; what is unpaid is what was assessed. Two queries, and one for
    each area.
    """
    unpaid = {(month.scheme, month.period, month.employer_id) for month in unpaid_months(person, paid_on)}
    assessments = Assessment.objects.filter(
        person_id__in=person.record_ids, period__in={period for _, period, _ in unpaid}, due_on__lt=paid_on
    )
    found, rates_of = [], {}
    for row in assessments.order_by("period", "scheme", "due_on"):
        if (row.scheme, row.period, row.employer_id) in unpaid:
            if row.area_code not in rates_of:
                rates_of[row.area_code] = late_fee_segments(row.area_code)
            found.append(_estimate(row, paid_on, rates_of[row.area_code]))
    return found


def _estimate(row, paid_on, segments):
    unpaid = row.er_share + row.ind_share
    try:
        terms = tuple(late_fee_terms(unpaid, row.due_on, paid_on, segments))
        fee = sum((term.fee for term in terms), Decimal("0.00"))
    except LateFeeRateMissingError:
        terms, fee = (), None
    return LateFeeEstimate(row.scheme, row.period, row.employer_id, row.due_on, unpaid, terms, fee)
