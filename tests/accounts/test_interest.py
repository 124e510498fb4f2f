"""The arithmetic of interest: every formula and example of the domain reference (§4), and a second way to reckon."""

from decimal import ROUND_CEILING
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.interest import Interest, Terms, crediting_months, earned, month_product, year
from contributions.rates import RoundingMode, contribution_base, round_money

FACTOR = D("1.083")
YEAR = range(1, 13)


def every(amount, months=YEAR):
    return dict.fromkeys(months, D(amount))


def whole(rate, **terms):
    return Terms.whole_year(D(rate), **terms)


def yearly(rate):
    return whole(rate, method="YEARLY", payout_method="YEARLY", yearly_factor=FACTOR)


LATE = {1: D(480), 2: D(480), 3: D(480), 4: D(480), 11: D(1440), 12: D(512)}
STEP = every("640", range(1, 7)) | every("676", range(7, 13))

# section, opening, credits, payouts, terms, (on opening, on credits, removed), closing
EXAMPLES = [
    ("4.3 I1", "25000.00", every("640"), {}, yearly("0.0397"), ("992.50", "165.10", "0"), "33837.60"),
    ("4.3 I1b", "25000.00", every("640"), {}, whole("0.0397"), ("992.50", "165.15", "0"), "33837.65"),
    ("4.3 I2", "50000.00", STEP, {}, whole("0.0262"), ("1310.00", "110.64", "0"), "59316.64"),
    ("4.3 I3 2019", "12345.67", every("480", range(3, 13)), {}, whole("0.0761"), ("939.51", "167.42", "0"), "18252.60"),
    ("4.3 I3 2020", "18252.60", LATE, {}, whole("0.0604"), ("1102.46", "118.55", "0"), "23345.61"),
    ("4.3 I3 2021", "23345.61", {}, {}, whole("0.0669"), ("1561.82", "0", "0"), "24907.43"),
    (
        "4.3 I4",
        *("151200.00", every("800", range(1, 7)), {}),
        Terms(1, 6, (D("0.0262"),) * 6),
        *(("1980.72", "36.68", "0"), "158017.40"),
    ),
    ("4.3 I5", "180000.00", {}, every("1294.96"), whole("0.0262"), ("4716.00", "0", "220.53"), "168955.95"),
    ("4.3 I5 yearly", "180000.00", {}, every("1294.96"), yearly("0.0262"), ("4716.00", "0", "186.67"), "168989.81"),
    (
        "4.4 two parts",
        *("3210.55", every("160"), {}),
        Terms(1, 12, (D("0.0035"),) * 12, (D("0.011"),) * 12),
        *(("35.32", "3.64", "0"), "5169.51"),
    ),
    ("4.2 method 1", "10000.00", every("100"), {}, yearly("0.06"), ("600.00", "38.99", "0"), "11838.99"),
    ("4.2 method 2", "10000.00", every("100"), {}, whole("0.06"), ("600.00", "39.00", "0"), "11839.00"),
    ("4.2 January earns twelve months", "0.00", {1: D(1200)}, {}, whole("0.05"), ("0", "60.00", "0"), "1260.00"),
    ("4.2 December earns one", "0.00", {12: D(1200)}, {}, whole("0.05"), ("0", "5.00", "0"), "1205.00"),
    (
        "4.2 incomplete year",
        *("12000.00", {1: D(600), 3: D(600)}, {}),
        Terms(1, 3, (D("0.04"),) * 3),
        *(("120.00", "8.00", "0"), "13328.00"),
    ),
    (
        "4.2 an incomplete year knows no yearly formula",
        *("12000.00", {1: D(600), 3: D(600)}, {}),
        Terms(1, 3, (D("0.04"),) * 3, method="YEARLY", yearly_factor=FACTOR),
        *(("120.00", "8.00", "0"), "13328.00"),
    ),
    ("4.2 ZJ 27 no payment, interest all the same", "777.77", {}, {}, whole("0.0262"), ("20.38", "0", "0"), "798.15"),
    (
        "4.1 a rate that changes in July",
        *("12000.00", {1: D(1200), 8: D(1200)}, {}),
        Terms(1, 12, (D("0.03"),) * 6 + (D("0.05"),) * 6),
        *(("480.00", "73.00", "0"), "14953.00"),
    ),
    (
        "3.3 Shanghai, any fen counts as a jiao",
        *("1234.56", {6: D("100.00")}, {9: D("50.00")}),
        whole("0.0262", rounding_mode="CEIL_JIAO"),
        *(("32.40", "1.60", "0.50"), "1318.06"),
    ),
    (
        "3.3 Sichuan, jiao and fen of the balance bear nothing",
        *("1999.99", {6: D("100.99")}, {9: D("50.99")}),
        whole("0.10", rounding_mode="YUAN_BASE_FLOOR"),
        *(("199.90", "5.83", "1.67"), "2254.05"),
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0])
def test_the_examples_of_the_domain_reference(example):
    _section, opening, credits, payouts, terms, parts, closing = example
    interest = earned(D(opening), credits, payouts, terms)
    assert interest == Interest(*map(D, parts))
    principal = sum(credits.values(), D(0)) - sum(payouts.values(), D(0))
    assert D(opening) + principal + interest.total == D(closing)


