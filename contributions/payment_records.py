"""Payment records of a person: one insurance, one year of months covered, with the state of each month.

Of each payment stand four facts apart (features F43): what was declared, until when it was due, when it was received,
in which month it was posted.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from registry.asking import Question
from registry.insurance import SCHEMES_OF
from registry.months import each_month, month

from .models import Assessment, Contribution
from .month_state import SUPPLEMENT, MonthState, Untold, month_state
from .payer_months import COUNTS, of_records
from .payment_calendar import YEARLY, Judge

ZERO = Decimal("0.00")
ANSWERS = COUNTS | {SUPPLEMENT}
# Some pay ahead, up to a year; the bound on the booked or due month spares the older years' partitions. The range keeps
# the kept plan from taking the employers' index on the period, which reads everybody's months.
RECEIVED = Question(
    """
SELECT c.*, e.name AS employer FROM contributions_contribution c LEFT JOIN registry_employer e ON e.id = c.employer_id
WHERE c.person_id = ANY (%(persons)s::bigint[]) AND c.scheme = ANY (%(schemes)s::text[])
    AND c.period <@ daterange(%(start)s, %(until)s) AND c.booked_month >= %(earliest)s
ORDER BY c.period, c.booked_month, c.slip_no, c.line
""",
    Contribution,
)
ASSESSED = Question(
    """
SELECT a.*, e.name AS employer FROM contributions_assessment a LEFT JOIN registry_employer e ON e.id = a.employer_id
WHERE a.person_id = ANY (%(persons)s::bigint[]) AND a.scheme = ANY (%(schemes)s::text[])
    AND a.period <@ daterange(%(start)s, %(until)s) AND a.due_month >= %(earliest)s
ORDER BY a.period, a.due_on, a.assessment_no, a.line
""",
    Assessment,
)


@dataclass
class RecordLine:
    """One contribution received, or one assessment that nothing has been received for.

    `assessed`: the assessments that it answers to; of an unpaid assessment itself. Empty where no declaration is known.
    """

    record: Contribution | Assessment
    state: MonthState
    assessed: list = field(default_factory=list)

    @property
    def employer(self):
        """The employer's name; empty where there is none."""
        return self.record.employer or ""

    @property
    def is_received(self):
        return isinstance(self.record, Contribution)

    @property
    def declared(self):
        """What was declared as due for both shares, in yuan; None where no declaration is known."""
        return sum((a.er_share + a.ind_share for a in self.assessed), ZERO) if self.assessed else None

    @property
    def is_other_than_declared(self):
        """Whether another amount was received than was declared."""
        return self.is_received and self.assessed and self.declared != self.record.er_share + self.record.ind_share

    @property
    def due_on(self):
        return min((a.due_on for a in self.assessed), default=None)


@dataclass
class MonthOfRecords:
    """One month covered: its lines, and its mark (None of a month to come)."""

    month: date
    lines: list = field(default_factory=list)
    state: MonthState | Untold | None = None


@dataclass
class YearOfRecords:
    """`first_year`: the earliest year that the register or this year's records know of."""

    judge: Judge
    year: int
    first_year: int
    months: list

    @property
    def insurance(self):
        return self.judge.insurance

    @property
    def source(self):
        return self.judge.source

    @property
    def received(self):
        return [line.record for m in self.months for line in m.lines if line.is_received]

    @property
    def calendar(self):
        """The year as a row of the payment calendar: (year, marks of its twelve months from January)."""
        marks = [m.state for m in reversed(self.months)]
        return [(self.year, marks + [None] * (12 - len(marks)))]

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

    @property
    def has_account(self):
        """Whether any of the year's money went to a personal account."""
        return any(r.to_account for r in self.received)

    @property
    def previous_year(self):
        return self.year - 1 if self.year > self.first_year else None

    @property
    def next_year(self):
        return self.year + 1 if self.year < self.judge.today.year else None

    @property
    def is_earlier(self):
        """Whether all of the year lies before the first details that were taken over."""
        return {m.state for m in self.months} == {Untold.EARLIER}

    @property
    def has_retired(self):
        """Whether the person received benefits already when the year began, so that nothing was to be paid in."""
        return any(standing.has_retired(month(self.year, 1)) for standing in self.judge.standings)


def asked_records(person, insurance, year):
    """The two questions after the Contributions and Assessments of a calendar year of months covered, for `ask`."""
    facts = {
        "persons": person.record_ids,
        "schemes": [str(scheme) for scheme in SCHEMES_OF[insurance]],
        "start": month(year, 1),
        "until": month(year + 1, 1),
        "earliest": month(year - 1, 1),
    }
    return RECEIVED.of(**facts), ASSESSED.of(**facts)


def records_of_year(judge, year, received, assessed):
    """The YearOfRecords that a Judge makes of the answers to `asked_records`."""
    rows = _Rows(received, assessed)
    present = [m for m in each_month(month(year, 1), month(year + 1, 1)) if m <= judge.today or rows.has(m)]
    is_year_paid = any(row.scheme in YEARLY for row in received)
    months = [_month(judge, m, rows, is_year_paid) for m in present]
    return YearOfRecords(judge, year, _first_year(judge, year), months[::-1])


class _Rows:
    """What was received and assessed in the year, by month covered."""

    def __init__(self, received, assessed):
        self.of_month = {}
        for place, records in enumerate((received, assessed)):
            for record in records:
                self.of_month.setdefault(record.period, ([], []))[place].append(record)

    def of(self, covered):
        """(contributions, assessments) of one month covered."""
        return self.of_month.get(covered, ([], []))

    def has(self, covered):
        return covered in self.of_month


def _first_year(judge, year):
    """The earliest year that may be chosen; there is no window of years."""
    return min([year, *(standing.first_month.year for standing in judge.standings)])


def _month(judge, covered, rows, is_year_paid):
    received, assessed = rows.of(covered)
    payers = of_records(received, assessed)
    found = MonthOfRecords(covered, state=judge.mark(covered, payers, is_year_paid))
    answered, unpaid = _dealt(received, assessed)
    for record in received:
        state = month_state(None, {record.kind}, judge.today)
        found.lines.append(RecordLine(record, state, answered.get(record.pk, [])))
    for record in unpaid:
        known_on = judge.reach.known_on(judge.insurance, record.area_code, judge.today)
        found.lines.append(RecordLine(record, month_state(record.due_on, (), known_on), [record]))
    return found


def _dealt(received, assessed):
    """({contribution's key: the assessments it answers to}, the assessments that nothing was received for).

    A payer's payments of a month answer to its assessments in their order, the last one to all that are left. Nothing
    was received is said as by `unpaid_months`: no contribution and no back-payment; a supplement alone is neither.
    """
    answered, unpaid = {}, []
    for payer, group in groupby(sorted(assessed, key=_payer_key), key=_payer_key):
        declared = list(group)
        paid = [r for r in received if _payer_key(r) == payer and r.kind in ANSWERS]
        if not any(r.kind in COUNTS for r in paid):
            unpaid += declared
            continue
        for record, assessment in zip(paid, declared, strict=False):
            answered[record.pk] = [assessment]
        answered[paid[-1].pk] = answered.get(paid[-1].pk, []) + declared[len(paid) :]
    return answered, unpaid


def _payer_key(record):
    return record.scheme, record.employer_id or 0
