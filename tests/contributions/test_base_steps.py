"""The bases of a year beside the published floor and ceiling."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from contributions.base_steps import BaseStep, BaseSteps, Place
from contributions.models import BaseBound
from contributions.payment_pages import year_alone
from registry.insurance import Insurance
from registry.models import InsuredPerson
from tests.staged import AREA, assessment_line, load, make_employer

from .made_records import TODAY, delivered, enrol, paid

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def bounds(places, as_job, two_operators):
    """A floor of 5,000 and a ceiling of 25,000 in the area from July 2026."""
    with as_job():
        BaseBound.objects.create(
            key="local.990100.pension",
            area_code=AREA,
            scheme="pension",
            period=DateRange(date(2026, 7, 1), None),
            lower=D(5000),
            upper=D(25000),
            source="Published.",
            state="in_force",
            proposed_by=two_operators[0],
            approved_by=two_operators[1],
        )


def steps_of(person, year=2026):
    _records, steps = year_alone(InsuredPerson.objects.get(pk=person), Insurance.PENSION, year, TODAY)
    return steps


def pay(person, month, base, employer=None, **changes):
    paid(person, date(2026, month, 1), date(2026, month + 1, 1), employer, base=D(base), **changes)


def test_each_month_is_compared_with_the_bounds_of_its_own_time(person, bounds):
    delivered()
    enrol(person, first=date(2026, 1, 1))
    for month, base in ((6, 4000), (7, 4000), (8, 5000), (9, 25000), (10, 25001)):
        pay(person, month, base)
    assert [(step.month.month, step.place) for step in steps_of(person).steps] == [
        (6, Place.UNKNOWN),
        (7, Place.BELOW),
        (8, Place.WITHIN),
        (9, Place.WITHIN),
        (10, Place.ABOVE),
    ]


def test_a_base_of_an_area_where_she_is_not_enrolled_has_the_bounds_of_that_area(person, bounds):
    delivered()
    pay(person, 8, 4000)
    assert [step.place for step in steps_of(person).steps] == [Place.BELOW]


def test_what_was_added_and_taken_back_counts_for_its_payer_and_the_largest_payer_is_shown(person, bounds, employer):
    enrol(person, first=date(2026, 1, 1))
    pay(person, 8, 4000, employer)
    pay(person, 8, 1500, employer, kind="supplement")
    pay(person, 8, 3000, make_employer("Second Works"))
    pay(person, 9, 6000, employer)
    pay(person, 9, -1500, employer, kind="refund")
    assert [(step.base, step.place) for step in steps_of(person).steps] == [
        (D("5500.00"), Place.WITHIN),
        (D("4500.00"), Place.BELOW),
    ]


def test_an_unpaid_month_shows_the_base_declared_and_the_wage_it_was_made_of(person, bounds, employer):
    enrol(person, first=date(2026, 1, 1))
    line = assessment_line(person, employer, "5000.00", date(2026, 8, 1), declared_wage=D("3200.00"))
    load("assessments", [line])
    (step,) = steps_of(person).steps
    assert (step.base, step.declared_wage, step.lower, step.upper) == (D(5000), D(3200), D(5000), D(25000))


def test_months_transferred_in_and_schemes_without_a_base_are_not_compared(person, bounds):
    enrol(person, first=date(2026, 1, 1))
    pay(person, 8, 4000, kind="transferred_in", source_area="Elsewhere")
    pay(person, 9, 0, scheme="pension_resident")
    assert steps_of(person) is None


def test_the_path_is_level_within_a_month_and_breaks_where_nothing_is_known():
    months = [(1, 50), (2, 100), (4, 100)]
    steps = BaseSteps(2026, tuple(BaseStep(date(2026, n, 1), D(base), None, None, None) for n, base in months))
    assert steps.base_path == "M0 52.8H10V5.7H20M30 5.7H40"
    assert (steps.lower_path, steps.bases, steps.lowers) == ("", (D(50), D(100)), None)
