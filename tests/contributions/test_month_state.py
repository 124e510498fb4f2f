from datetime import date

import pytest

from contributions.month_state import MonthState, month_state

DUE = date(2026, 10, 15)
ON_THE_DAY, THE_DAY_AFTER = DUE, date(2026, 10, 16)


@pytest.mark.parametrize(
    ("due_on", "kinds", "today", "state"),
    [
        (None, [], THE_DAY_AFTER, "not_insured"),
        (DUE, [], ON_THE_DAY, "processing"),
        (DUE, [], THE_DAY_AFTER, "arrears"),
        (DUE, ["normal"], THE_DAY_AFTER, "received"),
        (None, ["normal"], THE_DAY_AFTER, "received"),
        (DUE, ["normal", "supplement"], THE_DAY_AFTER, "received"),
        (None, ["subsidy"], THE_DAY_AFTER, "received"),
        (DUE, ["backpay"], THE_DAY_AFTER, "backpaid"),
        (DUE, ["normal", "backpay"], THE_DAY_AFTER, "backpaid"),
        (DUE, ["refund"], THE_DAY_AFTER, "refunded"),
        (DUE, ["normal", "refund"], THE_DAY_AFTER, "received"),
        (None, ["transferred_in"], THE_DAY_AFTER, "transferred_in"),
        (DUE, ["transferred_in", "normal"], THE_DAY_AFTER, "received"),
    ],
)
def test_state_follows_from_due_date_and_what_was_received(due_on, kinds, today, state):
    assert month_state(due_on, kinds, today) == state


def test_month_whose_money_went_back_is_refunded():
    assert month_state(DUE, ["normal", "refund"], THE_DAY_AFTER, is_returned=True) is MonthState.REFUNDED


def test_returned_says_nothing_without_a_refund():
    """A month of zero shares (a holiday of contributions) is received all the same."""
    assert month_state(DUE, ["normal"], THE_DAY_AFTER, is_returned=True) is MonthState.RECEIVED


@pytest.mark.parametrize("kinds", [[], ["normal"], ["refund"]])
def test_flag_wins_over_every_figure(kinds):
    assert month_state(DUE, kinds, THE_DAY_AFTER, is_flagged=True) is MonthState.UNDER_VERIFICATION


def test_each_state_has_a_symbol_and_a_word_of_its_own():
    states = list(MonthState)
    assert len({s.symbol for s in states}) == len({s.word for s in states}) == len(states) == 8
