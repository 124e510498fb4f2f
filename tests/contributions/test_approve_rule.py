"""Approving a draft: another operator, once, and only what the tables accept."""

from datetime import date
from decimal import Decimal

import pytest

from contributions.models import LateFeeRate
from tests import visitors
from tests.cast import BEIJING

from .rule_pages import decide, deeds, draft, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(operators):
    propose(operators[0])
    return draft()


def test_another_operator_brings_it_into_force(operators, proposed, two_operators):
    assert decide(operators[1], "approve_rule", proposed).status_code == 302
    rule = draft()
    assert (rule.state, rule.approved_by) == ("in_force", two_operators[1])
    assert deeds(rule) == [("proposed", "operator T1001"), ("approved", "operator T1002")]
    assert LateFeeRate.objects.reaching(BEIJING, date(2026, 11, 1)).first().daily_rate == Decimal("0.0001")
    assert LateFeeRate.objects.reaching(BEIJING, date(2027, 1, 1)).first().daily_rate == Decimal("0.0005")


def test_the_proposer_does_not_approve(operators, proposed):
    page = operators[0].get("/local-rules/", {"table": "late_fee_rate"})
    assert 'action="/local-rules/approve/"' not in page.text
    answer = decide(operators[0], "approve_rule", proposed)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert (draft().state, len(deeds(proposed))) == ("draft", 1)


def test_the_second_operator_sees_the_figures_beside_the_button(operators, proposed):
    page = operators[1].get("/local-rules/", {"table": "late_fee_rate"})
    assert 'action="/local-rules/approve/"' in page.text
    assert "0.01 %" in visitors.words(page)


def test_it_is_approved_once(operators, proposed):
    decide(operators[1], "approve_rule", proposed)
    assert decide(operators[1], "approve_rule", proposed).status_code == 409
    assert len(deeds(proposed)) == 2


def test_a_rule_that_meets_another_in_force_stays_a_draft(operators, proposed):
    decide(operators[1], "approve_rule", proposed)
    propose(operators[0], since="2026-12")
    answer = decide(operators[1], "approve_rule", draft())
    assert answer.status_code == 409
    assert answer.context["refusals"]
    assert draft().state == "draft"


@pytest.mark.parametrize("table", ["dental", "", "base_bound"])
def test_what_is_not_there_is_not_found(operators, proposed, table):
    assert decide(operators[1], "approve_rule", proposed, table).status_code == 404


@pytest.mark.parametrize("number", ["", "-1", "x", "9" * 30, "0"])
def test_a_number_that_is_none_is_not_found(operators, number):
    data = {"table": "late_fee_rate", "rule": number}
    assert operators[1].post("/local-rules/approve/", data).status_code == 404


def test_a_rule_of_the_release_is_nobodys_to_decide(operators):
    national = LateFeeRate.objects.filter(origin="national").first()
    for deed in ("approve_rule", "ask_rule_withdrawal", "withdraw_rule"):
        assert decide(operators[1], deed, national).status_code == 404
