"""The command credits what the domain reference says, to the fen, and puts right what changes afterwards."""

from decimal import Decimal as D

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts import checks
from accounts.models import Batch, Entry, InterestCredit, InterestTerms, InterestYear
from registry.roles import acting_as
from tests import staged
from tests.staged import AREA, OTHER_AREA, balance
from tests.years import credit, interest_entries, method, month, open_with, parts, pay_in, pay_out, rate, refusal

EVERY = range(1, 13)


def every(amount, months=EVERY):
    return dict.fromkeys(months, D(amount))


def yuan(*amounts):
    return tuple(map(D, amounts))


def in_order():
    with acting_as("read"), connection.cursor() as cursor:
        return checks.prove(cursor) == []


# section, year, opening, paid in, paid out, interest, closing
EXAMPLES = [
    ("I1b", 2023, "25000.00", every(640), {}, yuan("992.50", "165.15", "0"), "33837.65"),
    (
        *("I2", 2024, "50000.00", every(640, range(1, 7)) | every(676, range(7, 13)), {}),
        *(yuan("1310.00", "110.64", "0"), "59316.64"),
    ),
    ("I5", 2024, "180000.00", {}, every("1294.96"), yuan("4716.00", "0", "220.53"), "168955.95"),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0])
def test_examples_of_the_domain_reference(person, employer, example):
    _name, year, opening, paid_in, paid_out, interest, closing = example
    open_with(person, opening, year)
    pay_in(person, employer, paid_in, year)
    pay_out(person, paid_out, year)
    credit(year)
    assert parts(person, year) == interest
    assert balance(person) == D(closing)
    assert in_order()


@pytest.mark.parametrize(("formula", "interest"), [("YEARLY", yuan("992.50", "165.10", "0"))])
def test_i1_by_the_yearly_formula_of_the_area(person, employer, formula, interest):
    method(month(2023, 1), method=formula, yearly_factor=D("1.083"))
    open_with(person, "25000.00", 2023)
    pay_in(person, employer, every(640), 2023)
    credit(2023)
    assert (parts(person, 2023), balance(person)) == (interest, D("33837.60"))
    assert in_order()


def test_i5_by_the_yearly_variant_of_the_area(person):
    method(month(2024, 1), payout_method="YEARLY", yearly_factor=D("1.083"))
    open_with(person, "180000.00", 2024)
    pay_out(person, every("1294.96"), 2024)
    credit(2024)
    assert sum(parts(person, 2024)[:2]) - parts(person, 2024)[2] == D("4529.33")
    assert in_order()


def test_i3_three_years_with_a_gap_and_a_back_payment(person, employer):
    open_with(person, "12345.67", 2019)
    pay_in(person, employer, every(480, range(3, 13)), 2019)
    pay_in(person, employer, every(480, range(1, 5)) | {11: 1440, 12: 512}, 2020)
    closings = []
    for year in (2019, 2020, 2021):
        credit(year)
        later = Entry.objects.filter(person_id=person, booked_month__gt=month(year, 12))
        closings.append(balance(person) - sum(entry.amount for entry in later))
    assert [parts(person, year) for year in (2019, 2020, 2021)] == [
        yuan("939.51", "167.42", "0"),
        yuan("1102.46", "118.55", "0"),
        yuan("1561.82", "0", "0"),
    ]
    assert closings == list(yuan("18252.60", "23345.61", "24907.43"))
    assert in_order()


def test_provisional_interest_becomes_final_by_reversal(person, employer):
    open_with(person, "10000.00", 2026)
    pay_in(person, employer, {1: 1200}, 2026)
    said = credit(2026)
    assert "1 of 1 schemes and areas provisional" in said
    assert parts(person, 2026) == yuan("150.00", "18.00", "0")
    rate("0.0200", month(2026, 1), month(2027, 1))
    said = credit(2026)
    assert "provisional" not in said and "1 credit posted" in said
    december = month(2026, 12)
    assert interest_entries(person) == [
        ("interest_current", december, D("18.00")),
        ("interest_opening", december, D("150.00")),
        ("interest_current", december, D("24.00")),
        ("interest_opening", december, D("200.00")),
        ("reversal", december, D("-18.00")),
        ("reversal", december, D("-150.00")),
    ]
    assert balance(person) == D("11424.00")
    years = InterestYear.objects.filter(area_code=AREA, year=2026).order_by("pk")
    assert [(y.is_provisional, y.accounts, y.interest) for y in years] == [
        (True, 1, D("168.00")),
        (False, 1, D("224.00")),
    ]
    assert in_order()


def test_a_final_rate_that_is_the_provisional_one_makes_the_interest_final(person):
    open_with(person, "10000.00", 2026)
    credit(2026)
    rate("0.0150", month(2026, 1), month(2027, 1))
    credit(2026)
    standing = InterestCredit.objects.filter(person_id=person).order_by("batch_id").last()
    assert not InterestTerms.objects.get(pk=standing.batch_id).is_provisional
    assert balance(person) == D("10150.00")
    assert in_order()


