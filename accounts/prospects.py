"""A person's prospects of a pension from the records: when, after how many months, and an estimate or what is missing.

Employee and public-sector old-age insurance. Figures of the records are never supplemented by guesses: what a person
supposes comes in as Suppositions and is listed among the assumptions of the estimate.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db import connection

from contributions.arrears import unpaid_months
from contributions.models import ContributionRule, CreditingRate
from registry.insurance import AgencyFamily, Scheme
from registry.models import Enrolment, InsuredPerson, SourceState
from registry.months import add_months, month, month_of

from .forecast import (
    DatedFigure,
    Estimate,
    FuturePayments,
    PaidMonths,
    PensionFacts,
    average_index,
    estimate,
    months_until,
    with_future,
)
from .models import Account
from .pension_law import average_wages, pension_law, schedule_for
from .refusals import CannotTell, Reason, in_force
from .retirement import DivisorPolicy, RetirementDates, retirement_dates

SCHEMES = (Scheme.PENSION, Scheme.PENSION_PUBLIC)
MEN = "male_60"

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


@dataclass(frozen=True)
class Suppositions:
    """What somebody supposes beyond the records; None: nothing. Money in yuan a month, the rate a year.

    `base`: what is paid on from now to retirement; without it nothing further is counted. For those months the average
    wage and the interest rate are the last ones known unless supposed otherwise.
    """

    calculation_base: Decimal | None = None
    deemed_months: int = 0
    base: Decimal | None = None
    average_wage: Decimal | None = None
    interest_rate: Decimal | None = None
    is_civil_servant: bool = False
    policy: DivisorPolicy = DivisorPolicy.LINEAR_1DP


@dataclass(frozen=True)
class Prospects:
    """What can be told. `dates` and `estimate` are None where `missing` says why; `facts` are those of the records.

    `source` is the state of the contributions' source (None: it has never delivered); `arrears` the months declared and
    not paid, which neither count nor are credited.
    """

    person: InsuredPerson
    today: date
    area_code: str = ""
    facts: PensionFacts | None = None
    dates: RetirementDates | None = None
    estimate: Estimate | None = None
    missing: tuple = ()
    arrears: tuple = ()
    source: SourceState | None = field(default=None, repr=False)


def prospects(person, today, category=None, retires_in=None, suppose=None):
    """The Prospects of a person on a day.

    category: a RetirementCategory; a man needs none, a woman must be asked. retires_in: a month other than the
    statutory one. suppose: Suppositions. At most 18 queries, whatever the history.
    """
    suppose = suppose or Suppositions()
    found = Prospects(person, today)
    enrolment = _enrolment(person)
    refusal = _not_for_an_estimate(person, enrolment)
    if refusal:
        return replace(found, missing=(refusal,))
    area = enrolment.area_id
    paid = paid_months(person)
    facts = _facts(person, area, paid, suppose)
    found = replace(
        found,
        area_code=area,
        facts=facts,
        arrears=tuple(m for m in unpaid_months(person, today) if m.scheme in SCHEMES),
        source=_source(area),
    )
    category = category or (MEN if person.sex == InsuredPerson.Sex.MALE else None)
    if category is None:
        return replace(found, missing=(Reason("category"), *facts.missing))
    law = pension_law(area, suppose.policy)
    if suppose.calculation_base is not None:
        law = replace(law, calculation_bases=(DatedFigure(date.min, None, suppose.calculation_base),))
    try:
        schedule = schedule_for(area, category, month_of(today))
        dates = retirement_dates(person.birth_date, schedule, law.windows, is_civil_servant=suppose.is_civil_servant)
        found = replace(found, dates=dates)
        then = retires_in or dates.statutory
        facts = _facts_then(facts, enrolment, _next_month(paid, today), then, suppose)
        told = estimate(dates, facts, law, then)
    except CannotTell as refusal:
        return replace(found, missing=(refusal.reason, *facts.missing))
    return replace(found, estimate=told, missing=told.missing)


def _enrolment(person):
    """The old-age enrolment that speaks for the present: an active one before the others, then the latest."""
    found = Enrolment.objects.filter(
        person_id__in=person.record_ids, scheme__in=[*SCHEMES, Scheme.PENSION_RESIDENT]
    ).order_by("status_since", "pk")
    return max(found, key=lambda e: (e.scheme in SCHEMES, e.status == Enrolment.Status.ACTIVE), default=None)


def _not_for_an_estimate(person, enrolment):
    if enrolment is None:
        return Reason("not_enrolled")
    if enrolment.scheme not in SCHEMES:
        return Reason("resident_scheme")
    if enrolment.status == Enrolment.Status.RETIRED or person.died_on:
        return Reason("already_paid")
    return None


def paid_months(person, schemes=SCHEMES):
    """[(month, base in yuan)] of the months that count in these schemes, oldest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [person.record_ids, list(schemes)])
        return cursor.fetchall()


