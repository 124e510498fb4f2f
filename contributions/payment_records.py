"""Payment records of a person: one insurance, one year of months covered, with the state of each month."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from registry.insurance import FAMILY_OF, SCHEMES_OF, Insurance
from registry.models import Employer, Enrolment, SourceState
from registry.months import each_month, month, month_of

from .arrears import judged_on
from .models import Assessment, Contribution
from .month_state import MonthState, month_state

ZERO = Decimal("0.00")


@dataclass
class RecordLine:
    """One contribution received, or one assessment that nothing has been received for."""

    record: Contribution | Assessment
    state: MonthState
    employer: str

    @property
    def is_received(self):
        return isinstance(self.record, Contribution)


@dataclass
class MonthOfRecords:
    """One month covered: its lines, and its state.

    `state` is None where nothing can be said: the source does not reach that far (`is_awaited`), or the person was
    insured and the source is complete, but nothing was declared or received.
    """

    month: date
    lines: list = field(default_factory=list)
    state: MonthState | None = None
    is_awaited: bool = False


@dataclass
class YearOfRecords:
    insurance: Insurance
    year: int
    years: list
    months: list
    source: SourceState | None

    @property
    def received(self):
        return [line.record for m in self.months for line in m.lines if line.is_received]

    @property
    def calendar(self):
        """The year as a row of the payment calendar: (year, states of its twelve months from January)."""
        states = [m.state for m in reversed(self.months)]
        return [(self.year, states + [None] * (12 - len(states)))]

    @property
    def own(self):
        return sum((r.ind_share for r in self.received), ZERO)

    @property
    def employer(self):
        return sum((r.er_share for r in self.received), ZERO)

    @property
    def subsidy(self):
        return sum((r.subsidy for r in self.received), ZERO)

    @property
    def to_account(self):
        return sum((r.to_account for r in self.received), ZERO)


def year_of_records(person, insurance, year, today):
    """The year's records of one insurance. `year` None: the latest with a month to show. Five queries at any length."""
    schemes = SCHEMES_OF[insurance]
    enrolments = list(Enrolment.objects.filter(person__in=person.record_ids, scheme__in=schemes))
    years = _years(enrolments, today)
    year = years[0] if year is None else year
    start, until = month(year, 1), month(year + 1, 1)
    earliest = month(year - 1, 1)  # Some pay ahead, up to a year; the bound spares the older years' partitions.
    covered = {"person_id__in": person.record_ids, "scheme__in": schemes, "period__gte": start, "period__lt": until}
    received = Contribution.objects.filter(**covered, booked_month__gte=earliest)
    assessed = Assessment.objects.filter(**covered, due_month__gte=earliest)
    rows = _Rows(
        list(received.order_by("period", "booked_month", "slip_no", "line")),
        list(assessed.order_by("period", "due_on")),
    )
    source = _source(insurance, {e.area_id for e in enrolments})
    present = [m for m in each_month(start, until) if m <= today]
    known_on = judged_on(today, [source] if source else [])
    months = [_month(m, rows, known_on) for m in present]
    for nothing in (m for m in months if not m.lines):
        nothing.is_awaited = not _is_complete(source, nothing.month)
        if not nothing.is_awaited and not _is_insured(enrolments, nothing.month):
            nothing.state = MonthState.NOT_INSURED
    return YearOfRecords(insurance, year, years, months[::-1], source)


class _Rows:
    """What was received and assessed in the year, and the names of the employers."""

    def __init__(self, received, assessed):
        self.received, self.assessed = received, assessed
        employers = {r.employer_id for r in (*received, *assessed)}
        self.names = dict(Employer.objects.filter(pk__in=employers).values_list("pk", "name"))

    def of(self, covered):
        """(contributions, assessments nothing was received for) of one month covered."""
        received = [r for r in self.received if r.period == covered]
        paid_by = {r.employer_id for r in received}
        return received, [a for a in self.assessed if a.period == covered and a.employer_id not in paid_by]


def _years(enrolments, today):
    """All years from the first insured day on, newest first; there is no window of years."""
    first = min((e.first_insured_on.year for e in enrolments), default=today.year)
    return list(range(today.year, min(first, today.year) - 1, -1))


def _source(insurance, areas):
    states = SourceState.objects.filter(
        kind="contributions", agency__family=FAMILY_OF[insurance], area__in=areas
    ).select_related("agency")
    return min(states, key=lambda s: (s.refused_at is None, s.complete_to), default=None)


def _month(covered, rows, known_on):
    received, unpaid = rows.of(covered)
    result = MonthOfRecords(covered)
    is_returned = bool(received) and sum((r.er_share + r.ind_share for r in received), ZERO) <= 0
    for row in received:
        state = month_state(None, {row.kind}, known_on, is_returned=is_returned)
        result.lines.append(RecordLine(row, state, rows.names.get(row.employer_id, "")))
    for row in unpaid:
        result.lines.append(RecordLine(row, month_state(row.due_on, (), known_on), rows.names.get(row.employer_id, "")))
    if unpaid:
        result.state = month_state(min(a.due_on for a in unpaid), (), known_on)
    elif received:
        result.state = month_state(None, {r.kind for r in received}, known_on, is_returned=is_returned)
    return result


def _is_insured(enrolments, covered):
    """Whether an enrolment says that the person was insured in a month of which there is no payment record."""
    return any(
        month_of(e.first_insured_on) <= covered and (e.status == Enrolment.Status.ACTIVE or covered < e.status_since)
        for e in enrolments
    )


def _is_complete(source, covered):
    return source is not None and source.refused_at is None and source.complete_to >= covered
