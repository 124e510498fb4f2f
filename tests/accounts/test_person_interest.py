"""Interest as its owner reads it: the rate with its source, the sum with her own numbers, what was put right."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from accounts.person_interest import interest_of
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import CAST, TODAY
from tests.many_years import live_long
from tests.staged import AREA
from tests.years import credit, month, open_with, pay_in, pay_out, rate

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/pension/interest/"
AFTERWARDS = date(2027, 3, 1)
LARGEST = 60_000
# No year before it can be credited.
FIRST_CREDITED = 1990
# Between a number and its sign.
NB = "\N{NO-BREAK SPACE}"


def of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def earned(person, year=None, today=AFTERWARDS, scheme="pension"):
    return interest_of(Account.objects.get(person_id=person, scheme=scheme), year, today)


def english(client, query=""):
    client.cookies["language"] = "en"
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(ADDRESS + query).text).split())


def test_a_year_with_its_rate_its_source_and_its_sum(person, employer):
    open_with(person, "25000.00", 2023)
    pay_in(person, employer, dict.fromkeys(range(1, 13), 640), 2023)
    pay_out(person, {12: "100.00"}, 2023)
    credit(2023)
    told = earned(person, 2023)
    (period,) = told.chosen.periods
    assert (told.chosen.state, told.chosen.amount) == ("final", Decimal("992.50") + Decimal("165.15") - Decimal("0.33"))
    assert [(each.current, each.prior) for each in period.rates_told] == [(f"3.97{NB}%", "")]
    assert told.chosen.published == {row.source: row.confirmed for row in period.rates} != {}
    assert period.worked.total == period.credit.total == told.chosen.amount == told.total
    months = period.worked.parts[1]
    assert (months.product, months.principal) == (Decimal("49920.00"), Decimal("7680.00"))


def test_a_provisional_year_and_the_one_that_took_its_place(person):
    open_with(person, "10000.00", 2026)
    credit(2026)
    assert earned(person).chosen.state == "provisional"
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    told = earned(person)
    (period,) = told.chosen.periods
    assert (told.chosen.state, told.total) == ("final", Decimal("200.00"))
    (old,) = period.superseded
    assert (old.credit.total, old.terms.is_provisional, old.rates_told[0].current) == (
        Decimal("150.00"),
        True,
        f"1.5{NB}%",
    )


def test_years_without_interest_say_why(person):
    open_with(person, "100.00", 2024)
    pay_out(person, {1: "100.00"}, 2024)
    open_with(person, "1000.00", 2025, line=2)
    credit(2024)
    states = {year.year: year.state for year in earned(person, today=date(2026, 11, 1)).years}
    assert states == {2026: "running", 2025: "awaited", 2024: "nothing"}


def test_several_periods_a_year_and_two_rates(person, employer):
    for bucket, value in (("current_year", "0.01"), ("prior_years", "0.02")):
        rate(
            value,
            month(2024, 1),
            month(2025, 1),
            scheme="medical",
            area=AREA,
            bucket=bucket,
            credits_per_year=2,
        )
    open_with(person, "1000.00", 2024, scheme="medical")
    pay_in(person, employer, {3: 1200}, 2024, scheme="medical")
    credit(2024)
    told = earned(person, scheme="medical")
    assert [period.credit.period for period in told.chosen.periods] == [month(2024, 6), month(2024, 12)]
    assert [(each.current, each.prior) for each in told.chosen.rates] == [(f"1{NB}%", f"2{NB}%")]
    assert sum(period.worked.total for period in told.chosen.periods) == told.chosen.amount


def with_interest(member):
    person = of(member)
    live_long(person.pk, TODAY.year - 1, years=6)
    return Account.objects.filter(person=person, scheme="pension", area_code=AREA).get()


def number_of(account):
    accounts = Account.objects.filter(person_id=account.person_id, scheme="pension").order_by("opened_month", "pk")
    return [each.pk for each in accounts].index(account.pk) + 1


def told_rate(period):
    return period.rates_told[0].current.replace(NB, " ")


def test_the_page_shows_the_sum():
    account = with_interest(CAST.wang)
    client = visitors.person(CAST.wang)
    year = TODAY.year - 1
    told = interest_of(account, year, TODAY)
    page = english(client, f"?account={number_of(account)}&year={year}")
    assert "Rate: 4 % a year" in page and "Source: a test" in page and "✓ final" in page
    for part in told.chosen.periods[0].worked.parts:
        assert part.formula in page and f"{part.amount:,.2f}" in page
    assert "640.00 × 12 = 7,680.00" in page
    (old,) = told.chosen.periods[0].superseded
    assert f"First CNY {old.credit.total:,.2f} was credited, at {told_rate(old)}. That was undone" in page
    assert f"{told.total:,.2f}" in page
    assert "14,185.67" not in page


def test_a_provisional_year_is_said_in_words():
    person = of(CAST.wang)
    live_long(person.pk, TODAY.year - 1, years=6)
    credit(TODAY.year)
    account = Account.objects.get(person=person, area_code=AREA, scheme="pension")
    page = english(visitors.person(CAST.wang), f"?account={number_of(account)}&year={TODAY.year}")
    assert f"The interest rate of {TODAY.year} is not published yet. It is reckoned at 4 % for now" in page


def test_an_account_without_interest_yet():
    page = english(visitors.person(CAST.wang), f"?year={TODAY.year}")
    assert f"{TODAY.year} is not over. Its interest is credited when the year has ended." in page


def test_without_an_account_the_page_says_why():
    client = visitors.person(CAST.wang)
    assert "这个险种没有个人账户" in client.get("/accounts/unemployment/interest/").text
    assert "没有查到您在本地的参保登记" in visitors.person(CAST.sun).get(ADDRESS).text


def test_a_stranger_sees_nothing_of_hers():
    account = with_interest(CAST.wang)
    told = interest_of(account, None, TODAY)
    page = visitors.person(CAST.li).get(f"{ADDRESS}?account={number_of(account)}")
    assert page.status_code == 200
    assert f"{told.total:,.2f}" not in page.text and f"{told.chosen.amount:,.2f}" not in page.text


def test_nobody_is_led_to_sign_in(client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/?next=")


def queries_and_size(member, account):
    client = visitors.person(member)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"{ADDRESS}?account={number_of(account)}")
    return len(queries), len(page.content)


def test_every_year_there_can_be_costs_no_more_queries_than_six_and_fits_the_page():
    few, _size = queries_and_size(CAST.li, with_interest(CAST.li))
    person = of(CAST.wang)
    earn_every_year(person.pk)
    many, size = queries_and_size(CAST.wang, Account.objects.get(person=person, scheme="pension", area_code=AREA))
    assert few == many <= 30
    assert size < LARGEST


def earn_every_year(person):
    """An opening balance and the interest of every year since; places and later rates are there already."""
    first = FIRST_CREDITED
    rate("0.03", month(first, 1), month(TODAY.year - 6, 1), area=AREA)
    open_with(person, "1000.00", first)
    for year in range(first, TODAY.year):
        credit(year)