def test_a_file_that_comes_late_is_made_good_by_the_next_run(person, employer):
    open_with(person, "10000.00", 2024)
    credit(2024)
    pay_in(person, employer, {7: 1200}, 2024)
    assert "1 credit posted" in credit(2024)
    assert parts(person, 2024) == yuan("262.00", "15.72", "0")
    assert balance(person) == D("11477.72")
    assert in_order()


def test_an_earlier_year_put_right_names_the_later_ones(person, employer):
    open_with(person, "10000.00", 2022)
    for year in (2022, 2023, 2024):
        credit(year)
    pay_in(person, employer, {7: 1200}, 2022)
    assert credit(2022).endswith("; 2023, 2024 starts from it and must be credited again.\n")
    assert "must be credited again" in credit(2023)
    assert "must be credited again" not in credit(2024)
    assert "nothing to post" in credit(2023)
    assert in_order()


def test_a_back_payment_counts_from_the_month_it_was_booked(person, employer):
    """§8.4: interest starts at the booking month."""
    pay_in(person, employer, {1: 1200}, 2024, booked_month=month(2024, 10))
    credit(2024)
    assert parts(person, 2024) == yuan("0", "7.86", "0")


def test_a_refund_takes_its_interest_back_from_the_month_it_was_booked(person, employer):
    pay_in(person, employer, {1: 1200}, 2024)
    refunded = staged.employer_line(
        person,
        employer,
        month=month(2024, 1),
        booked_month=month(2024, 7),
        slip_no="R1",
        kind="refund",
        base="-15000.00",
        er_share=D(0),
        ind_share=D(-1200),
    )
    staged.load("employer_contributions", [refunded])
    credit(2024)
    assert parts(person, 2024) == yuan("0", "15.72", "0")
    assert in_order()


def test_a_second_run_adds_nothing(person, employer):
    open_with(person, "10000.00", 2024)
    pay_in(person, employer, every(640), 2024)
    credit(2024)
    before = Batch.objects.count(), Entry.objects.count(), InterestCredit.objects.count(), InterestYear.objects.count()
    assert "nothing to post" in credit(2024)
    after = Batch.objects.count(), Entry.objects.count(), InterestCredit.objects.count(), InterestYear.objects.count()
    assert before == after


def test_interest_is_booked_in_the_last_month_of_its_period(person):
    open_with(person, "10000.00", 2024)
    credit(2024)
    batch = Batch.objects.get(kind="interest", area_code=AREA)
    assert (batch.booked_month, batch.scheme) == (month(2024, 12), "pension")
    assert batch.source_ref == f"interest/{AREA}/pension/202412/1"
    assert staged.fund(batch) == {"interest": D("-262.00")}


def test_the_year_before_comes_first(person):
    open_with(person, "10000.00", 2022)
    said = refusal(credit, 2024)
    assert said == (
        f"Nothing was credited: interest of 2022 of pension in {AREA} is not credited yet, and 2024 starts from it. "
        "Run credit_interest --year 2022 first."
    )
    assert parts(person, 2024) is None
    for year in (2022, 2023, 2024):
        credit(year)
    assert parts(person, 2024) == yuan("289.07", "0", "0")


def test_where_no_rate_is_known_nothing_is_invented(person):
    open_with(person, "10000.00", 2015)
    said = credit(2015)
    assert (
        said == "Interest of 2015: 0 accounts earn 0 yuan, nothing to post; 1 schemes and areas without a known rate.\n"
    )
    assert f"pension in {AREA}: no rate is known for 2015-01 to 2015-12; nothing to credit" in credit(2015, "--preview")
    assert balance(person) == D("10000.00")
    credit(2016)
    assert parts(person, 2016) == yuan("831.00", "0", "0")


def test_months_before_the_first_account_need_no_rate(person, employer):
    """The public sector began in October 2014, and so did its rate."""
    pay_in(person, employer, every(1200, range(10, 13)), 2014, scheme="pension_public")
    credit(2014)
    assert parts(person, 2014, "pension_public") == yuan("0", "30.00", "0")
    assert in_order()


def test_a_local_rate_and_method_go_before_the_national_ones(person, employer):
    rate("0.05", month(2024, 1), month(2025, 1), area=AREA)
    method(month(2024, 1), rounding_mode="CEIL_JIAO")
    open_with(person, "1234.56", 2024)
    credit(2024)
    assert parts(person, 2024) == yuan("61.80", "0", "0")
    terms = InterestTerms.objects.get(area_code=AREA)
    assert (terms.rounding_mode, set(terms.current_rates), len(terms.rate_ids)) == ("CEIL_JIAO", {D("0.05")}, 1)
    assert in_order()


def test_jiao_and_fen_of_the_balance_bear_nothing_where_the_area_says_so(person, employer):
    rate("0.10", month(2024, 1), month(2025, 1), area=AREA)
    method(month(2024, 1), rounding_mode="YUAN_BASE_FLOOR")
    open_with(person, "1999.99", 2024)
    pay_in(person, employer, {6: "100.99"}, 2024)
    pay_out(person, {9: "50.99"}, 2024)
    credit(2024)
    assert parts(person, 2024) == yuan("199.90", "5.83", "1.67")
    assert in_order()


