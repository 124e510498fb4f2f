"""What moves with a person: the example of domain.md §8.6 and its three periods."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import CannotTell
from accounts.transfer_amounts import AccountMoney, WageMonths, transfer_amounts
from registry.months import add_months

from .law_rows import TRANSFERS

D = Decimal


def month(year, number=1):
    return date(year, number, 1)


def test_8_6_example_of_the_pooled_part():
    wages = [WageMonths(month(2024), 12, D("6000")), WageMonths(month(2025), 7, D("6500"))]
    assert transfer_amounts([], wages, TRANSFERS).pooled == D("14100.00")


def test_8_6_the_three_periods_of_the_account():
    money = [
        AccountMoney(month(1997, 12), D("100.00")),
        AccountMoney(month(1997, 12), D("300.00"), is_own=False),
        AccountMoney(month(1998), D("500.00")),
        AccountMoney(month(2005, 12), D("160.00")),
        AccountMoney(month(2005, 12), D("60.00"), is_own=False),
        AccountMoney(month(2006), D("640.00")),
    ]
    wages = [WageMonths(month(1997, 12), 1, D("500")), WageMonths(month(1998), 1, D("500"))]
    found = transfer_amounts(money, wages, TRANSFERS)
    assert list(found.account.values()) == [D("100.00"), D("720.00"), D("640.00")]
    assert [row.since for row in found.account] == [month(1978), month(1998), month(2006)]
    assert (found.pooled, found.total) == (D("60.00"), D("1520.00"))


def test_nothing_on_record_moves_nothing():
    found = transfer_amounts([], [], TRANSFERS)
    assert (found.account, found.total) == ({}, D("0.00"))


@pytest.mark.parametrize("rows", [(), TRANSFERS[1:2]])
def test_a_month_without_a_rule_is_refused(rows):
    with pytest.raises(CannotTell, match="moves along of 2026-01"):
        transfer_amounts([], [WageMonths(month(2026), 1, D("6000"))], rows)
    with pytest.raises(CannotTell):
        transfer_amounts([AccountMoney(month(2026), D("1.00"))], [], rows)


@given(st.lists(st.tuples(st.integers(0, 300), st.decimals(D(0), D(50000), places=2)), max_size=40))
def test_months_one_by_one_and_in_a_sum_send_the_same(parts):
    wages = [WageMonths(add_months(month(1998), count), 1, wage) for count, wage in parts]
    pooled = transfer_amounts([], wages, TRANSFERS).pooled
    assert abs(pooled - sum(wage for _, wage in parts) * D("0.12")) <= D("0.005")
