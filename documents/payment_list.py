"""The payment list (单位职工缴费明细): one month of one insurance, every line of the employer's own people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from contributions.models import Contribution
from contributions.month_state import MonthState, month_state
from registry.encryption import decrypt
from registry.insurance import Scheme
from registry.months import add_months

from .lines import select

SUMS = """
SELECT scheme, kind, due_on, count(*) AS lines, sum(er_share) AS er_share, sum(ind_share) AS ind_share,
       sum(late_fee) AS late_fee
FROM line GROUP BY scheme, kind, due_on
"""

# By name in the order of GB 18030, in which the common characters stand by their pronunciation, as in any Chinese
# staff list; the same on every server, whatever locale its database was made with. The rest makes the order total.
ROWS = """
, page AS (
    SELECT line.*, p.name, p.number_encrypted,
           row_number() OVER (
               ORDER BY convert_to(p.name, 'GB18030'), person_id, scheme, received_on NULLS FIRST, paper_no, line
           ) AS number
    FROM line JOIN employees(%(start)s, %(until)s, %(schemes)s) p USING (person_id)
    ORDER BY number LIMIT %(limit)s OFFSET %(offset)s
)
SELECT number, person_id, name, number_encrypted, scheme, period, booked_month, kind, base, er_share, ind_share,
       late_fee, received_on, due_on
FROM page ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a contribution received, or an assessment nothing was received for (`kind` None). Amounts in yuan."""

    number: int
    person_id: int
    name: str
    id_number: str
    scheme: Scheme
    period: date
    booked_month: date | None
    kind: Contribution.Kind | None
    base: Decimal
    er_share: Decimal
    ind_share: Decimal
    late_fee: Decimal
    received_on: date | None
    due_on: date | None
    state: MonthState

    @property
    def total(self):
        return self.er_share + self.ind_share + self.late_fee


@dataclass
class Sum:
    """What lines come to. Amounts in yuan."""

    lines: int = 0
    er_share: Decimal = Decimal("0.00")
    ind_share: Decimal = Decimal("0.00")
    late_fee: Decimal = Decimal("0.00")

    @property
    def total(self):
        return self.er_share + self.ind_share + self.late_fee

    def add(self, other):
        self.lines += other.lines
        self.er_share += other.er_share
        self.ind_share += other.ind_share
        self.late_fee += other.late_fee


class PaymentList:
    """A list that is counted and cut like any other, so that Django's paginator can turn its pages.

    Two queries however many lines: the sums of all lines, and the lines of one page (or of all).
    """

    def __init__(self, employer, month, insurance, today):
        self.employer, self.month, self.insurance, self.today = employer, month, insurance, today

    @cached_property
    def _groups(self):
        return self._select(SUMS)

    @cached_property
    def sums(self):
        """{state: Sum} of the states that occur, in the order of MonthState."""
        sums = {}
        for group in self._groups:
            sums.setdefault(self._state(group), Sum()).add(group)
        return {state: sums[state] for state in MonthState if state in sums}

    @cached_property
    def schemes(self):
        """The schemes that occur: one as a rule, two where an employer has staff in the public-sector scheme too."""
        return [Scheme(scheme) for scheme in sorted({group.scheme for group in self._groups})]

    @cached_property
    def sum(self):
        """The Sum of all lines."""
        total = Sum()
        for each in self.sums.values():
            total.add(each)
        return total

    def count(self):
        return self.sum.lines

    def __getitem__(self, cut):
        """The Lines of a slice that names its start and stop."""
        return [self._line(row) for row in self._select(ROWS, offset=cut.start, limit=cut.stop - cut.start)]

    def lines(self):
        """Every Line."""
        return self[0 : self.count()]

    def _select(self, question, **parameters):
        until = add_months(self.month, 1)
        return select(question, self.employer, self.month, until, [self.insurance], **parameters)

    def _state(self, row):
        return month_state(row.due_on, {row.kind} if row.kind else (), self.today)

    def _line(self, row):
        facts = row._asdict()
        number = facts.pop("number_encrypted")
        facts |= {
            "id_number": decrypt(number) if number else "",
            "scheme": Scheme(row.scheme),
            "kind": Contribution.Kind(row.kind) if row.kind else None,
        }
        return Line(state=self._state(row), **facts)
