"""What medical treatment cost by year, and who paid: the pooled fund, the personal account, the own pocket.

Settlements with hospitals and pharmacies come split in three. What was reimbursed afterwards says what fund and account
paid, not what the patient kept paying; it stands beside the rest and in no total of costs.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.paginator import Paginator
from django.db import connection

from registry.answering import sources_about
from registry.insurance import SCHEMES_OF, Insurance

from .models import Spending

ZERO = Decimal("0.00")
LINES_A_PAGE = 30
SCHEMES = [str(scheme) for scheme in SCHEMES_OF[Insurance.MEDICAL]]
REIMBURSED = ""

# A row for each year and kind of visit; of what came as a benefit, one with an empty kind.
SPLIT = """
SELECT extract(year FROM settled_on)::int, visit, relation <> 'self', count(*), sum(total), sum(from_pool),
    sum(from_account), sum(self_paid)
FROM accounts_spending WHERE person_id = ANY (%(persons)s) AND scheme = ANY (%(schemes)s) GROUP BY 1, 2, 3
UNION ALL
SELECT extract(year FROM paid_on)::int, '', false, count(*), sum(from_pool + from_account), sum(from_pool),
    sum(from_account), 0
FROM accounts_benefitpayment WHERE person_id = ANY (%(persons)s) AND scheme = ANY (%(schemes)s) GROUP BY 1
"""


@dataclass
class Split:
    """Costs and who paid them; yuan. `count`: settlements."""

    count: int = 0
    total: Decimal = ZERO
    from_pool: Decimal = ZERO
    from_account: Decimal = ZERO
    self_paid: Decimal = ZERO

    def add(self, count, total, from_pool, from_account, self_paid):
        self.count += count
        self.total += total
        self.from_pool += from_pool
        self.from_account += from_account
        self.self_paid += self_paid


@dataclass
class YearOfSpending:
    """A calendar year: settlements by kind of visit, what went to relatives, what was reimbursed afterwards."""

    year: int
    whole: Split = field(default_factory=Split)
    by_visit: dict = field(default_factory=dict)
    for_relatives: Split = field(default_factory=Split)
    reimbursed: Split = field(default_factory=Split)

    @property
    def visits(self):
        """(kind of visit in words, Split), the dearest first."""
        found = [(Spending.Visit(visit).label, split) for visit, split in self.by_visit.items()]
        return sorted(found, key=lambda each: -each[1].total)

    def bars(self, longest):
        """(name of the part, left edge, width) in hundredths of the longest year, in the order of the picture."""
        bars, left, upto = [], 0, ZERO
        for name in ("from_pool", "from_account", "self_paid"):
            upto += getattr(self.whole, name)
            right = round(100 * upto / longest) if longest else 0
            bars.append((name, left, right - left))
            left = right
        return bars


@dataclass(frozen=True)
class MedicalSpending:
    """`years`: YearOfSpending, newest first; `judged`: Known, KnownNone or Unknown."""

    years: list
    judged: object

    @property
    def drawn(self):
        """[(YearOfSpending, its bars)] of the years with settlements."""
        longest = max((year.whole.total for year in self.years), default=ZERO)
        return [(year, year.bars(longest)) for year in self.years if year.whole.count]

    def year(self, number):
        """The YearOfSpending of a calendar year, or None."""
        return next((year for year in self.years if year.year == number), None)


def medical_spending(person, today: date):
    """The MedicalSpending of a person. Two queries, however long the history."""
    found = {}
    for year, visit, is_aid, *amounts in _rows(person):
        told = found.setdefault(year, YearOfSpending(year))
        if visit == REIMBURSED:
            told.reimbursed.add(*amounts)
            continue
        told.whole.add(*amounts)
        told.by_visit.setdefault(visit, Split()).add(*amounts)
        if is_aid:
            told.for_relatives.add(*amounts)
    years = [found[year] for year in sorted(found, reverse=True)]
    sources = sources_about(person, ["benefits"], today)
    return MedicalSpending(years, sources.judge_insurance(years, "benefits", Insurance.MEDICAL))


def settlements_of_year(person, year, number):
    """A page (number from 1) of the settlements of a year, newest first. Two queries."""
    settled = Spending.objects.filter(person_id__in=person.record_ids, settled_on__year=year)
    return Paginator(settled.order_by("-settled_on", "-slip_no", "-line"), LINES_A_PAGE).get_page(number)


def _rows(person):
    with connection.cursor() as cursor:
        cursor.execute(SPLIT, {"persons": person.record_ids, "schemes": SCHEMES})
        return cursor.fetchall()
