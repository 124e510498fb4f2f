"""What a pension estimate stands on: the records of one person and the law that reaches her area, each read once."""

from datetime import date
from functools import cached_property

from django.db import connection

from contributions.arrears import judged_on, unpaid_months
from contributions.models import ContributionRule, CreditingRate
from registry.insurance import AgencyFamily, Scheme
from registry.models import Enrolment, SourceState
from registry.months import add_months, month_of

from .models import Account
from .pension_law import average_wages, pension_law, schedule_for
from .refusals import CannotTell

SCHEMES = (Scheme.PENSION, Scheme.PENSION_PUBLIC)

# One row per month covered that counts: a month refunded whole does not, one with two employers does once.
MONTHS = """
SELECT period, sum(CASE WHEN kind = 'refund' THEN -abs(base) ELSE base END)
FROM contributions_contribution
WHERE person_id = ANY (%s) AND scheme = ANY (%s)
GROUP BY period
HAVING bool_or(kind = 'transferred_in')
    OR (bool_or(kind IN ('normal', 'backpay')) AND sum(er_share + ind_share) > 0)
ORDER BY period
"""


def paid_months(person, schemes=SCHEMES):
    """[(month, base in yuan)] of the months that count in these schemes, oldest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [person.record_ids, list(schemes)])
        return cursor.fetchall()


class PensionGrounds:
    """The grounds of a person's estimate on a day. Each part is read when it is first asked for, and once."""

    def __init__(self, person, today):
        self.person, self.today = person, today
        self._schedules = {}

    @cached_property
    def enrolment(self):
        """The old-age enrolment that speaks for the present: an active one before the others, then the latest."""
        found = Enrolment.objects.filter(
            person_id__in=self.person.record_ids, scheme__in=[*SCHEMES, Scheme.PENSION_RESIDENT]
        ).order_by("status_since", "pk")
        return max(found, key=lambda e: (e.scheme in SCHEMES, e.status == Enrolment.Status.ACTIVE), default=None)

    @property
    def area_code(self):
        return self.enrolment.area_id

    @cached_property
    def paid(self):
        """[(month, base in yuan)] of the months that count, oldest first."""
        return paid_months(self.person)

    @cached_property
    def balances(self):
        """Yuan on each old-age account that is not closed."""
        accounts = Account.objects.of(self.person).filter(scheme__in=SCHEMES).exclude(status=Account.Status.CLOSED)
        return list(accounts.values_list("balance", flat=True))

    @cached_property
    def arrears(self):
        """The old-age months in arrears as far as their source can tell."""
        known_on = judged_on(self.today, [self.source] if self.source else [])
        return tuple(m for m in unpaid_months(self.person, known_on) if m.scheme in SCHEMES)

    @cached_property
    def source(self):
        states = SourceState.objects.filter(
            area=self.area_code, kind="contributions", agency__family=AgencyFamily.HUMAN_RESOURCES
        )
        return states.select_related("agency").order_by("complete_to").first()

    @cached_property
    def law(self):
        return pension_law(self.area_code)

    @cached_property
    def wages(self):
        return average_wages(self.area_code)

    def schedule(self, category):
        """The Schedule of a retirement category; CannotTell where there is none."""
        if category not in self._schedules:
            self._schedules[category] = schedule_for(self.area_code, category, month_of(self.today))
        return self._schedules[category]

    @cached_property
    def next_month(self):
        """The first month that can still be paid: the present one, or the one after the last paid."""
        last = add_months(self.paid[-1][0], 1) if self.paid else date.min
        return max(last, month_of(self.today))

    @cached_property
    def rule(self):
        """The contribution rule of the next month, or None."""
        enrolment = self.enrolment
        return ContributionRule.objects.in_force(
            enrolment.area_id, enrolment.scheme, enrolment.category, self.next_month
        )

    @cached_property
    def last_wage(self):
        known = [row for row in self.wages if row.since < self.next_month]
        if not known:
            raise CannotTell("average_wage", area=self.area_code, years=self.next_month.year - 1)
        return max(known, key=lambda row: row.since).value

    @cached_property
    def last_rate(self):
        """The last interest rate published; the present year's follows in the middle of the next (domain.md §4.1)."""
        rates = CreditingRate.objects.reaching_area(self.area_code).filter(
            scheme=self.enrolment.scheme, bucket=CreditingRate.Bucket.WHOLE, period__startswith__lt=self.next_month
        )
        last = max(rates, key=lambda rate: rate.period.lower, default=None)
        if last is None:
            raise CannotTell("crediting_rate", month=f"{self.next_month:%Y-%m}")
        return last.rate
