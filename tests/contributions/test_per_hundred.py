"""Of each 100 yuan of base: what the rule in force says, for the person's own area, scheme and category."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from contributions.models import ContributionRule
from contributions.per_hundred import SIDE, per_hundred
from registry.models import Enrolment
from registry.roles import acting_as
from tests.staged import AGENCIES, AREA, OCTOBER, make_employer, make_person, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled():
    make_places()

    def enrol(scheme="pension", category="employee", status="active", employer=None, area=AREA):
        with acting_as("job"):
            return Enrolment.objects.create(
                person_id=make_person(),
                scheme=scheme,
                area_id=area,
                agency_id=AGENCIES["human_resources"],
                category=category,
                status=status,
                status_since=date(2020, 1, 1),
                first_insured_on=date(2020, 1, 1),
                registered_on=date(2020, 1, 1),
                employer_id=employer,
            )

    return enrol


def shares(told):
    return {part.name: part.amount for part in told.parts}


def rule(**columns):
    with acting_as("job"):
        return ContributionRule.objects.create(
            key=f"test.{columns['scheme']}",
            category="employee",
            period=DateRange(date(2026, 1, 1), None),
            source="a test",
            origin="national",
            state="in_force",
            **columns,
        )


@pytest.mark.parametrize(
    ("scheme", "category", "expected"),
    [
        ("pension", "employee", {"own-account": 8, "employer-pool": 16}),
        ("pension", "flexible", {"own-account": 8, "own-pool": 12}),
        ("medical", "employee", {"own-account": 2, "employer-pool": 6}),
        ("maternity", "employee", {}),
    ],
)
def test_the_shares_are_those_of_the_rule(enrolled, scheme, category, expected):
    told = per_hundred(enrolled(scheme, category), OCTOBER)
    assert shares(told) == expected
    assert told.total == sum(expected.values()) == len(told.blocks)
    assert told.rule.source


def test_an_older_month_has_the_rule_of_its_day(enrolled):
    told = per_hundred(enrolled(), date(2004, 6, 1))
    assert shares(told) == {"own-account": 8, "employer-account": 3, "employer-pool": 17}


def test_a_rule_of_the_area_goes_before(enrolled):
    rule(scheme="pension", area_code=AREA, er_rate=Decimal("0.14"), ind_rate=Decimal("0.08"), ind_to_account="0.08")
    assert shares(per_hundred(enrolled(), OCTOBER)) == {"own-account": 8, "employer-pool": 14}


def test_work_injury_follows_the_employers_risk_class(enrolled):
    told = per_hundred(enrolled("work_injury", employer=make_employer(risk_class=8)), OCTOBER)
    assert shares(told) == {"employer-pool": Decimal("1.9")}
    first, second = told.blocks
    assert (first.width, second.width) == (SIDE, round(0.9 * SIDE, 1))


def test_what_is_not_published_is_not_made_up(enrolled):
    told = per_hundred(enrolled("pension_resident", "resident"), OCTOBER)
    assert (told.parts, told.total, told.blocks) == (None, 0, [])


@pytest.mark.parametrize("status", ["retired", "terminated"])
def test_who_pays_nothing_has_no_shares(enrolled, status):
    assert per_hundred(enrolled(status=status), OCTOBER) is None


def test_no_enrolment_or_no_rule():
    assert per_hundred(None, OCTOBER) is None


def test_a_month_before_every_rule(enrolled):
    assert per_hundred(enrolled(), date(1980, 1, 1)) is None
