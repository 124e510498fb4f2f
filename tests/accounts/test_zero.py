"""Each cause of a missing balance is told from the facts alone."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from accounts.zero import Facts, cause_of, telling_transfer
from registry.insurance import Insurance

TODAY = date(2026, 11, 20)


def source(month=date(2026, 10, 1), refused_at=None):
    return SimpleNamespace(complete_to=month, refused_at=refused_at)


def account(balance="0.00", status="open", scheme="pension", area_code="110000"):
    return SimpleNamespace(balance=Decimal(balance), status=status, scheme=scheme, area_code=area_code)


def enrolment(status="active", category="employee", scheme="pension", area_id="110000"):
    return SimpleNamespace(status=status, category=category, scheme=scheme, area_id=area_id)


def transfer(direction, state):
    return SimpleNamespace(direction=direction, state=state)


def cause(insurance=Insurance.PENSION, **facts):
    return cause_of(Facts(insurance, **facts), TODAY)


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        ("", {"accounts": (account("5.00"),), "enrolments": (enrolment(),)}),
        ("Z1", {"insurance": Insurance.UNEMPLOYMENT, "enrolments": (enrolment(scheme="unemployment"),)}),
        ("Z2", {"insurance": Insurance.MEDICAL, "enrolments": (enrolment(category="flexible_pool_only"),)}),
        ("Z3", {"source": source()}),
        ("Z4", {"enrolments": (enrolment(),), "source": source()}),
        ("Z5", {"enrolments": (enrolment(),), "source": source(), "has_arrears": True}),
        ("Z6", {"accounts": (account(),), "transfers": (transfer("out", "money_sent"),)}),
        ("Z7", {"accounts": (account(),), "enrolments": (enrolment(),)}),
        ("Z8", {"accounts": (account(status="closed"),), "enrolments": (enrolment("terminated"),)}),
        ("Z9", {"enrolments": (enrolment(),), "source": source(date(2026, 7, 1))}),
        ("Z10", {"accounts": (account("5.00"),), "bank_side": True, "seen_at_bank": True}),
        ("Z11", {"accounts": (account("5.00"),), "enrolments": (enrolment("suspended"),)}),
    ],
)
def test_one_cause_each(expected, facts):
    assert cause(**facts) == expected


@pytest.mark.parametrize(
    ("expected", "steps"),
    [
        ("Z6", [("in", "applied")]),
        ("Z6", [("in", "money_sent")]),
        ("Z6", [("out", "merged")]),
        ("Z4", [("in", "merged")]),
        ("Z4", [("out", "rejected")]),
    ],
)
def test_a_transfer_under_way_explains_that_nothing_is_here(expected, steps):
    facts = {"enrolments": (enrolment(),), "source": source()}
    assert cause(transfers=tuple(transfer(*step) for step in steps), **facts) == expected


def test_what_took_the_money_away_is_told_before_what_is_under_way():
    steps = (transfer("in", "applied"), transfer("out", "money_sent"))
    assert telling_transfer(steps).direction == "out"
    assert cause(transfers=steps) == "Z6"


def test_a_closed_account_to_which_interest_came_later_is_closed_all_the_same():
    assert cause(accounts=(account("0.35", "closed"),), enrolments=(enrolment("terminated"),)) == "Z8"


def test_a_sealed_account_is_blocked_whatever_the_register_says():
    assert cause(accounts=(account("5.00", "sealed"),), enrolments=(enrolment(),)) == "Z11"


@pytest.mark.parametrize(
    "facts",
    [
        {"enrolments": (enrolment("retired"),)},
        {"enrolments": (enrolment("suspended"), enrolment("active"))},
        {"enrolments": (enrolment("suspended", area_id="310000"),)},
        {"enrolments": ()},
    ],
)
def test_who_is_paid_or_pays_is_not_blocked(facts):
    assert cause(accounts=(account("5.00"),), **facts) == ""


def test_one_account_of_two_that_goes_on_is_no_blocked_balance():
    accounts = (account("5.00"), account("7.00", area_code="310000"))
    enrolments = (enrolment("suspended"), enrolment(area_id="310000"))
    assert cause(accounts=accounts, enrolments=enrolments) == ""


def test_one_open_empty_account_beside_a_closed_one_is_used_up():
    assert cause(accounts=(account(status="closed"), account(area_code="310000"))) == "Z7"


def test_a_zero_seen_at_the_bank_without_a_bank_side_is_explained_by_the_account():
    assert cause(accounts=(account(),), seen_at_bank=True) == "Z7"


def test_a_refused_file_says_nothing():
    assert cause(source=source(refused_at=TODAY)) == "Z9"
