"""A person's prospects of a pension from the records: when, after how many months, and an estimate or what is missing.

Employee and public-sector old-age insurance. Figures of the records are never supplemented by guesses: what a person
supposes comes in as Suppositions and is listed among the assumptions of the estimate.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from registry.models import Enrolment, InsuredPerson, SourceState
from registry.months import month

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
from .pension_grounds import SCHEMES, PensionGrounds
from .refusals import CannotTell, Reason, in_force
from .retirement import DivisorPolicy, RetirementDates, retirement_dates

MEN = "male_60"


@dataclass(frozen=True)
class Suppositions:
    """What somebody supposes beyond the records; None: nothing. Money in yuan a month, the rate a year.

    `base`: what is paid on from now to retirement; without it nothing further is counted. For those months the average
    wage and the interest rate are the last ones known unless supposed otherwise. `index`: the average contribution
    index of the months on record, used only where the records and the wages do not tell it.
    """

    calculation_base: Decimal | None = None
    deemed_months: int = 0
    base: Decimal | None = None
    average_wage: Decimal | None = None
    interest_rate: Decimal | None = None
    is_civil_servant: bool = False
    policy: DivisorPolicy = DivisorPolicy.LINEAR_1DP
    index: Decimal | None = None


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
    """The Prospects of a person on a day; arguments as for `tell`. At most 18 queries, whatever the history."""
    return tell(PensionGrounds(person, today), category, retires_in, suppose)


def tell(grounds, category=None, retires_in=None, suppose=None):
    """The Prospects on PensionGrounds, which several questions may share.

    category: a RetirementCategory; a man needs none, a woman must be asked. retires_in: a month other than the
    statutory one. suppose: Suppositions.
    """
    person, today, suppose = grounds.person, grounds.today, suppose or Suppositions()
    found = Prospects(person, today)
    refusal = _not_for_an_estimate(person, grounds.enrolment)
    if refusal:
        return replace(found, missing=(refusal,))
    facts = _facts(grounds, suppose)
    found = replace(found, area_code=grounds.area_code, facts=facts, arrears=grounds.arrears, source=grounds.source)
    category = category or (MEN if person.sex == InsuredPerson.Sex.MALE else None)
    if category is None:
        return replace(found, missing=(Reason("category"), *facts.missing))
    law = replace(grounds.law, policy=suppose.policy)
    if suppose.calculation_base is not None:
        law = replace(law, calculation_bases=(DatedFigure(date.min, None, suppose.calculation_base),))
    try:
        schedule = grounds.schedule(category)
        dates = retirement_dates(person.birth_date, schedule, law.windows, is_civil_servant=suppose.is_civil_servant)
        found = replace(found, dates=dates)
        then = retires_in or dates.statutory
        facts = _facts_then(facts, grounds, then, suppose)
        told = estimate(dates, facts, law, then)
    except CannotTell as refusal:
        return replace(found, missing=(refusal.reason, *facts.missing))
    return replace(found, estimate=told, missing=told.missing)


def _not_for_an_estimate(person, enrolment):
    if enrolment is None:
        return Reason("not_enrolled")
    if enrolment.scheme not in SCHEMES:
        return Reason("resident_scheme")
    if enrolment.status == Enrolment.Status.RETIRED or person.died_on:
        return Reason("already_paid")
    return None


def _facts(grounds, suppose):
    """The PensionFacts of the records: months, index and balance, with a reason for each that is not known.

    All months are compared with the wages of the area that would pay the pension, also those paid elsewhere.
    """
    paid, balances = grounds.paid, grounds.balances
    rows, missing = _with_wages(paid, grounds)
    assumed = [("wages_of_area", grounds.area_code), ("deemed_months", suppose.deemed_months)]
    index = None
    if not paid:
        missing.append(Reason("no_months"))
    elif not missing:
        index = average_index(rows)
    elif suppose.index is not None:
        index, missing = suppose.index, []
        assumed.append(("average_index", index))
    if len(balances) > 1:
        assumed.append(("accounts_merged", len(balances)))
    balance = sum(balances) if balances else None
    return PensionFacts(len(paid), index, balance, suppose.deemed_months, tuple(assumed), tuple(missing))


def _with_wages(paid, grounds):
    """The months with the average wage of the year before each, and the Reasons for those without wage or base."""
    rows, years, without_base = [], set(), 0
    for period, base in paid:
        wage = in_force(grounds.wages, month(period.year - 1, 1))
        if wage is None:
            years.add(period.year - 1)
        elif base <= 0:
            without_base += 1
        else:
            rows.append(PaidMonths(1, base, wage.value))
    missing = []
    if years:
        told = {"area": grounds.area_code, "years": ", ".join(map(str, sorted(years)))}
        missing.append(Reason("average_wage", told))
    if without_base:
        missing.append(Reason("no_base", {"count": without_base}))
    return rows, missing


def _facts_then(facts, grounds, then, suppose):
    """The facts on the day of retirement: those of the records, and what is supposed to be paid until then."""
    first_month = grounds.next_month
    months = months_until(first_month, then)
    if suppose.base is None:
        assumed = (*facts.assumptions, ("future_months", 0))
        return replace(facts, assumptions=assumed)
    if grounds.rule is None:
        raise CannotTell("contribution_rule", month=f"{first_month:%Y-%m}")
    payments = FuturePayments(
        first_month,
        months,
        suppose.base,
        suppose.average_wage or grounds.last_wage,
        grounds.rule.er_to_account + grounds.rule.ind_to_account,
        suppose.interest_rate if suppose.interest_rate is not None else grounds.last_rate,
    )
    return with_future(facts, payments)
