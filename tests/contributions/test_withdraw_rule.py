"""Withdrawing: a draft by one person, a rule in force by two."""

from datetime import date
from decimal import Decimal

import pytest

from contributions.models import LateFeeRate
from tests.cast import BEIJING

from .rule_pages import decide, deeds, draft, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(operators):
    propose(operators[0])
    return draft()


@pytest.fixture
def in_force(operators, proposed):
    decide(operators[1], "approve_rule", proposed)
    return proposed


def rate_now():
    return LateFeeRate.objects.reaching(BEIJING, date(2026, 11, 1)).first().daily_rate


def test_a_draft_is_taken_back_by_who_proposed_it(operators, proposed):
    assert decide(operators[0], "withdraw_rule", proposed).status_code == 302
    assert (draft().state, draft().approved_by) == ("withdrawn", None)
    assert [deed for deed, _ in deeds(proposed)] == ["proposed", "withdrawn"]
    assert decide(operators[1], "approve_rule", proposed).status_code == 409
    assert decide(operators[0], "withdraw_rule", proposed).status_code == 409


def test_a_rule_in_force_is_withdrawn_by_two_people(operators, in_force):
    assert decide(operators[0], "withdraw_rule", in_force).status_code == 409
    assert decide(operators[0], "ask_rule_withdrawal", in_force).status_code == 302
    assert (draft().state, rate_now()) == ("in_force", Decimal("0.0001"))
    assert decide(operators[0], "withdraw_rule", in_force).status_code == 409
    assert decide(operators[1], "withdraw_rule", in_force).status_code == 302
    assert (draft().state, rate_now()) == ("withdrawn", Decimal("0.0005"))
    assert deeds(in_force) == [
        ("proposed", "operator T1001"),
        ("approved", "operator T1002"),
        ("asked", "operator T1001"),
        ("withdrawn", "operator T1002"),
    ]


def test_the_withdrawal_is_asked_for_once_and_of_a_rule_in_force(operators, proposed):
    assert decide(operators[0], "ask_rule_withdrawal", proposed).status_code == 409
    decide(operators[1], "approve_rule", proposed)
    assert decide(operators[0], "ask_rule_withdrawal", proposed).status_code == 302
    assert decide(operators[1], "ask_rule_withdrawal", proposed).status_code == 409


def test_who_asked_waits_and_the_other_has_the_button(operators, in_force):
    decide(operators[0], "ask_rule_withdrawal", in_force)
    button = 'action="/local-rules/withdraw/"'
    pages = [client.get("/local-rules/", {"table": "late_fee_rate"}).text for client in operators]
    assert [button in page for page in pages] == [False, True]


def test_the_months_are_free_again_for_the_next_version(operators, in_force):
    decide(operators[0], "ask_rule_withdrawal", in_force)
    decide(operators[1], "withdraw_rule", in_force)
    propose(operators[1], daily_rate="0.0002")
    assert decide(operators[0], "approve_rule", draft()).status_code == 302
    assert (draft().version, rate_now()) == (2, Decimal("0.0002"))
