"""When one may retire: every vector of domain.md §5.1 to §5.3, and what must hold for all months of birth."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import CannotTell
from accounts.retirement import DivisorPolicy, check_choice, divisor, minimum_months, retirement_dates
from registry.months import add_months, months_between, parse_month

from .law_rows import DIVISORS, MINIMUMS, SCHEDULES, WINDOWS

CATEGORIES = st.sampled_from(["male_60", "female_55", "female_50"])
BIRTHS = st.integers(0, 12 * 90).map(lambda count: add_months(date(1930, 1, 1), count))


def dates(category, born, **changes):
    return retirement_dates(parse_month(born), SCHEDULES[category], WINDOWS, **changes)


@pytest.mark.parametrize(
    ("category", "born", "statutory", "delay"),
    [
        ("male_60", "1964-12", "2024-12", 0),
        ("male_60", "1965-01", "2025-02", 1),
        ("male_60", "1965-05", "2025-07", 2),
        ("male_60", "1970-05", "2031-10", 17),
        ("male_60", "1976-09", "2039-09", 36),
        ("male_60", "1990-06", "2053-06", 36),
        ("female_55", "1970-01", "2025-02", 1),
        ("female_55", "1974-08", "2030-10", 14),
        ("female_55", "1981-09", "2039-09", 36),
        ("female_50", "1975-02", "2025-03", 1),
        ("female_50", "1975-03", "2025-05", 2),
        ("female_50", "1979-04", "2031-06", 26),
        ("female_50", "1984-11", "2039-11", 60),
        # P1 and P2 of §5.4, and the office's example of §5.2.
        ("male_60", "1966-03", "2026-07", 4),
        ("female_50", "1980-11", "2033-11", 36),
    ],
)
def test_5_1_statutory_month(category, born, statutory, delay):
    found = dates(category, born)
    assert (found.statutory, found.delay) == (parse_month(statutory), delay)


def test_5_1_the_age_of_the_man_of_1970():
    found = dates("male_60", "1970-05")
    assert divmod(found.age_in(found.statutory), 12) == (61, 5)


def test_any_day_of_a_month_counts_as_the_month():
    assert retirement_dates(date(1965, 1, 31), SCHEDULES["male_60"]).statutory == date(2025, 2, 1)


@pytest.mark.parametrize(
    ("category", "born", "earliest", "latest"),
    [
        # §5.2: the woman of 1980-11; at first the old age bounds the window; nothing before 2025.
        ("female_50", "1980-11", "2030-11", "2036-11"),
        ("male_60", "1965-01", "2025-01", "2028-02"),
        ("male_60", "1976-09", "2036-09", "2042-09"),
        ("male_60", "1964-12", None, None),
        ("female_50", "1974-12", None, None),
    ],
)
def test_5_2_flexible_window(category, born, earliest, latest):
    found = dates(category, born)
    assert (found.earliest, found.latest) == (earliest and parse_month(earliest), latest and parse_month(latest))


def test_5_2_civil_servants_may_not_go_later():
    found = dates("male_60", "1976-09", is_civil_servant=True)
    assert (found.earliest, found.latest) == (date(2036, 9, 1), found.statutory)


@pytest.mark.parametrize(
    ("category", "born", "month", "minimum"),
    [
        ("male_60", "1964-12", "2024-12", 180),
        ("male_60", "1966-03", "2026-07", 180),
        ("female_50", "1984-11", "2039-11", 240),
        # The woman of 1980-11: 17 years in 2033, 15.5 if she leaves in 2030; later counts as 2033.
        ("female_50", "1980-11", "2033-11", 204),
        ("female_50", "1980-11", "2030-11", 186),
        ("female_50", "1980-11", "2036-11", 204),
        # The office's man whose statutory year is 2031: 15 years early in 2029, 16 then and late in 2034.
        ("male_60", "1969-10", "2029-12", 180),
        ("male_60", "1969-10", "2031-01", 192),
        ("male_60", "1969-10", "2034-01", 192),
    ],
)
def test_5_2_minimum_months(category, born, month, minimum):
    assert minimum_months(dates(category, born), parse_month(month), MINIMUMS) == minimum


@pytest.mark.parametrize("year", range(2025, 2060))
def test_5_2_the_rows_of_the_minimum_are_the_formula(year):
    found = dates("male_60", "1990-06")
    expected = 180 if year < 2030 else min(240, 180 + (year - 2029) * 6)
    for month in (1, 12):
        counted = min(date(year, month, 1), found.statutory)
        assert minimum_months(found, date(year, month, 1), MINIMUMS) == (expected if counted.year == year else 240)


TABLE = "233 230 226 223 220 216 212 208 204 199 195 190 185 180 175 170 164 158 152 145 139 132 125 117 109 101 93 84"
NOW = date(2026, 7, 1)


@pytest.mark.parametrize(("age", "months"), [*enumerate(map(int, (TABLE + " 75 65 56").split()), 40)])
def test_5_3_divisors_of_whole_ages(age, months):
    for policy in DivisorPolicy:
        assert divisor(age * 12, NOW, DIVISORS, policy) == months


@pytest.mark.parametrize(
    ("years", "months", "expected"),
    [(60, 1, "138.4"), (50, 1, "194.6"), (58, 1, "151.4"), (62, 10, "118.3"), (60, 4, "136.7"), (63, 0, "117.0")],
)
def test_5_3_divisors_between_birthdays(years, months, expected):
    assert divisor(years * 12 + months, NOW, DIVISORS) == Decimal(expected)


def test_5_3_before_2006_it_was_120_for_everybody():
    assert divisor(47 * 12 + 5, date(2005, 12, 1), DIVISORS, DivisorPolicy.REQUIRE_MANUAL) == 120
    assert divisor(60 * 12, date(2006, 1, 1), DIVISORS) == 139


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: divisor(725, NOW, DIVISORS, DivisorPolicy.REQUIRE_MANUAL), "divisor_by_hand"),
        (lambda: divisor(39 * 12, NOW, DIVISORS), "divisor"),
        (lambda: divisor(70 * 12 + 1, NOW, DIVISORS), "divisor"),
        (lambda: divisor(71 * 12, NOW, DIVISORS), "divisor"),
        (lambda: divisor(720, date(1997, 12, 1), DIVISORS), "divisor"),
        (lambda: minimum_months(dates("male_60", "1966-03"), NOW, ()), "minimum_months"),
        (lambda: check_choice(dates("male_60", "1964-12"), date(2025, 1, 1)), "no_window"),
        (lambda: check_choice(dates("female_50", "1980-11"), date(2030, 10, 1)), "outside_window"),
        (lambda: check_choice(dates("female_50", "1980-11"), date(2036, 12, 1)), "outside_window"),
    ],
)
def test_what_no_rule_says_is_refused_with_a_reason(call, code):
    with pytest.raises(CannotTell) as caught:
        call()
    assert caught.value.reason.code == code
    assert "%(" not in str(caught.value)


@given(CATEGORIES, BIRTHS)
def test_a_month_younger_never_retires_earlier(category, born):
    schedule = SCHEDULES[category]
    one, other = (retirement_dates(month, schedule, WINDOWS) for month in (born, add_months(born, 1)))
    assert one.statutory < other.statutory
    assert 0 <= other.delay - one.delay <= 1


@given(CATEGORIES, BIRTHS, st.booleans())
def test_the_months_stand_in_order(category, born, is_civil_servant):
    schedule = SCHEDULES[category]
    found = retirement_dates(born, schedule, WINDOWS, is_civil_servant=is_civil_servant)
    assert found.original <= found.statutory <= add_months(found.original, schedule.longest_delay)
    if found.statutory < date(2025, 1, 1):
        assert found.earliest is found.latest is None
    else:
        assert found.original <= found.earliest <= found.statutory <= found.latest
        assert months_between(found.earliest, found.statutory) <= 36
        assert months_between(found.statutory, found.latest) == (0 if is_civil_servant else 36)


@given(CATEGORIES, BIRTHS, st.integers(-36, 36))
def test_going_earlier_never_needs_more_months_and_going_later_no_others(category, born, shift):
    found = retirement_dates(born, SCHEDULES[category], WINDOWS)
    month = add_months(found.statutory, shift)
    if month >= date(1998, 1, 1) and found.statutory >= date(1998, 1, 1):
        own, chosen = (minimum_months(found, each, MINIMUMS) for each in (found.statutory, month))
        assert chosen <= own if shift < 0 else chosen == own
        assert 180 <= chosen <= 240


@given(st.integers(40 * 12, 70 * 12 - 1))
def test_a_month_older_never_has_a_larger_divisor(age):
    assert divisor(age, NOW, DIVISORS) >= divisor(age + 1, NOW, DIVISORS)