@pytest.mark.parametrize(
    ("amounts", "last", "product"),
    [
        (every("640"), 12, "49920.00"),
        (STEP, 12, "50676.00"),
        (every("480", range(3, 13)), 12, "26400.00"),
        (LATE, 12, "23552.00"),
        (every("800", range(1, 7)), 6, "16800.00"),
        (every("1294.96"), 12, "101006.88"),
        (every("160"), 12, "12480.00"),
        ({}, 12, "0.00"),
    ],
)
def test_month_products_of_the_examples(amounts, last, product):
    assert month_product(amounts, last) == D(product)


def test_interest_of_the_yearly_variant_as_the_reference_prints_it():
    """§4.3 I5: the yearly variant credits 4,529.33 in all, as (B0−ΣP)·r + ΣP·r·1.083/2 says."""
    interest = earned(D("180000.00"), {}, every("1294.96"), yearly("0.0262"))
    paid = 12 * D("1294.96")
    one_formula = (D(180000) - paid) * D("0.0262") + paid * D("0.0262") * FACTOR / 2
    assert interest.total == round_money(one_formula) == D("4529.33")


@pytest.mark.parametrize(
    ("times", "months"),
    [
        ([1] * 12, [12]),
        ([2] * 12, [6, 12]),
        ([4] * 12, [3, 6, 9, 12]),
        ([12] * 12, list(YEAR)),
        ([1] * 8 + [4] * 4, [9, 12]),
        ([4] * 4 + [1] * 8, [3, 12]),
    ],
)
def test_crediting_periods(times, months):
    assert crediting_months(times) == months


def test_what_a_quarter_earned_bears_interest_in_the_next():
    """§4.4 Beijing: credited quarterly. 10,000 at 4 % a year: 100.00, then on 10,100 101.00, 102.01, 103.03."""
    quarters = [Terms(first, first + 2, (D("0.04"),) * 3) for first in (1, 4, 7, 10)]
    assert [i.total for i in year(D("10000.00"), {}, {}, quarters)] == [
        D("100.00"),
        D("101.00"),
        D("102.01"),
        D("103.03"),
    ]


def test_of_two_parts_the_year_s_own_interest_belongs_to_the_current_year():
    """Second half: 1,000 of earlier years at 2 %, 600 and the first half's 16.00 at 1 %."""
    halves = [Terms(first, first + 5, (D("0.01"),) * 6, (D("0.02"),) * 6) for first in (1, 7)]
    first, second = year(D("1000.00"), {1: D("1200.00")}, {7: D("600.00")}, halves)
    assert first == Interest(D("10.00"), D("6.00"), D("0.00"))
    assert second == Interest(D("16.08"), D("0.00"), D("3.00"))


