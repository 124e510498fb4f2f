"""Arrears from the declaration to the back-payment (domain.md §8.4), and what paying late would cost (§8.5)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.history import statement
from accounts.models import Entry
from contributions.arrears import late_fee_estimates, unpaid_months
from contributions.models import LateFeeRate
from registry.insurance import Insurance
from registry.models import InsuredPerson
from tests.staged import AREA, OCTOBER, assessment_line, balance, batches, employer_line, fund, load

pytestmark = pytest.mark.django_db
DUE, PAID = date(2026, 10, 15), date(2027, 1, 20)  # 97 days late


@pytest.fixture
def in_arrears(person, employer):
    """A month of 8,000 yuan declared and not paid."""
    load("assessments", [assessment_line(person, employer)])
    return InsuredPerson.objects.get(pk=person)


def back_payment(person, employer, **changes):
    values = {"kind": "backpay", "booked_month": date(2027, 1, 1), "received_on": PAID, "late_fee": "93.12"} | changes
    return employer_line(person, employer, **values)


def months_of(person):
    return statement(person, Insurance.PENSION).months


def test_8_4_an_unpaid_month_neither_counts_nor_is_credited(in_arrears):
    assert [month.period for month in unpaid_months(in_arrears, PAID)] == [OCTOBER]
    assert (months_of(in_arrears), balance(in_arrears.pk)) == (0, None)
    assert unpaid_months(in_arrears, DUE) == []


def test_8_4_the_back_payment_makes_good_the_month_and_the_posting(in_arrears, employer):
    (estimate,) = late_fee_estimates(in_arrears, PAID)
    load("employer_contributions", [back_payment(in_arrears.pk, employer, late_fee=str(estimate.fee))])
    assert unpaid_months(in_arrears, PAID + timedelta(days=1)) == []
    assert late_fee_estimates(in_arrears, PAID + timedelta(days=1)) == []
    assert (months_of(in_arrears), balance(in_arrears.pk)) == (1, Decimal("640.00"))
    entry = Entry.objects.get(person_id=in_arrears.pk)
    # Interest starts in the month booked; the rule is that of the month covered.
    assert (entry.period, entry.booked_month) == (OCTOBER, date(2027, 1, 1))
    assert fund(batches()[0])["late_fees"] == Decimal("93.12")


def test_8_4_a_supplement_of_the_month_does_not_count_twice(in_arrears, employer):
    load("employer_contributions", [back_payment(in_arrears.pk, employer)])
    load("employer_contributions", [employer_line(in_arrears.pk, employer, slip_no="S2", kind="supplement", line=2)])
    assert months_of(in_arrears) == 1


def test_8_5_the_estimate_is_marked_and_shows_its_arithmetic(in_arrears):
    (estimate,) = late_fee_estimates(in_arrears, PAID)
    assert estimate.is_estimate
    assert (estimate.scheme, estimate.period, estimate.due_on) == ("pension", OCTOBER, DUE)
    assert (estimate.unpaid, estimate.fee) == (Decimal("1920.00"), Decimal("93.12"))
    (term,) = estimate.terms
    assert (term.days, term.daily_rate, term.since) == (97, Decimal("0.0005"), date(2026, 10, 16))


def test_8_5_each_assessment_of_a_month_runs_from_its_own_due_date(in_arrears, employer):
    later = {"assessment_no": "A2", "due_on": date(2026, 12, 15), "base": "1000.00"}
    load("assessments", [assessment_line(in_arrears.pk, employer, **later)])
    first, second = late_fee_estimates(in_arrears, PAID)
    assert [(e.unpaid, e.terms[0].days) for e in (first, second)] == [(Decimal("1920.00"), 97), (Decimal("240.00"), 36)]


def test_no_arrears_no_estimate_and_nobody_elses(person, employer):
    load("assessments", [assessment_line(person, employer)])
    other = InsuredPerson.objects.exclude(pk=person).filter(enrolments=None).first()
    assert late_fee_estimates(other, PAID) == []


def test_a_rate_of_the_locality_goes_on_before(in_arrears, as_job, two_operators):
    with as_job():
        LateFeeRate.objects.create(
            key="local.990100.deferral",
            area_code=AREA,
            period=DateRange(date(2026, 10, 16), date(2027, 1, 1)),
            daily_rate=Decimal(0),
            source="Deferral agreed.",
            state="in_force",
            proposed_by=two_operators[0],
            approved_by=two_operators[1],
        )
    (estimate,) = late_fee_estimates(in_arrears, PAID)
    assert [(term.days, term.fee) for term in estimate.terms] == [(77, Decimal(0)), (20, Decimal("19.20"))]


def test_a_day_without_a_rate_leaves_the_fee_unknown(in_arrears, as_job):
    with as_job():
        for rate in LateFeeRate.objects.filter(state="in_force"):
            rate.state, rate.withdrawn_at = "withdrawn", "2026-01-01T00:00Z"
            rate.save()
    (estimate,) = late_fee_estimates(in_arrears, PAID)
    assert (estimate.unpaid, estimate.fee, estimate.terms) == (Decimal("1920.00"), None, ())


def test_the_queries_are_few(in_arrears, django_assert_num_queries):
    in_arrears.record_ids  # noqa: B018 - known by the door before
    with django_assert_num_queries(3):
        late_fee_estimates(in_arrears, PAID)
