"""Benefits counted in months: domain.md §7 (unemployment, work injury) and §5.5 (survivors)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.benefit_months import injury_amounts, survivor_months, unemployment_months
from accounts.refusals import CannotTell

from .law_rows import INJURIES, SURVIVORS, UNEMPLOYMENT

NOW = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("paid", "unused", "months"),
    [
        (0, 0, 0),
        (11, 0, 0),
        (11, 5, 5),
        (12, 0, 12),
        (59, 0, 12),
        (60, 0, 18),
        (119, 0, 18),
        (120, 0, 24),
        (400, 0, 24),
        (12, 5, 17),
        (60, 6, 24),
        (60, 7, 24),
        (120, 24, 24),
    ],
)
def test_7_months_of_unemployment_benefit(paid, unused, months):
    assert unemployment_months(paid, NOW, UNEMPLOYMENT, unused) == months


@given(st.integers(0, 600), st.integers(0, 24))
def test_7_more_months_paid_never_bring_less_and_never_more_than_two_years(paid, unused):
    here = unemployment_months(paid, NOW, UNEMPLOYMENT, unused)
    assert unused <= here <= 24
    assert here <= unemployment_months(paid + 1, NOW, UNEMPLOYMENT, unused)


@pytest.mark.parametrize(
    ("grade", "once", "monthly"),
    [
        (1, "135000.00", "4500.00"),
        (2, "125000.00", "4250.00"),
        (3, "115000.00", "4000.00"),
        (4, "105000.00", "3750.00"),
        (5, "90000.00", None),
        (6, "80000.00", None),
        (7, "65000.00", None),
        (8, "55000.00", None),
        (9, "45000.00", None),
        (10, "35000.00", None),
    ],
)
def test_7_grants_for_a_work_injury_on_5000_yuan(grade, once, monthly):
    found = injury_amounts(grade, Decimal("5000.00"), NOW, INJURIES)
    assert found == (Decimal(once), monthly and Decimal(monthly))


@pytest.mark.parametrize(
    ("paid", "months"),
    [(0, 3), (59, 3), (60, 6), (119, 6), (120, 9), (180, 9), (191, 9), (192, 10), (359, 23), (360, 24), (480, 24)],
)
def test_5_5_months_of_the_survivors_grant(paid, months):
    assert survivor_months(paid, NOW, SURVIVORS) == months


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: unemployment_months(60, date(1998, 12, 1), UNEMPLOYMENT), "unemployment_months"),
        (lambda: injury_amounts(11, Decimal(1), NOW, INJURIES), "grade"),
        (lambda: injury_amounts(1, Decimal(1), date(2010, 12, 1), INJURIES), "grade"),
        (lambda: survivor_months(60, date(2021, 8, 1), SURVIVORS), "survivor_grant"),
    ],
)
def test_what_no_rule_says_is_refused(call, code):
    with pytest.raises(CannotTell) as caught:
        call()
    assert caught.value.reason.code == code