MONEY = st.decimals(D(0), D(100_000), places=2)
RATES = st.decimals(D(0), D("0.12"), places=6)
FLOWS = st.dictionaries(st.integers(1, 12), MONEY)


def held(amounts, month):
    return sum((Fraction(amount) for booked, amount in amounts.items() if booked <= month), Fraction(0))


def by_months(opening, credits, payouts, terms):
    """The same, one month after the other: a twelfth of the month's rate on what is held in it. Unrounded fractions."""
    parts = [Fraction(0)] * 3
    for number, rate in enumerate(terms.current_rates):
        month = terms.first + number
        prior = (terms.prior_rates or terms.current_rates)[number]
        parts[0] += Fraction(opening) * Fraction(prior) / 12
        parts[1] += held(credits, month) * Fraction(rate) / 12
        parts[2] += held(payouts, month) * Fraction(rate) / 12
    return parts


def half_up(fraction):
    return D(int(abs(fraction) * 100 + Fraction(1, 2))) / 100


@st.composite
def periods(draw):
    first = draw(st.integers(1, 12))
    last = draw(st.integers(first, 12))
    rates = [tuple(draw(RATES) for _ in range(first, last + 1)) for _ in range(2)]
    return Terms(first, last, rates[0], rates[1] if draw(st.booleans()) else None)


@given(MONEY, FLOWS, FLOWS, periods())
def test_month_products_equal_a_simulation_month_by_month(opening, credits, payouts, terms):
    credits, payouts = (
        {month: amount for month, amount in flow.items() if terms.first <= month <= terms.last}
        for flow in (credits, payouts)
    )
    expected = Interest(*map(half_up, by_months(opening, credits, payouts, terms)))
    assert earned(opening, credits, payouts, terms) == expected


@given(MONEY, FLOWS, FLOWS, RATES, st.sampled_from(list(RoundingMode)))
def test_rounding_modes_round_each_part_of_the_exact_amount(opening, credits, payouts, rate, mode):
    terms = Terms.whole_year(rate, rounding_mode=mode)
    bearing = [{month: contribution_base(a, mode) for month, a in flow.items()} for flow in (credits, payouts)]
    in_fen = map(half_up, by_months(contribution_base(opening, mode), *bearing, terms))
    up_to_jiao = mode == RoundingMode.CEIL_JIAO
    expected = Interest(*(part.quantize(D("0.1"), ROUND_CEILING) if up_to_jiao else part for part in in_fen))
    assert earned(opening, credits, payouts, terms) == expected


@given(MONEY, FLOWS, RATES)
def test_the_yearly_formula_is_one_expression_of_the_year_s_total(opening, credits, rate):
    total = sum(credits.values(), D(0))
    got = earned(opening, credits, {}, yearly(rate))
    assert got.on_opening == round_money(opening * rate)
    assert got.on_credits == round_money(total * rate * FACTOR / 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: earned(1.0, {}, {}, whole("0.05")),
        lambda: earned(D(1), {1: 1.0}, {}, whole("0.05")),
        lambda: earned(D(1), {}, {1: 1.0}, whole("0.05")),
        lambda: Terms.whole_year(0.05),
        lambda: month_product({1: 0.1}),
    ],
)
def test_floats_are_refused(call):
    with pytest.raises(TypeError):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: Terms(0, 12, ()),
        lambda: Terms(5, 4, ()),
        lambda: Terms(1, 3, (D("0.05"),) * 2),
        lambda: Terms(1, 1, (D("NaN"),)),
        lambda: whole("0.05", method="YEARLY"),
        lambda: earned(D(1), {4: D(1)}, {}, Terms(1, 3, (D("0.05"),) * 3)),
        lambda: earned(D(1), {}, {13: D(1)}, whole("0.05")),
    ],
)
def test_what_is_no_period_of_a_year_is_refused(call):
    with pytest.raises(ValueError, match="year|rate|period|factor|money"):
        call()
