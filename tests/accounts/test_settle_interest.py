"""The interest of an incomplete year, settled before an account is closed, and what becomes of it afterwards."""

from decimal import Decimal as D

from django.db import connection, transaction

from accounts import checks
from accounts.crediting import settle
from accounts.models import Account, InterestTerms
from contributions.models import CreditingRate
from registry.roles import acting_as
from tests.staged import AREA, balance
from tests.years import credit, month, open_with, parts, pay_in, pay_out, rate


def every(amount, months):
    return dict.fromkeys(months, D(amount))


def yuan(*amounts):
    return tuple(map(D, amounts))


def in_order():
    """Whether the books are in order, but for the closures that these tests leave out."""
    with acting_as("read"), connection.cursor() as cursor:
        return {f.check for f in checks.prove(cursor)} <= {"closed accounts have a closure"}


def closing(person, year, number, area=AREA):
    """Settle one account before it is closed in a month."""
    select = (
        f"SELECT {person}::bigint AS person_id, 'pension' AS scheme, '{area}' AS area_code, "
        f"'{month(year, number)}'::date AS month"
    )
    with acting_as("job"), transaction.atomic(), connection.cursor() as cursor:
        return settle(cursor, select)


def test_i4_an_incomplete_year_is_settled_before_the_account_is_closed(person, employer):
    """Retires at the end of June 2025, whose rate is not known yet: that of 2024 stands in."""
    with acting_as("job"):
        CreditingRate.objects.filter(key="pension.2025").update(state="withdrawn", withdrawn_at="2026-01-01T00:00Z")
    open_with(person, "151200.00", 2025)
    pay_in(person, employer, every(800, range(1, 7)), 2025)
    assert closing(person, 2025, 6) == 1
    assert parts(person, 2025, last=6) == yuan("1980.72", "36.68", "0")
    assert balance(person) == D("158017.40")
    assert InterestTerms.objects.get(area_code=AREA).is_provisional
    assert closing(person, 2025, 6) == 0
    assert in_order()


def test_a_closed_account_is_recomputed_to_its_last_month_when_the_rate_arrives(person, employer):
    open_with(person, "151200.00", 2026)
    pay_in(person, employer, every(800, range(1, 7)), 2026)
    closing(person, 2026, 6)
    provisional = parts(person, 2026, last=6)
    with acting_as("job"):
        Account.objects.filter(person_id=person).update(status="closed", closed_month=month(2026, 6))
    credit(2026)
    assert parts(person, 2026, last=6) == provisional == yuan("1134.00", "21.00", "0")
    assert parts(person, 2026) is None
    rate("0.0262", month(2026, 1), month(2027, 1))
    credit(2026)
    assert parts(person, 2026, last=6) == yuan("1980.72", "36.68", "0")
    assert balance(person) == D("158017.40")
    assert in_order()


def test_what_leaves_with_a_closed_account_stays_to_the_end_of_its_month(person, employer):
    """The final rate is reckoned from the same principal, though the account is empty by then."""
    open_with(person, "12000.00", 2026)
    closing(person, 2026, 3)
    pay_out(person, {3: balance(person)}, 2026, kind="account_refund")
    with acting_as("job"):
        Account.objects.filter(person_id=person).update(status="closed", closed_month=month(2026, 3))
    assert balance(person) == 0
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    assert parts(person, 2026, last=3) == yuan("60.00", "0", "0")
    assert balance(person) == D("15.00")
    assert in_order()


def test_a_correction_that_the_account_cannot_bear_is_left_out_and_told(person):
    open_with(person, "12000.00", 2026)
    closing(person, 2026, 3)
    pay_out(person, {3: balance(person)}, 2026, kind="account_refund")
    with acting_as("job"):
        Account.objects.filter(person_id=person).update(status="closed", closed_month=month(2026, 3))
    rate("0.0100", month(2026, 1), month(2027, 1))
    assert "1 credit left out because the account cannot bear the correction" in credit(2026)
    assert balance(person) == 0
    assert in_order()


def test_an_account_closed_without_interest_stays_without(person):
    """Principal of the current year leaves with a transfer; the receiving area reckons on it (§4.2)."""
    open_with(person, "12000.00", 2026)
    pay_out(person, {3: "12000.00"}, 2026, kind="account_refund")
    with acting_as("job"):
        Account.objects.filter(person_id=person).update(status="closed", closed_month=month(2026, 3))
    credit(2026)
    assert (balance(person), parts(person, 2026), parts(person, 2026, last=3)) == (0, None, None)


def test_settling_credits_the_year_before_where_no_run_has(person):
    open_with(person, "10000.00", 2024)
    assert closing(person, 2025, 2) == 2
    assert parts(person, 2024) == yuan("262.00", "0", "0")
    assert parts(person, 2025, last=2) == yuan("25.66", "0", "0")
    credit(2024)
    assert balance(person) == D("10287.66")
    assert in_order()


def test_settling_within_a_quarter_credits_the_quarters_before_it_too(person, employer):
    for bucket in ("current_year", "prior_years"):
        rate("0.04", month(2024, 1), scheme="medical", area=AREA, bucket=bucket, credits_per_year=4)
    open_with(person, "10000.00", 2024, scheme="medical")
    pay_in(person, employer, {4: 1200}, 2024, scheme="medical")
    select = (
        f"SELECT {person}::bigint AS person_id, 'medical' AS scheme, '{AREA}' AS area_code, '2024-05-01'::date AS month"
    )
    with acting_as("job"), transaction.atomic(), connection.cursor() as cursor:
        assert settle(cursor, select) == 2
        assert settle(cursor, select) == 0
    assert parts(person, 2024, "medical", 3) == yuan("100.00", "0", "0")
    # 10,100 for April and May, 1,200 for the same two months.
    assert parts(person, 2024, "medical", 5) == yuan("67.33", "8.00", "0")
    with acting_as("job"):
        Account.objects.filter(person_id=person).update(status="closed", closed_month=month(2024, 5))
    assert "nothing to post" in credit(2024)
    assert in_order()


def test_where_no_rate_is_known_settling_credits_nothing(person):
    open_with(person, "10000.00", 2015)
    assert closing(person, 2015, 6) == 0
    assert balance(person) == D("10000.00")


def test_an_account_opened_again_is_credited_for_the_whole_year(person):
    """What was settled to March is reversed, and December stands."""
    open_with(person, "12000.00", 2024)
    closing(person, 2024, 3)
    assert balance(person) == D("12078.60")
    assert "1 credit posted" in credit(2024)
    assert parts(person, 2024, last=3) == yuan("0", "0", "0")
    assert parts(person, 2024) == yuan("314.40", "0", "0")
    assert balance(person) == D("12314.40")
    assert "nothing to post" in credit(2024)
    assert in_order()
