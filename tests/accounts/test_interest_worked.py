"""Each interest line shows its arithmetic with the person's own numbers."""

from decimal import Decimal as D

import pytest

from accounts.interest_worked import worked
from accounts.models import InterestCredit
from tests.staged import AREA
from tests.years import credit, method, month, open_with, pay_in, pay_out, rate


def shown(person, last, scheme="pension"):
    """{kind: formula} of the standing credit; it comes to what was credited."""
    found = InterestCredit.objects.filter(person_id=person, period=last, scheme=scheme).order_by("-batch_id").first()
    answer = worked(found)
    assert answer.total == answer.reckoned == found.total
    assert {part.kind: part.amount for part in answer.parts} == {
        kind: amount
        for kind, amount in (
            ("interest_opening", found.on_opening),
            ("interest_current", found.on_credits),
            ("interest_payout_adj", -found.removed),
        )
        if amount
    }
    return {part.kind: part.formula for part in answer.parts}, answer


def test_month_product(person, employer):
    open_with(person, "25000.00", 2023)
    pay_in(person, employer, dict.fromkeys(range(1, 13), 640), 2023)
    credit(2023)
    formulas, answer = shown(person, month(2023, 12))
    assert formulas == {
        "interest_opening": "25,000.00 × 3.97 % = 992.50",
        "interest_current": "49,920.00 × 3.97 % ÷ 12 = 165.15",
    }
    (lines,) = (part.lines for part in answer.parts if part.kind == "interest_current")
    assert [(line.month.month, line.amount, line.months) for line in lines[:2]] == [(1, D(640), 12), (2, D(640), 11)]
    assert sum(line.product for line in lines) == D("49920.00")


def test_it_stays_as_it_was_when_more_is_booked_afterwards(person, employer):
    open_with(person, "25000.00", 2023)
    credit(2023)
    pay_in(person, employer, {5: 640}, 2023)
    assert shown(person, month(2023, 12))[0] == {"interest_opening": "25,000.00 × 3.97 % = 992.50"}


def test_payouts(person):
    open_with(person, "180000.00", 2024)
    pay_out(person, dict.fromkeys(range(1, 13), "1294.96"), 2024)
    credit(2024)
    assert shown(person, month(2024, 12))[0]["interest_payout_adj"] == "101,006.88 × 2.62 % ÷ 12 = 220.53"


@pytest.mark.parametrize(
    ("columns", "formulas"),
    [
        (
            {"method": "YEARLY", "payout_method": "YEARLY", "yearly_factor": D("1.083")},
            ("1,200.00 × 10 % × 1.083 ÷ 2 = 64.98", "100.99 × 10 % × (1 − 1.083 ÷ 2) = 4.63"),
        ),
        ({"rounding_mode": "YUAN_BASE_FLOOR"}, ("12,000.00 × 10 % ÷ 12 = 100.00", "100.00 × 10 % ÷ 12 = 0.83")),
    ],
)
def test_local_methods(person, employer, columns, formulas):
    rate("0.10", month(2024, 1), month(2025, 1), area=AREA)
    method(month(2024, 1), **columns)
    open_with(person, "1000.00", 2024)
    pay_in(person, employer, {3: 1200}, 2024)
    pay_out(person, {12: "100.99"}, 2024)
    credit(2024)
    found = shown(person, month(2024, 12))[0]
    assert (found["interest_current"], found["interest_payout_adj"]) == formulas


def test_rates_that_change_within_the_year(person, employer):
    rate("0.03", month(2024, 1), month(2024, 7), area=AREA)
    rate("0.05", month(2024, 7), month(2025, 1), area=AREA)
    open_with(person, "12000.00", 2024)
    pay_in(person, employer, {1: 1200, 8: 1200}, 2024)
    credit(2024)
    assert shown(person, month(2024, 12))[0] == {
        "interest_opening": "12,000.00 × (3 % × 6 + 5 % × 6) ÷ 12 = 480.00",
        "interest_current": "1,200.00 × (3 % × 6 + 5 % × 6) ÷ 12 + 1,200.00 × 5 % × 5 ÷ 12 = 73.00",
    }


def test_two_parts_of_a_medical_account_credited_twice_a_year(person, employer):
    for bucket, value in (("current_year", "0.01"), ("prior_years", "0.02")):
        rate(value, month(2024, 1), scheme="medical", area=AREA, bucket=bucket, credits_per_year=2)
    open_with(person, "1000.00", 2024, scheme="medical")
    pay_in(person, employer, {1: 1200}, 2024, scheme="medical")
    pay_out(person, {7: 600}, 2024, scheme="medical", kind="medical_settlement")
    credit(2024)
    assert shown(person, month(2024, 6), "medical")[0]["interest_opening"] == "1,000.00 × 2 % × 6 ÷ 12 = 10.00"
    assert shown(person, month(2024, 12), "medical")[0] == {
        "interest_opening": "1,000.00 × 2 % × 6 ÷ 12 + 1,216.00 × 1 % × 6 ÷ 12 = 16.08",
        "interest_payout_adj": "3,600.00 × 1 % ÷ 12 = 3.00",
    }
