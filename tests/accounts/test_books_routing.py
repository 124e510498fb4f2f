"""Where the money goes is data: a rule row alone makes an account exist and fill, for any of the five insurances."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts import checks
from contributions.models import ContributionRule
from inquiries.models import User
from registry.roles import acting_as
from tests.staged import (
    AREA,
    OTHER_AREA,
    Refused,
    balance,
    batches,
    benefit_line,
    employer_line,
    entries,
    fund,
    load,
    opening_line,
)


def local_rule(**changes):
    """A rule of the test area, approved by a second person."""
    first, second = User.objects.order_by("pk")[:2]
    values = {
        "key": "local.test",
        "area_code": AREA,
        "category": "employee",
        "period": DateRange(date(2026, 1, 1), None),
        "source": "Local notice",
        "origin": "local",
        "state": "in_force",
        "proposed_by": first,
        "approved_by": second,
    }
    with acting_as("job"):
        return ContributionRule.objects.create(**values | changes)


@pytest.mark.parametrize("scheme", ["unemployment", "work_injury", "maternity"])
def test_a_local_rule_gives_any_insurance_an_account(person, employer, scheme):
    rates = {"er_rate": "0.02", "ind_rate": "0.01", "er_to_account": "0.004", "ind_to_account": "0.01"}
    rule = local_rule(scheme=scheme, **rates)
    load("employer_contributions", [employer_line(person, employer, scheme=scheme)])
    assert entries(person) == [("contrib_emp", Decimal("32.00")), ("contrib_ind", Decimal("80.00"))]
    assert fund(batches()[0]) == {"pooled": Decimal("128.00"), "clearing": Decimal("-240.00")}
    assert balance(person, scheme) == Decimal("112.00")
    load("openings", [opening_line(person, "500.00", scheme=scheme)])
    load("benefits", [benefit_line(person, "0.00", "12.00", scheme=scheme, kind="training_subsidy")])
    assert entries(person)[-1] == ("benefit_payout", Decimal("-12.00"))
    assert balance(person, scheme) == Decimal("600.00")
    assert rule.pk in {c for (c,) in _rules_of(person)}
    with acting_as("read"), connection.cursor() as cursor:
        assert checks.prove(cursor) == []


def _rules_of(person):
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT rule_id FROM accounts_entry WHERE person_id = %s", [person])
        return cursor.fetchall()


def test_the_area_beside_it_still_has_none(person, employer):
    local_rule(scheme="unemployment", er_rate="0.01", ind_rate="0.01", ind_to_account="0.01")
    row = employer_line(person, employer, scheme="unemployment", area_code=OTHER_AREA)
    load("employer_contributions", [row])
    assert (entries(person), balance(person, "unemployment", OTHER_AREA)) == ([], None)
    with pytest.raises(Refused):
        load("openings", [opening_line(person, scheme="unemployment", area_code=OTHER_AREA)])


def test_months_before_the_rule_bring_nothing(person, employer):
    local_rule(scheme="unemployment", er_rate="0.01", ind_rate="0.01", ind_to_account="0.01")
    load("employer_contributions", [employer_line(person, employer, scheme="unemployment", month=date(2025, 12, 1))])
    assert balance(person, "unemployment") is None


def test_amounts_are_rounded_as_the_area_does(person, employer):
    local_rule(
        scheme="unemployment",
        er_rate="0.01",
        ind_rate="0.01",
        er_to_account="0.0033",
        ind_to_account="0.01",
        rounding_mode="CEIL_JIAO",
    )
    row = employer_line(person, employer, scheme="unemployment", base="8123.45")
    assert (row["er_share"], row["ind_share"]) == (Decimal("81.30"), Decimal("81.30"))
    load("employer_contributions", [row])
    assert balance(person, "unemployment") == Decimal("26.90") + Decimal("81.30")