def test_a_rate_that_changes_within_the_year(person, employer):
    rate("0.03", month(2024, 1), month(2024, 7), area=AREA)
    rate("0.05", month(2024, 7), month(2025, 1), area=AREA)
    open_with(person, "12000.00", 2024)
    pay_in(person, employer, {1: 1200, 8: 1200}, 2024)
    assert "rate 3 % then 5 %" in credit(2024, "--preview")
    credit(2024)
    assert parts(person, 2024) == yuan("480.00", "73.00", "0")
    assert in_order()


def test_medical_accounts_bear_two_rates(person, employer):
    """§4.4: 3,210.55 of earlier years at 1.1 %, twelve times 160 at 0.35 %."""
    open_with(person, "3210.55", 2024, scheme="medical")
    pay_in(person, employer, every(160), 2024, scheme="medical")
    said = credit(2024, "--preview")
    assert "rate 0.35 % and 1.1 % (prior years)" in said
    credit(2024)
    assert parts(person, 2024, "medical") == yuan("35.32", "3.64", "0")
    assert balance(person, "medical") == D("5169.51")
    assert in_order()


def test_medical_spending_takes_from_what_the_year_brought(person, employer):
    open_with(person, "3210.55", 2024, scheme="medical")
    pay_in(person, employer, every(160), 2024, scheme="medical")
    pay_out(person, {7: "600.00"}, 2024, scheme="medical", kind="medical_settlement")
    credit(2024)
    assert parts(person, 2024, "medical") == yuan("35.32", "3.64", "1.05")
    assert in_order()


def test_credited_four_times_a_year_what_a_quarter_earned_bears_interest(person):
    for bucket in ("current_year", "prior_years"):
        rate("0.04", month(2024, 1), scheme="medical", area=AREA, bucket=bucket, credits_per_year=4)
    open_with(person, "10000.00", 2024, scheme="medical")
    credit(2024)
    quarters = [parts(person, 2024, "medical", last) for last in (3, 6, 9, 12)]
    assert [sum(quarter[:2]) - quarter[2] for quarter in quarters] == list(yuan("100.00", "101.00", "102.01", "103.03"))
    assert balance(person, "medical") == D("10406.04")
    assert "nothing to post" in credit(2024)
    assert in_order()


def test_a_late_file_moves_every_later_quarter(person, employer):
    for bucket in ("current_year", "prior_years"):
        rate("0.04", month(2024, 1), scheme="medical", area=AREA, bucket=bucket, credits_per_year=4)
    open_with(person, "10000.00", 2024, scheme="medical")
    credit(2024)
    pay_in(person, employer, {4: 1200}, 2024, scheme="medical")
    said = credit(2024)
    quarters = [parts(person, 2024, "medical", last) for last in (3, 6, 9, 12)]
    assert [sum(quarter[:2]) - quarter[2] for quarter in quarters] == list(yuan("100.00", "113.00", "114.13", "115.27"))
    assert "1 accounts earn 442.40 yuan, 3 credits posted" in said
    assert in_order()


def test_the_preview_writes_nothing_and_tells_each_scheme_and_area(person, employer):
    open_with(person, "10000.00", 2026)
    pay_in(person, employer, {1: 1200}, 2026)
    pay_out(person, {12: 100}, 2026)
    before = Batch.objects.count(), InterestYear.objects.count()
    said = credit(2026, "--preview")
    assert said.splitlines() == [
        f"pension in {AREA}: 1 accounts, opening 10000.00, principal 1200.00, paid out 100.00, interest 167.87, "
        "rate 1.5 %, provisional, 1 credit to post",
        "Interest of 2026: 1 accounts earn 167.87 yuan, 1 credit would be posted; "
        "1 of 1 schemes and areas provisional.",
    ]
    assert (Batch.objects.count(), InterestYear.objects.count()) == before
    assert parts(person, 2026) is None


def test_an_area_alone(person):
    open_with(person, "10000.00", 2024)
    open_with(person, "20000.00", 2024, area_code=OTHER_AREA, line=2)
    credit(2024, area=OTHER_AREA)
    assert (balance(person), balance(person, area=OTHER_AREA)) == (D("10000.00"), D("20524.00"))


def test_a_scheme_alone(person):
    open_with(person, "10000.00", 2024)
    open_with(person, "10000.00", 2024, scheme="medical")
    credit(2024, "--scheme", "medical")
    assert (balance(person), balance(person, "medical")) == (D("10000.00"), D("10110.00"))


def test_an_impossible_year_is_refused(places):
    assert refusal(credit, 1234) == "1234: a year between 1990 and 2200 is expected."


def test_records_of_interest_are_only_ever_added(person):
    open_with(person, "10000.00", 2024)
    credit(2024)
    for table in ("interestterms", "interestcredit", "interestyear"):
        with (
            pytest.raises(ProgrammingError, match="only ever added|permission denied"),
            transaction.atomic(),
            acting_as("job"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM accounts_{table}")
