"""Proposing a local rule: a draft that applies to nothing, or the reasons in words."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from contributions.local_rule_forms import form_for
from contributions.models import LateFeeRate
from contributions.rules import TABLES
from tests.cast import BEIJING

from .rule_pages import deeds, draft, propose

pytestmark = pytest.mark.django_db

# What the tables ask for beside area, period and source.
SAYS = {
    "contribution_rule": {
        "scheme": "unemployment",
        "category": "employee",
        "er_rate": "0.008",
        "ind_rate": "0.002",
        "er_to_account": "0",
        "ind_to_account": "0",
        "subsidy_to_account": "0",
        "rounding_mode": "HALF_UP_FEN",
    },
    "base_bound": {"scheme": "pension", "lower": "7300", "upper": "36500.50"},
    "calculation_base": {"amount": "12345"},
    "crediting_rate": {"scheme": "pension", "bucket": "whole", "rate": "0.015", "credits_per_year": "1"},
    "late_fee_rate": {"daily_rate": "0.0001"},
    "account_quota": {
        "scheme": "medical",
        "category": "retiree",
        "from_age": "60",
        "until_age": "75",
        "amount": "1800",
    },
    "resident_tier": {"scheme": "pension_resident", "amount": "300", "minimum_subsidy": "30"},
    "retirement_schedule": {
        "category": "male_60",
        "anchor_month": "1965-01",
        "original_months": "720",
        "step": "4",
        "longest_delay": "36",
    },
    "flexible_retirement": {
        "earlier_months": "36",
        "later_months": "36",
        "earlier_notice_months": "3",
        "later_notice_months": "1",
    },
    "minimum_months": {"months": "180"},
    "payout_divisor": {"age": "60", "months": "139"},
    "accrual_rate": {"rate": "0.01"},
    "average_wage": {"amount": "12116"},
    "transfer_rule": {"rate": "0.12"},
    "unemployment_months": {"paid_months": "12", "months": "12", "combined_months": "24"},
    "injury_grant": {"grade": "1", "months": "27", "monthly_rate": "0.9"},
    "survivor_grant": {"paid_months": "0", "months": "3", "months_per_year": "0", "most_months": "24"},
    "funeral_grant": {"months": "2"},
}


@pytest.fixture
def operator(operators):
    return operators[0]


def words_of(answer):
    return [error for errors in answer.context["form"].errors.values() for error in errors]


@pytest.mark.parametrize("table", SAYS)
def test_a_rule_of_each_table_may_be_proposed(operator, table):
    page = operator.get(reverse("propose_rule", args=[table]))
    assert {name for name in SAYS[table] if f'name="{name}"' not in page.text} == set()
    answer = propose(operator, table, since="2027-01", until="2028-01", **SAYS[table])
    assert answer.status_code == 302, words_of(answer)
    rule = draft(table)
    assert (rule.state, rule.origin, rule.area_code, rule.version) == ("draft", "local", BEIJING, 1)
    assert (rule.period.lower, rule.period.upper) == (date(2027, 1, 1), date(2028, 1, 1))
    assert rule.key.startswith(f"local.{BEIJING}.{table}.")


@pytest.mark.parametrize("table", TABLES)
def test_the_form_asks_for_every_column_of_its_table(table):
    asked = set(form_for(TABLES[table])().fields)
    assert {"area_code", "since", "until", "source", "note"} < asked
    assert not {"state", "origin", "approved_by", "proposed_by", "withdrawn_at", "key", "version", "ages"} & asked


def test_a_draft_names_who_proposed_it_and_applies_to_nothing(operator, two_operators):
    answer = propose(operator)
    assert answer.headers["Location"] == "/local-rules/?table=late_fee_rate"
    rule = draft()
    assert (rule.proposed_by, rule.approved_by) == (two_operators[0], None)
    assert rule.key == "local.110000.late_fee_rate.2026-10-16"
    assert deeds(rule) == [("proposed", "operator T1001")]
    found = LateFeeRate.objects.reaching(BEIJING, date(2026, 11, 1)).first()
    assert found.daily_rate == Decimal("0.0005")


def test_the_same_rule_proposed_again_is_the_next_version(operator):
    propose(operator)
    propose(operator, daily_rate="0.0002")
    assert (draft().version, draft().daily_rate) == (2, Decimal("0.0002"))


@pytest.mark.parametrize(
    ("table", "changes", "field"),
    [
        ("late_fee_rate", {"area_code": ""}, "area_code"),
        ("late_fee_rate", {"area_code": "990000"}, "area_code"),
        ("late_fee_rate", {"since": "soon"}, "since"),
        ("late_fee_rate", {"since": ""}, "since"),
        ("late_fee_rate", {"until": "2026-10-16"}, "until"),
        ("late_fee_rate", {"source": " "}, "source"),
        ("late_fee_rate", {"daily_rate": "1.5"}, "daily_rate"),
        ("late_fee_rate", {"daily_rate": "a little"}, "daily_rate"),
        ("minimum_months", {"since": "2027-01-02", "until": "", "months": "180"}, "since"),
        ("minimum_months", {"since": "2027-01", "until": "", "months": "0"}, "__all__"),
        ("base_bound", {"since": "2027-01", "until": "", "lower": "9", "upper": "8", "scheme": "pension"}, "__all__"),
        ("account_quota", SAYS["account_quota"] | {"since": "2027-01", "until": "", "until_age": "50"}, "until_age"),
        (
            "contribution_rule",
            SAYS["contribution_rule"] | {"since": "2027-01", "until": "", "ind_to_account": "0.5"},
            "__all__",
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_entered(operator, table, changes, field):
    answer = propose(operator, table, **changes)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not TABLES[table].objects.filter(origin="local").exists()


def test_a_table_that_is_not_there_is_no_page(operator):
    assert operator.get("/local-rules/dental/propose/").status_code == 404
