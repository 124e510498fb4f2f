"""The estimate of a pension: the worked examples of domain.md §5.4, and what is missing is always named."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.forecast import (
    DatedFigure,
    FuturePayments,
    Outcome,
    PaidMonths,
    PensionFacts,
    account_pension,
    average_index,
    basic_pension,
    estimate,
    months_until,
    projected_balance,
    with_future,
)
from accounts.refusals import CannotTell, Reason
from accounts.retirement import DivisorPolicy, retirement_dates
from registry.months import parse_month

from .law_rows import SCHEDULES, WINDOWS, law

D = Decimal
P1 = retirement_dates(date(1966, 3, 1), SCHEDULES["male_60"], WINDOWS)
P2 = retirement_dates(date(1984, 11, 1), SCHEDULES["female_50"], WINDOWS)
ALWAYS = date(2020, 1, 1), None
BASE_1, BASE_2 = DatedFigure(*ALWAYS, D("12049.00")), DatedFigure(*ALWAYS, D("9000.00"))
FACTS_1 = PensionFacts(312, D("0.95"), D("168432.10"))


def codes(found):
    return [reason.code for reason in found.missing]


def test_5_4_example_p1():
    found = estimate(P1, FACTS_1, law(BASE_1))
    assert (found.month, divmod(found.age_months, 12), found.minimum) == (date(2026, 7, 1), (60, 4), 180)
    assert (found.basic, found.divisor, found.account) == (D("3054.42"), D("136.7"), D("1232.13"))
    assert (found.outcome, found.total) == (Outcome.COMPLETE, D("4286.55"))
    assert found.missing == ()
    assert dict(found.assumptions) == {"calculation_base": D("12049.00"), "divisor_policy": "LINEAR_1DP"}


def test_5_4_example_p2():
    found = estimate(P2, PensionFacts(240, D("0.60"), D("62000.00")), law(BASE_2))
    assert (found.month, divmod(found.age_months, 12), found.minimum) == (date(2039, 11, 1), (55, 0), 240)
    assert (found.basic, found.divisor, found.account) == (D("1440.00"), 170, D("364.71"))
    assert (found.outcome, found.total) == (Outcome.COMPLETE, D("1804.71"))
    assert dict(found.assumptions) == {"calculation_base": D("9000.00")}


def test_5_4_example_of_the_index():
    paid = [PaidMonths(12, D("8000"), D("8200")), PaidMonths(12, D("8450"), D("8433"))]
    assert average_index(paid) == D("0.9888")


def test_5_4_the_parts_alone():
    assert basic_pension(D("12049.00"), D("0.95"), 312, D("0.01")) == D("3054.42")
    assert account_pension(D("62000.00"), D("170")) == D("364.71")


def test_deemed_months_leave_the_transitional_part_out():
    found = estimate(P1, PensionFacts(312, D("0.95"), D("168432.10"), deemed_months=24), law(BASE_1))
    assert (found.outcome, found.total, codes(found)) == (Outcome.PARTIAL, D("4286.55"), ["transitional"])


def test_deemed_months_count_for_the_minimum():
    facts = PensionFacts(170, D("0.95"), D("168432.10"), deemed_months=10)
    assert estimate(P1, facts, law(BASE_1)).outcome is Outcome.PARTIAL
    too_few = estimate(P1, PensionFacts(170, D("0.95"), D("168432.10"), deemed_months=9), law(BASE_1))
    assert (too_few.outcome, codes(too_few)) == (Outcome.NOT_PAYABLE, ["transitional", "too_few_months"])
    assert too_few.missing[-1].values == {"months": 179, "minimum": 180}


def test_a_month_too_few_gives_the_parts_without_a_total():
    facts = PensionFacts(179, D("0.95"), D("168432.10"))
    found = estimate(P1, facts, law(BASE_1))
    assert (found.outcome, found.total) == (Outcome.NOT_PAYABLE, None)
    assert (found.basic, found.account) == (D("1752.38"), D("1232.13"))
    assert found.missing == (Reason("too_few_months", {"months": 179, "minimum": 180}),)
    enough = estimate(P1, PensionFacts(180, D("0.95"), D("168432.10")), law(BASE_1))
    assert enough.outcome is Outcome.COMPLETE


@pytest.mark.parametrize(
    ("facts", "rows", "missing"),
    [
        (FACTS_1, law(), ["calculation_base"]),
        (FACTS_1, law(DatedFigure(date(2024, 1, 1), date(2026, 7, 1), D(1))), ["calculation_base"]),
        (FACTS_1, law(BASE_1, accrual_rates=()), ["accrual_rate"]),
        (FACTS_1, law(BASE_1, minimums=()), ["minimum_months"]),
        (FACTS_1, law(BASE_1, divisors=()), ["divisor"]),
        (FACTS_1, law(BASE_1, policy=DivisorPolicy.REQUIRE_MANUAL), ["divisor_by_hand"]),
        (PensionFacts(312, None, D(1)), law(BASE_1), ["average_index"]),
        (PensionFacts(312, D(1), None), law(BASE_1), ["balance"]),
        (PensionFacts(312, None, D(1), missing=(Reason("average_wage"),)), law(BASE_1), ["average_wage"]),
    ],
)
def test_whatever_is_missing_is_named_and_there_is_no_total(facts, rows, missing):
    found = estimate(P1, facts, rows)
    assert (found.outcome, found.total, codes(found)) == (Outcome.REFUSED, None, missing)


def test_an_estimate_for_another_month_of_the_window_and_none_outside():
    early, late = (estimate(P1, FACTS_1, law(BASE_1), parse_month(month)) for month in ("2026-03", "2029-07"))
    assert (early.divisor, late.divisor) == (139, D("114.3"))
    assert early.total < late.total
    with pytest.raises(CannotTell, match="from 2026-03 to 2029-07"):
        estimate(P1, FACTS_1, law(BASE_1), parse_month("2026-02"))


def test_4_2_further_payments_earn_as_the_month_products_say():
    """I1b of §4.3: 2023, 3.97 %, opening 25,000.00, twelve times 640.00."""
    year = FuturePayments(date(2023, 1, 1), 12, D("8000"), D("8000"), D("0.08"), D("0.0397"))
    assert projected_balance(D("25000.00"), year) == D("33837.65")


def test_what_if_adds_months_index_and_balance_and_says_what_was_assumed():
    facts = PensionFacts(168, D("0.9"), D("80000.00"))
    payments = FuturePayments(date(2026, 1, 1), 12, D("7200"), D("12000"), D("0.08"), D("0.015"))
    found = with_future(facts, payments)
    assert (found.months, found.index) == (180, D("0.8800"))
    assert found.balance == D("88168.16")
    assert dict(found.assumptions)["interest_rate"] == D("0.015")
    assert {name for name, _ in found.assumptions} >= {"future_months", "future_base", "future_average_wage"}
    assert estimate(P1, facts, law(BASE_1)).outcome is Outcome.NOT_PAYABLE
    assert estimate(P1, found, law(BASE_1)).outcome is Outcome.COMPLETE


def test_what_is_not_known_stays_unknown_after_further_payments():
    payments = FuturePayments(date(2026, 1, 1), 12, D("7200"), D("12000"), D("0.08"), D("0.015"))
    found = with_future(PensionFacts(168, None, None), payments)
    assert (found.index, found.balance, found.months) == (None, None, 180)
    assert with_future(PensionFacts(0, D(0), D("0.00")), payments).index == D("0.6000")


def test_no_months_have_no_index():
    with pytest.raises(CannotTell, match="No contribution months"):
        average_index([])


def test_months_until_retirement():
    assert months_until(date(2026, 11, 1), date(2027, 1, 1)) == 2
    assert months_until(date(2027, 2, 1), date(2027, 1, 1)) == 0


PAID = st.lists(
    st.builds(
        PaidMonths,
        st.integers(1, 12),
        st.decimals(D("1000"), D("60000"), places=2),
        st.decimals(D("1000"), D("20000"), places=2),
    ),
    min_size=1,
    max_size=30,
)


@given(PAID)
def test_the_index_lies_between_its_years(paid):
    single = [Fraction(row.base) / Fraction(row.average_wage) for row in paid]
    rounding = Fraction(1, 20000)
    assert min(single) - rounding <= Fraction(average_index(paid)) <= max(single) + rounding


@given(st.integers(180, 600), st.decimals(D("0.6"), D("3"), places=4), st.decimals(D(0), D(10**6), places=2))
def test_more_months_index_or_balance_never_give_less(months, index, balance):
    def total(*facts):
        return estimate(P1, PensionFacts(*facts), law(BASE_1)).total

    here = total(months, index, balance)
    assert here <= total(months + 1, index, balance)
    assert here <= total(months, index + D("0.0001"), balance)
    assert here <= total(months, index, balance + 1)


@given(
    st.integers(1, 60),
    st.integers(1, 12),
    st.decimals(D(0), D(300000), places=2),
    st.decimals(D(3000), D(30000), places=2),
    st.decimals(D(0), D("0.09"), places=4),
)
def test_the_projection_agrees_with_a_month_by_month_simulation(months, first, balance, base, rate):
    payments = FuturePayments(date(2026, first, 1), months, base, base, D("0.08"), rate)
    monthly = Fraction((base * D("0.08")).quantize(D("0.01"), "ROUND_HALF_UP"))
    held, earning, month = Fraction(balance), Fraction(0), first
    for _ in range(months):
        held += monthly
        earning += held * Fraction(rate) / 12
        month += 1
        if month == 13:
            held, earning, month = held + earning, Fraction(0), 1
    years = months // 12 + 2
    assert abs(Fraction(projected_balance(balance, payments)) - (held + earning)) <= Fraction(years * 3, 100)
