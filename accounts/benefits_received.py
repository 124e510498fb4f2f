"""Benefits of all five insurances that a person has received: by year, and who paid, the pooled fund or the account.

The sums are those of the statement of an insurance (history.statement): what a bank returned is a line of its own with
negative amounts, and settlements with hospitals and pharmacies count for medical insurance.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.paginator import Paginator
from django.db import connection

from registry.answering import sources_about
from registry.insurance import INSURANCE_OF, SCHEMES_OF, Insurance

from .models import BenefitPayment

ZERO = Decimal("0.00")
LINES_A_PAGE = 40
# What work injury brings tells of the injury: its lines stand on the page that asks again who is there, on no other.
OWN_PAGE = Insurance.WORK_INJURY

YEARS = """
SELECT scheme, extract(year FROM day)::int AS year, count(*) FILTER (WHERE paid), count(*) FILTER (WHERE returned),
    count(*) FILTER (WHERE settled), sum(from_pool), sum(from_account)
FROM (
    SELECT scheme, paid_on AS day, status = 'paid' AS paid, status = 'returned' AS returned, false AS settled,
        from_pool, from_account
    FROM accounts_benefitpayment WHERE person_id = ANY (%(persons)s)
    UNION ALL
    SELECT scheme, settled_on, false, false, true, from_pool, from_account
    FROM accounts_spending WHERE person_id = ANY (%(persons)s)
) received
GROUP BY scheme, year ORDER BY year DESC
"""


@dataclass
class YearOfBenefits:
    """What one insurance paid in a calendar year; yuan. `settled`: settlements with hospitals and pharmacies."""

    year: int
    paid: int = 0
    returned: int = 0
    settled: int = 0
    from_pool: Decimal = ZERO
    from_account: Decimal = ZERO

    @property
    def total(self):
        return self.from_pool + self.from_account


@dataclass
class BenefitsOfInsurance:
    """`years`: YearOfBenefits, newest first; `judged`: Known, KnownNone or Unknown."""

    insurance: Insurance
    years: list = field(default_factory=list)
    judged: object = None

    @property
    def from_pool(self):
        return sum((year.from_pool for year in self.years), ZERO)

    @property
    def from_account(self):
        return sum((year.from_account for year in self.years), ZERO)

    @property
    def total(self):
        return self.from_pool + self.from_account


def benefits_received(person, today: date):
    """The five insurances as BenefitsOfInsurance. Two queries, however long the history."""
    found = {insurance: BenefitsOfInsurance(insurance) for insurance in Insurance}
    for scheme, year, paid, returned, settled, from_pool, from_account in _rows(person):
        of_insurance = found[INSURANCE_OF[scheme]]
        told = next((each for each in of_insurance.years if each.year == year), None)
        if told is None:
            told = YearOfBenefits(year)
            of_insurance.years.append(told)
        told.paid, told.returned, told.settled = told.paid + paid, told.returned + returned, told.settled + settled
        told.from_pool, told.from_account = told.from_pool + from_pool, told.from_account + from_account
    sources = sources_about(person, ["benefits"], today)
    for of_insurance in found.values():
        of_insurance.judged = sources.judge_insurance(of_insurance.years, "benefits", of_insurance.insurance)
    return list(found.values())


def last_received(person):
    """The BenefitPayment received last, or None; what work injury brings is told on its own page. One query."""
    payments = BenefitPayment.objects.filter(person_id__in=person.record_ids, status=BenefitPayment.Status.PAID)
    payments = payments.exclude(scheme__in=SCHEMES_OF[OWN_PAGE])
    return payments.order_by("-paid_on", "-payment_no", "-line").first()


def lines_of_year(person, insurance, year, number):
    """A page (number from 1) of the BenefitPayments of one insurance received in a year, newest first. Two queries."""
    lines = BenefitPayment.objects.filter(
        person_id__in=person.record_ids, scheme__in=SCHEMES_OF[insurance], paid_on__year=year
    )
    return Paginator(lines.order_by("-paid_on", "-payment_no", "-line"), LINES_A_PAGE).get_page(number)


def _rows(person):
    with connection.cursor() as cursor:
        cursor.execute(YEARS, {"persons": person.record_ids})
        return cursor.fetchall()
