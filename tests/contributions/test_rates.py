"""The pure arithmetic: the worked examples of the domain reference, and what must hold for every amount."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.late_fees import nearest_by_day
from contributions.rates import (
    LateFeeRateMissingError,
    LateFeeSegment,
    RateNotPublishedError,
    RoundingMode,
    account_share,
    assessed_undeclared,
    clamp_base,
    contribution_base,
    late_fee,
    late_fee_terms,
    round_money,
    route,
    split,
)

D = Decimal
MODES = st.sampled_from([mode.value for mode in RoundingMode])
MONEY = st.decimals(D("-9999999999.99"), D("9999999999.99"), places=2)
BASES = st.decimals(D(0), D("999999.99"), places=2)
RATES = st.decimals(D(0), D(1), places=6)


def rule(er="0", ind="0", er_to="0", ind_to="0", mode="HALF_UP_FEN"):
    """A rule by its four rates; None leaves a rate unpublished."""
    return SimpleNamespace(
        er_rate=None if er is None else D(er),
        ind_rate=None if ind is None else D(ind),
        er_to_account=D(er_to),
        ind_to_account=D(ind_to),
        rounding_mode=mode,
    )


@st.composite
def rules(draw):
    """Any rule the table accepts: rates up to 1, no more to the account than is paid."""
    er, ind = draw(st.none() | RATES), draw(st.none() | RATES)
    er_to = draw(st.sampled_from([D(0), D(1) if er is None else er]) | RATES)
    ind_to = draw(st.sampled_from([D(0), D(1) if ind is None else ind]) | RATES)
    return SimpleNamespace(
        er_rate=er,
        ind_rate=ind,
        er_to_account=min(er_to, D(1) if er is None else er),
        ind_to_account=min(ind_to, D(1) if ind is None else ind),
        rounding_mode=draw(MODES),
    )


ROW_4 = rule("0.20", "0.08", "0.03", "0.08")
ROW_6 = rule("0.16", "0.08", "0", "0.08")
ROW_9 = rule("0", "0.20", "0", "0.08")
ROW_10 = rule(None, None, "1", "1")
ROW_11 = rule("0.06", "0.02", "0.018", "0.02")
ROW_12 = rule("0.06", "0.02", "0", "0.02")
ROW_20 = rule("0.005", "0.005")


@pytest.mark.parametrize(
    ("base", "row", "shares"),
    [
        pytest.param("8000.00", ROW_6, ("1280.00", "640.00", "640.00", "1280.00"), id="§2.4 (a) pension 2026-10"),
        pytest.param("2000.00", ROW_4, ("400.00", "160.00", "220.00", "340.00"), id="§2.4 (b) pension 2005-12"),
        pytest.param("6000.00", ROW_11, ("360.00", "120.00", "228.00", "252.00"), id="§2.4 (c) medical before reform"),
        pytest.param("6000.00", ROW_12, ("360.00", "120.00", "120.00", "360.00"), id="§2.4 (c) medical after reform"),
        pytest.param("8000.00", ROW_9, ("0.00", "1600.00", "640.00", "960.00"), id="§2.2 row 9 flexible: 12 % to pool"),
        pytest.param("7270.00", ROW_20, ("36.35", "36.35", "0.00", "72.70"), id="§2.2 row 20 unemployment: pooled"),
        pytest.param(
            "3333.33", ROW_4, ("666.67", "266.67", "366.67", "566.67"), id="§3.3 rounded apart, pool is the rest"
        ),
    ],
)
def test_worked_examples_of_routing(base, row, shares):
    assert split(D(base), row) == tuple(map(D, shares))


@pytest.mark.parametrize(
    ("declared", "base"),
    [
        pytest.param("5000.00", "7270", id="§3 below the floor"),
        pytest.param("7269.60", "7270", id="§3 the published floor, not 60 % of 12,116"),
        pytest.param("12116.00", "12116.00", id="§3 inside"),
        pytest.param("36348.00", "36348.00", id="§3 the ceiling itself"),
        pytest.param("80000.00", "36348", id="§3 above the ceiling"),
    ],
)
def test_the_base_is_clamped_to_the_published_bounds_of_beijing(declared, base):
    assert clamp_base(D(declared), D(7270), D(36348)) == D(base)


def test_a_missing_bound_does_not_bind():
    assert clamp_base(D("1.00"), None, D(36348)) == D("1.00")
    assert clamp_base(D("99999.00"), D(7270), None) == D("99999.00")


@pytest.mark.parametrize(
    ("amount", "mode", "rounded"),
    [
        ("0.005", "HALF_UP_FEN", "0.01"),
        ("-0.005", "HALF_UP_FEN", "-0.01"),
        ("2.675", "HALF_UP_FEN", "2.68"),
        ("2.6749", "HALF_UP_FEN", "2.67"),
        ("12.34", "CEIL_JIAO", "12.40"),
        ("12.30", "CEIL_JIAO", "12.30"),
        ("12.3004", "CEIL_JIAO", "12.30"),
        ("12.305", "CEIL_JIAO", "12.40"),
        ("-12.31", "CEIL_JIAO", "-12.40"),
        ("2.675", "YUAN_BASE_FLOOR", "2.68"),
    ],
)
def test_rounding(amount, mode, rounded):
    result = round_money(D(amount), mode)
    assert result == D(rounded)
    assert result.as_tuple().exponent == -2


def test_nothing_is_never_minus_nothing():
    assert str(round_money(D("-0.001"))) == "0.00"
    assert str(route(D(0), D("0.00"), D("-640.00"), ROW_9).to_account) == "0.00"


def test_a_base_in_whole_yuan_drops_jiao_and_fen():
    assert contribution_base(D("1234.99"), "YUAN_BASE_FLOOR") == D(1234)
    assert split(D("1234.99"), rule("0.16", "0.08", "0", "0.08", "YUAN_BASE_FLOOR")) == (
        D("197.44"),
        D("98.72"),
        D("98.72"),
        D("197.44"),
    )


@pytest.mark.parametrize(
    ("base", "er", "ind", "row", "to_account"),
    [
        pytest.param("200.00", "0.00", "200.00", ROW_10, "200.00", id="resident: the whole amount"),
        pytest.param(
            "8000.00", "1280.00", "640.01", ROW_6, "640.01", id="no fen of the person's own falls to the pool"
        ),
        pytest.param("8000.00", "0.00", "-640.00", ROW_6, "-640.00", id="refund"),
        pytest.param("8000.00", "0.00", "-1600.00", ROW_9, "-640.00", id="refund of a flexible worker"),
        pytest.param("-8000.00", "0.00", "-1600.00", ROW_9, "-640.00", id="refund told with a negative base"),
        pytest.param("2000.00", "20.00", "160.00", ROW_4, "180.00", id="never more than was paid"),
        pytest.param("6000.00", "300.00", "120.00", rule(None, "0.02", "0", "0.02"), "120.00", id="local rate, pooled"),
    ],
)
def test_amounts_that_came_from_the_collector_are_routed(base, er, ind, row, to_account):
    shares = route(D(base), D(er), D(ind), row)
    assert shares.to_account == D(to_account)
    assert shares.pooled == D(er) + D(ind) - D(to_account)


def test_a_rule_without_a_rate_computes_no_amount():
    with pytest.raises(RateNotPublishedError):
        split(D("8000.00"), rule(None, "0.02", "0", "0.02"))


LATE_FEES = [
    LateFeeSegment(date(1999, 1, 22), date(2011, 7, 1), D("0.002")),
    LateFeeSegment(date(2011, 7, 1), None, D("0.0005")),
]


@pytest.mark.parametrize(
    ("unpaid", "due", "paid", "fee"),
    [
        pytest.param("19200.00", date(2024, 3, 15), date(2024, 6, 20), "931.20", id="§8.5 97 days"),
        pytest.param("1000.00", date(2011, 6, 20), date(2011, 7, 10), "25.00", id="§8.5 ten days of each rate"),
        pytest.param("1000.00", date(2024, 3, 15), date(2024, 3, 15), "0.00", id="paid on the due date"),
        pytest.param("1000.00", date(2024, 3, 15), date(2024, 3, 1), "0.00", id="paid before"),
        pytest.param("0.01", date(2011, 6, 28), date(2011, 7, 3), "0.00", id="rounded per segment"),
    ],
)
def test_late_fee(unpaid, due, paid, fee):
    assert late_fee(D(unpaid), due, paid, LATE_FEES) == D(fee)


def test_8_5_the_terms_show_how_the_fee_comes_about():
    first, second = late_fee_terms(D("1000.00"), date(2011, 6, 20), date(2011, 7, 10), LATE_FEES[::-1])
    assert first == (date(2011, 6, 21), date(2011, 7, 1), 10, D("0.002"), D("20.00"))
    assert second == (date(2011, 7, 1), date(2011, 7, 11), 10, D("0.0005"), D("5.00"))
    assert late_fee_terms(D("1000.00"), date(2024, 3, 15), date(2024, 3, 15), LATE_FEES) == []


@pytest.mark.parametrize(
    ("due", "paid", "segments"),
    [
        (date(1998, 12, 15), date(1999, 2, 1), LATE_FEES),
        (date(1998, 12, 15), date(1999, 1, 20), LATE_FEES),
        (date(2024, 3, 15), date(2024, 3, 16), []),
        (date(2011, 6, 20), date(2011, 7, 1), LATE_FEES[:1]),
    ],
)
def test_a_late_day_without_a_rate_is_refused_and_not_free_of_charge(due, paid, segments):
    with pytest.raises(LateFeeRateMissingError):
        late_fee(D("1000.00"), due, paid, segments)


@given(st.dates(date(1999, 1, 21), date(2030, 1, 1)), st.integers(0, 4000), MONEY.filter(lambda amount: amount >= 0))
def test_a_day_later_never_costs_less(due, days, unpaid):
    paid = due + timedelta(days=days)
    assert late_fee(unpaid, due, paid, LATE_FEES) <= late_fee(unpaid, due, paid + timedelta(days=1), LATE_FEES)


AREA, NATION = D("0.0001"), D("0.0005")


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([], []),
        ([(2020, None, AREA), (2011, None, NATION)], [(2011, 2020, NATION), (2020, None, AREA)]),
        (
            [(2020, 2021, AREA), (2011, None, NATION)],
            [(2011, 2020, NATION), (2020, 2021, AREA), (2021, None, NATION)],
        ),
        # The farther row is not parted by the border of a row that the nearer one hides.
        ([(2011, None, AREA), (2020, None, NATION)], [(2011, None, AREA)]),
        ([(2011, 2012, AREA), (2014, 2015, NATION)], [(2011, 2012, AREA), (2014, 2015, NATION)]),
    ],
)
def test_on_each_day_the_nearest_areas_rate(segments, expected):
    def made(rows):
        return [LateFeeSegment(date(a, 1, 1), b and date(b, 1, 1), rate) for a, b, rate in rows]

    assert nearest_by_day(made(segments)) == made(expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda: round_money(0.1),
        lambda: round_money(1),
        lambda: split(8000.0, ROW_6),
        lambda: split(D(8000), SimpleNamespace(**vars(ROW_6) | {"ind_to_account": 0.08})),
        lambda: clamp_base(5000.0, D(7270), D(36348)),
        lambda: clamp_base(D(5000), 7270.0, D(36348)),
        lambda: late_fee(19200.0, date(2024, 3, 15), date(2024, 6, 20), LATE_FEES),
    ],
)
def test_floats_are_refused(call):
    with pytest.raises(TypeError, match="Decimal"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: round_money(D("NaN")),
        lambda: round_money(D("Infinity")),
        lambda: round_money(D(1), "UP"),
        lambda: clamp_base(D(1), D(2), D(1)),
    ],
)
def test_what_is_no_amount_mode_or_corridor_is_refused(call):
    with pytest.raises(ValueError, match=r"amount of money|RoundingMode|lies above"):
        call()


@given(MONEY, MODES)
def test_rounding_twice_changes_nothing_and_negatives_mirror(amount, mode):
    once = round_money(amount / 3, mode)
    assert round_money(once, mode) == once
    assert round_money(-amount / 3, mode) == -once


@given(MONEY, MODES)
def test_rounding_moves_an_amount_by_less_than_its_unit(amount, mode):
    unit = D("0.105") if mode == RoundingMode.CEIL_JIAO else D("0.005")
    assert abs(round_money(amount / 7, mode) - amount / 7) <= unit


@given(BASES, rules())
def test_what_is_paid_is_what_goes_to_account_and_pool(base, any_rule):
    if any_rule.er_rate is None or any_rule.ind_rate is None:
        shares = route(base, round_money(base / 5), round_money(base / 9), any_rule)
    else:
        shares = split(base, any_rule)
    assert shares.er + shares.ind == shares.to_account + shares.pooled
    assert 0 <= shares.to_account <= shares.er + shares.ind


@given(BASES, MONEY, rules())
def test_a_refund_takes_back_exactly_what_the_payment_brought(base, amount, any_rule):
    there = route(base, amount, amount, any_rule)
    back = route(base, -amount, -amount, any_rule)
    assert [-part for part in there] == list(back)


@given(BASES, BASES, BASES)
def test_a_clamped_base_lies_within_the_bounds_and_stays(wage, one, other):
    lower, upper = sorted((one, other))
    base = clamp_base(wage, lower, upper)
    assert lower <= base <= upper
    assert clamp_base(base, lower, upper) == base
    assert base == wage or not lower <= wage <= upper


@given(BASES, MONEY, RATES, MODES)
def test_the_whole_rate_takes_the_whole_amount_and_nothing_takes_nothing(base, amount, rate, mode):
    assert account_share(base, amount, rate, D(0), mode) == 0
    assert account_share(base, amount, None, D(1), mode) == amount
    if rate:
        assert account_share(base, amount, rate, rate, mode) == amount


@pytest.mark.parametrize(
    ("month_before", "assessed"),
    [
        ("10000.00", "11000.00"),
        ("0.00", "0.00"),
        ("0.05", "0.06"),
        ("33333.33", "36666.66"),
        ("123456.78", "135802.46"),
    ],
)
def test_a_month_not_declared_is_assessed_by_the_month_before(month_before, assessed):
    """domain.md §3.2, 5: 110 % of last month's amount (Social Insurance Law, art. 62)."""
    assert assessed_undeclared(D(month_before)) == D(assessed)


def test_a_month_before_is_never_negative():
    with pytest.raises(ValueError, match="negative"):
        assessed_undeclared(D("-0.01"))
