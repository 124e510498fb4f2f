"""What a file of contributions is refused for, and what the refusal says."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from contributions.models import Contribution
from registry.feed.kinds import Stored
from tests.staged import (
    OCTOBER,
    Refused,
    employer_line,
    load,
    make_employer,
    make_person,
    opening_line,
    personal_line,
    subsidy_line,
)


def rejects(kind, *rows):
    with pytest.raises(Refused) as refused, override(None):
        load(kind, rows)
    return [(r.row, r.column, r.value, str(r.expected)) for r in refused.value.rejects]


def one(kind, row):
    (reject,) = rejects(kind, row)
    return reject


def test_no_rule_in_force(person, employer):
    row = employer_line(person, employer) | {"period": date(1997, 12, 1)}
    reject = one("employer_contributions", row)
    assert reject[:3] == (2, "period", "199712")
    assert reject[3] == "no rule is in force for Employee old-age insurance, Employee, 990100, 199712"


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({"er_share": "1280.01"}, "er_share", "1280.00 by the rule in force"),
        ({"ind_share": "639.99"}, "ind_share", "640.00 by the rule in force"),
        ({"er_share": "-1280.00"}, "er_share", "an amount of zero or above: only a refund is negative"),
        ({"ind_share": "-0.01"}, "ind_share", "an amount of zero or above: only a refund is negative"),
        ({"late_fee": "-1.00"}, "late_fee", "an amount of zero or above: only a refund is negative"),
        ({"base": "-1.00"}, "base", "an amount of zero or above: only a refund is negative"),
    ],
)
def test_amounts_of_a_normal_month(person, employer, changes, column, expected):
    row = employer_line(person, employer) | changes
    assert one("employer_contributions", row) == (2, column, str(changes[column]), expected)


@pytest.mark.parametrize("column", ["er_share", "ind_share", "late_fee"])
def test_a_refund_is_negative(person, employer, column):
    load("openings", [opening_line(person)])
    refund = {"kind": "refund", "er_share": Decimal(0), "ind_share": Decimal(0)}
    row = employer_line(person, employer, **refund) | {column: "1.00"}
    assert one("employer_contributions", row)[1:] == (
        column,
        "1.00",
        "an amount of zero or below: this line is a refund",
    )


def test_a_refund_of_more_than_the_account_holds(person, employer):
    load("employer_contributions", [employer_line(person, employer)])
    row = employer_line(person, employer, slip_no="R1", kind="refund", er_share="-1280.00", ind_share="-640.01")
    assert one("employer_contributions", row) == (2, "ind_share", "640.01", "no more than the account holds: 640.00")


def test_a_refund_is_covered_by_lines_of_its_own_file(person, employer):
    rows = [
        employer_line(person, employer, line=1, kind="refund", er_share="-1280.00", ind_share="-640.00"),
        employer_line(person, employer, line=2),
    ]
    assert load("employer_contributions", rows) == Stored(2, 0)


@pytest.mark.parametrize("base", ["7269.99", "36348.01"])
def test_a_base_outside_the_bounds_in_force(person, employer, base):
    row = employer_line(person, employer, area_code="110000", base=base)
    expected = "a base from 7270.00 to 36348.00, the bounds in force"
    assert one("employer_contributions", row) == (2, "base", base, expected)


@pytest.mark.parametrize("base", ["7270.00", "36348.00"])
def test_a_base_on_the_bounds(person, employer, base):
    row = employer_line(person, employer, area_code="110000", base=base)
    assert load("employer_contributions", [row]) == Stored(1, 0)


def test_bounds_hold_for_normal_months_only(person, employer):
    row = employer_line(person, employer, area_code="110000", base="100.00", kind="supplement")
    assert load("employer_contributions", [row]) == Stored(1, 0)


@pytest.mark.parametrize("share", ["16.00", "25.60", "32.00", "38.40", "48.00"])
def test_work_injury_floats_by_the_factors_of_the_rule(person, employer, share):
    row = employer_line(person, employer, scheme="work_injury", er_share=share, ind_share=0)
    assert load("employer_contributions", [row]) == Stored(1, 0)


def test_work_injury_at_no_factor_of_the_rule(person, employer):
    row = employer_line(person, employer, scheme="work_injury", er_share="32.01", ind_share=0)
    assert one("employer_contributions", row)[1:3] == ("er_share", "32.01")


def test_work_injury_goes_by_the_employers_risk_class(person, places):
    row = employer_line(person, make_employer(risk_class=8), scheme="work_injury", er_share="152.00", ind_share=0)
    assert load("employer_contributions", [row]) == Stored(1, 0)


def test_a_rate_not_published_leaves_the_amount_to_the_collector(person, employer):
    row = employer_line(person, employer, scheme="unemployment", er_share="40.00", ind_share="39.99")
    assert load("employer_contributions", [row]) == Stored(1, 0)


def test_a_ceiling_without_a_rate(person, employer):
    row = employer_line(
        person, employer, scheme="maternity", month=date(2014, 5, 1), er_share="80.01", ind_share=Decimal(0)
    )
    assert one("employer_contributions", row) == (2, "er_share", "80.01", "80.00 at most by the rule in force")
    assert load("employer_contributions", [row | {"er_share": "80.00"}]) == Stored(1, 0)


@pytest.mark.parametrize(
    ("changes", "column"),
    [({"ind_share": "1.00"}, "ind_share"), ({"late_fee": "1.00"}, "late_fee"), ({"source_area": ""}, "source_area")],
)
def test_a_transferred_month_has_a_place_and_no_money(person, changes, column):
    row = personal_line(person, kind="transferred_in", ind_share=Decimal(0), source_area="Elsewhere") | changes
    assert one("personal_contributions", row)[1] == column


def test_a_subsidy_is_above_zero(person):
    assert one("subsidies", subsidy_line(person, "0.00"))[1:] == ("subsidy", "0.00", "an amount above zero")


@pytest.mark.parametrize(("scheme", "agency"), [("pension", "T-MI"), ("pension", "T-TX"), ("medical", "T-SI")])
def test_the_office_keeps_the_records_of_the_insurance(person, employer, scheme, agency):
    row = employer_line(person, employer, scheme=scheme) | {"agency_code": agency}
    assert one("employer_contributions", row)[:3] == (2, "agency_code", agency)


def test_each_wrong_line_is_named(person, employer):
    rows = [
        employer_line(person, employer, line=1) | {"er_share": "1.00"},
        employer_line(person, employer, line=2),
        employer_line(person, employer, line=3) | {"ind_share": "1.00"},
    ]
    assert [(r[0], r[1]) for r in rejects("employer_contributions", *rows)] == [(2, "er_share"), (4, "ind_share")]
    assert not Contribution.objects.filter(person_id=person).exists()


@pytest.mark.parametrize(
    ("changes", "column", "old"),
    [
        ({"er_share": "1280.01", "kind": "supplement"}, "er_share", "1280.00"),
        ({"received_on": date(2026, 10, 21)}, "received_on", "2026-10-20"),
        ({"category": "flexible", "kind": "supplement"}, "category", "employee"),
    ],
)
def test_a_known_line_with_other_content_names_both_values_and_the_place(person, employer, changes, column, old):
    load("employer_contributions", [employer_line(make_person(), employer), employer_line(person, employer, line=2)])
    row = employer_line(person, employer, line=2) | changes
    found = {column: (value, expected) for _row, column, value, expected in rejects("employer_contributions", row)}
    value, expected = found[column]
    assert value == str(changes[column])
    assert old in expected and "test.csv" in expected and "line 3" in expected


def test_the_same_slip_and_line_of_another_person_is_another_line(person, employer):
    load("employer_contributions", [employer_line(person, employer)])
    assert load("employer_contributions", [employer_line(make_person(), employer)]) == Stored(1, 0)


def test_a_transfer_of_the_past_and_a_month_of_now_share_a_file(person):
    rows = [
        personal_line(
            person, kind="transferred_in", ind_share=Decimal(0), source_area="Elsewhere", period=date(2020, 1, 1)
        ),
        personal_line(person, line=2),
    ]
    assert load("personal_contributions", rows) == Stored(2, 0)
    assert {c.booked_month for c in Contribution.objects.filter(person_id=person)} == {OCTOBER}