def _facts(person, area, paid, suppose):
    """The PensionFacts of the records: months, index and balance, with a reason for each that is not known.

    All months are compared with the wages of the area that would pay the pension, also those paid elsewhere.
    """
    rows, missing = _with_wages(paid, area)
    index = None
    if not paid:
        missing.append(Reason("no_months"))
    elif not missing:
        index = average_index(rows)
    accounts = Account.objects.of(person).filter(scheme__in=SCHEMES).exclude(status=Account.Status.CLOSED)
    balances = list(accounts.values_list("balance", flat=True))
    assumed = [("wages_of_area", area), ("deemed_months", suppose.deemed_months)]
    if len(balances) > 1:
        assumed.append(("accounts_merged", len(balances)))
    balance = sum(balances) if balances else None
    return PensionFacts(len(paid), index, balance, suppose.deemed_months, tuple(assumed), tuple(missing))


def _with_wages(paid, area):
    """The months with the average wage of the year before each, and the Reasons for those without wage or base."""
    wages, rows, years, without_base = average_wages(area), [], set(), 0
    for period, base in paid:
        wage = in_force(wages, month(period.year - 1, 1))
        if wage is None:
            years.add(period.year - 1)
        elif base <= 0:
            without_base += 1
        else:
            rows.append(PaidMonths(1, base, wage.value))
    missing = []
    if years:
        missing.append(Reason("average_wage", {"area": area, "years": ", ".join(map(str, sorted(years)))}))
    if without_base:
        missing.append(Reason("no_base", {"count": without_base}))
    return rows, missing


def _next_month(paid, today):
    """The first month that can still be paid: the present one, or the one after the last paid."""
    last = add_months(paid[-1][0], 1) if paid else date.min
    return max(last, month_of(today))


def _facts_then(facts, enrolment, first_month, then, suppose):
    """The facts on the day of retirement: those of the records, and what is supposed to be paid until then."""
    months = months_until(first_month, then)
    if suppose.base is None:
        assumed = (*facts.assumptions, ("future_months", 0))
        return replace(facts, assumptions=assumed)
    rule = ContributionRule.objects.in_force(enrolment.area_id, enrolment.scheme, enrolment.category, first_month)
    if rule is None:
        raise CannotTell("contribution_rule", month=f"{first_month:%Y-%m}")
    payments = FuturePayments(
        first_month,
        months,
        suppose.base,
        suppose.average_wage or _last_wage(enrolment.area_id, first_month),
        rule.er_to_account + rule.ind_to_account,
        suppose.interest_rate if suppose.interest_rate is not None else _last_rate(enrolment, first_month),
    )
    return with_future(facts, payments)


def _last_wage(area_code, before):
    known = [row for row in average_wages(area_code) if row.since < before]
    if not known:
        raise CannotTell("average_wage", area=area_code, years=before.year - 1)
    return max(known, key=lambda row: row.since).value


def _last_rate(enrolment, before):
    """The last interest rate published; the present year's follows in the middle of the next (domain.md §4.1)."""
    rates = CreditingRate.objects.reaching_area(enrolment.area_id).filter(
        scheme=enrolment.scheme, bucket=CreditingRate.Bucket.WHOLE, period__startswith__lt=before
    )
    last = max(rates, key=lambda rate: rate.period.lower, default=None)
    if last is None:
        raise CannotTell("crediting_rate", month=f"{before:%Y-%m}")
    return last.rate


def _source(area_code):
    states = SourceState.objects.filter(
        area=area_code, kind="contributions", agency__family=AgencyFamily.HUMAN_RESOURCES
    )
    return states.order_by("complete_to").first()
