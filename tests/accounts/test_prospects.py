"""A person's prospects from the records: an estimate where all is known, else the list of what is missing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.forecast import Outcome
from accounts.prospects import Suppositions, prospects
from accounts.retirement import DivisorPolicy
from contributions.models import AverageWage, CalculationBase
from registry.models import Enrolment, InsuredPerson
from registry.months import add_months
from registry.roles import acting_as
from tests.staged import AGENCIES, AREA, OCTOBER, assessment_line, employer_line, load, opening_line, personal_line

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def dated(model, key, since, until, amount):
    with acting_as("job"):
        model.objects.create(
            key=key,
            area_code=AREA,
            period=DateRange(since, until),
            amount=Decimal(amount),
            source="test",
            origin="national",
            state="in_force",
        )


def wages(*years, amount="10000.00"):
    for year in years:
        dated(AverageWage, f"test.wage.{year}", date(year, 1, 1), date(year + 1, 1, 1), amount)


def enrol(person, birth_date, sex="M", **changes):
    """The person as the door gives it, enrolled in the pension scheme of the test area."""
    values = {"scheme": "pension", "category": "employee", "status": "active"} | changes
    with acting_as("job"):
        InsuredPerson.objects.filter(pk=person).update(birth_date=birth_date, sex=sex)
        Enrolment.objects.create(
            person_id=person,
            area_id=AREA,
            agency_id=AGENCIES["human_resources"],
            status_since=date(2010, 1, 1),
            first_insured_on=date(2010, 1, 1),
            registered_on=date(2010, 1, 1),
            **values,
        )
    return InsuredPerson.objects.get(pk=person)


def pay(person, employer, first, count, base="8000.00"):
    months = [add_months(first, index) for index in range(count)]
    load(
        "employer_contributions",
        [
            employer_line(person, employer, line=line, slip_no=f"S{month:%Y%m}", month=month, base=base)
            for line, month in enumerate(months, 1)
        ],
    )


def codes(found):
    return [reason.code for reason in found.missing]


@pytest.fixture
def worker(person, employer):
    """A man born in 1966-03 (P1 of §5.4) with two hundred months paid, and all that the law must say about them."""
    pay(person, employer, date(2010, 1, 1), 200)
    wages(*range(2009, 2026))
    dated(CalculationBase, "test.base.2026", date(2026, 1, 1), date(2027, 1, 1), "12049.00")
    return enrol(person, date(1966, 3, 9))


def test_an_estimate_from_the_records_alone(worker):
    found = prospects(worker, TODAY)
    assert (found.missing, found.area_code) == ((), AREA)
    assert (found.dates.statutory, found.estimate.minimum) == (date(2026, 7, 1), 180)
    assert (found.facts.months, found.facts.index, found.facts.balance) == (
        200,
        Decimal("0.8000"),
        Decimal("128000.00"),
    )
    assert (found.estimate.basic, found.estimate.account) == (Decimal("1807.35"), Decimal("936.36"))
    assert (found.estimate.outcome, found.estimate.total) == (Outcome.COMPLETE, Decimal("2743.71"))
    assert dict(found.estimate.assumptions) == {
        "wages_of_area": AREA,
        "deemed_months": 0,
        "future_months": 0,
        "calculation_base": Decimal("12049.00"),
        "divisor_policy": "LINEAR_1DP",
    }


def test_what_the_law_does_not_say_is_named_and_nothing_is_guessed(person, employer):
    pay(person, employer, date(2024, 1, 1), 13)
    found = prospects(enrol(person, date(1966, 3, 9)), TODAY)
    assert codes(found) == ["average_wage", "calculation_base"]
    assert found.missing[0].values == {"area": AREA, "years": "2023, 2024"}
    assert (found.estimate.outcome, found.estimate.total) == (Outcome.REFUSED, None)
    assert found.estimate.account == Decimal("60.86")


def test_a_woman_is_asked_which_age_applies(worker):
    worker.sex = "F"
    asked = prospects(worker, TODAY)
    assert (codes(asked), asked.dates, asked.estimate) == (["category"], None, None)
    assert asked.facts.months == 200
    told = prospects(worker, TODAY, "female_55")
    assert told.dates.statutory == date(2021, 3, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "pension_resident", "category": "resident"}, "resident_scheme"),
        ({"status": "retired", "category": "retiree"}, "already_paid"),
    ],
)
def test_whom_no_estimate_is_for(person, changes, code):
    found = prospects(enrol(person, date(1966, 3, 9), **changes), TODAY)
    assert (codes(found), found.estimate) == ([code], None)


def test_somebody_registered_nowhere(person):
    assert codes(prospects(InsuredPerson.objects.get(pk=person), TODAY)) == ["not_enrolled"]


def test_nothing_paid_yet(person):
    found = prospects(enrol(person, date(1990, 6, 1)), TODAY)
    assert codes(found) == ["no_months", "calculation_base", "balance"]


def test_the_same_month_counts_once_and_a_refunded_one_not_at_all(person, employer):
    wages(2025, amount="8000.00")
    pay(person, employer, date(2026, 1, 1), 3)
    again = {"slip_no": "S9", "month": date(2026, 1, 1), "base": "2000.00"}
    load("employer_contributions", [employer_line(person, employer, **again)])
    back = employer_line(person, employer, slip_no="R1", kind="refund", month=date(2026, 3, 1))
    back |= {name: -Decimal(back[name]) for name in ("er_share", "ind_share")}
    load("employer_contributions", [back])
    facts = prospects(enrol(person, date(1966, 3, 9)), TODAY).facts
    # 10,000 and 8,000 on 8,000.
    assert (facts.months, facts.index) == (2, Decimal("1.1250"))


def test_arrears_neither_count_nor_are_hidden(person, employer):
    load("assessments", [assessment_line(person, employer)])
    found = prospects(enrol(person, date(1966, 3, 9)), TODAY)
    assert found.facts.months == 0
    assert [month.period for month in found.arrears] == [OCTOBER]


def test_a_transferred_month_without_a_base_is_counted_and_its_base_is_missed(person):
    wages(2025)
    moved = {"kind": "transferred_in", "base": "0.00", "ind_share": "0.00", "source_area": "Elsewhere"}
    load("personal_contributions", [personal_line(person, **moved)])
    found = prospects(enrol(person, date(1966, 3, 9), category="flexible"), TODAY)
    assert found.facts.months == 1
    assert "no_base" in codes(found)


def test_accounts_of_two_areas_are_summed_and_that_is_said(worker):
    load("openings", [opening_line(worker.pk, amount="1000.00", area_code="990200")])
    facts = prospects(worker, TODAY).facts
    assert facts.balance == Decimal("129000.00")
    assert ("accounts_merged", 2) in facts.assumptions


def test_what_if_payments_go_on(person, employer):
    wages(2025, amount="10000.00")
    pay(person, employer, date(2026, 1, 1), 10)
    young = enrol(person, date(1990, 6, 1))
    suppose = Suppositions(calculation_base=Decimal("12000.00"), base=Decimal("8000.00"), interest_rate=Decimal(0))
    found = prospects(young, TODAY, suppose=suppose)
    months = 10 + 319  # from 2026-11 to 2053-05
    assert found.estimate.facts.months == months
    assert found.estimate.facts.balance == 640 * months
    assert (found.estimate.outcome, found.estimate.divisor) == (Outcome.COMPLETE, 117)
    assumed = dict(found.estimate.assumptions)
    assert (assumed["future_months"], assumed["future_average_wage"]) == (319, Decimal("10000.00"))
    # Without a rate supposed, the last one published: 1.50 % of 2025.
    again = prospects(young, TODAY, suppose=Suppositions(base=Decimal("8000.00")))
    assert dict(again.estimate.assumptions)["interest_rate"] == Decimal("0.015")
    assert codes(again) == ["calculation_base"]


def test_what_if_without_any_average_wage_is_refused(person, employer):
    young = enrol(person, date(1990, 6, 1))
    found = prospects(young, TODAY, suppose=Suppositions(base=Decimal("8000.00")))
    assert found.estimate is None
    assert codes(found)[0] == "average_wage"


def test_retiring_later_and_outside_the_window(worker):
    late = prospects(worker, TODAY, retires_in=date(2029, 7, 1), suppose=Suppositions(Decimal("12049.00")))
    assert late.estimate.total > Decimal("2743.71")
    outside = prospects(worker, TODAY, retires_in=date(2029, 8, 1))
    assert (codes(outside), outside.estimate) == (["outside_window"], None)
    assert outside.dates is not None
    servant = Suppositions(is_civil_servant=True)
    assert codes(prospects(worker, TODAY, retires_in=date(2027, 1, 1), suppose=servant)) == ["outside_window"]


def test_policy_and_deemed_months_are_the_callers(worker):
    by_hand = prospects(worker, TODAY, suppose=Suppositions(policy=DivisorPolicy.REQUIRE_MANUAL))
    assert codes(by_hand) == ["divisor_by_hand"]
    deemed = prospects(worker, TODAY, suppose=Suppositions(deemed_months=60))
    assert (deemed.estimate.outcome, codes(deemed)) == (Outcome.PARTIAL, ["transitional"])


def test_the_queries_do_not_grow_with_the_history(worker, django_assert_max_num_queries):
    worker.record_ids  # noqa: B018 - known by the door before
    with django_assert_max_num_queries(18):
        prospects(worker, TODAY, suppose=Suppositions(base=Decimal("8000.00")))
