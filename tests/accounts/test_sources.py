"""Where the balance comes from: terms that add up to the fen, each with its lines, each line with its source."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.explain import entries_of, lines_of
from accounts.growth import HEIGHT, growth
from accounts.models import Account, Entry
from accounts.sources import GROUPS, sources_of
from registry.models import InsuredPerson
from registry.months import add_months
from tests import visitors
from tests.cast import BEIJING, CAST, TODAY, months_ago
from tests.entrusting import proxy_of
from tests.many_years import live_long
from tests.staged import OCTOBER, employer_line, load, opening_line
from tests.years import credit, month, open_with, pay_in, pay_out, rate

from .correcting import corrected, right
from .sealing import undo_opening

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/pension/sources/"
LARGEST = 60_000


def of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def amounts(sources):
    return {each.kind.value: each.amount for group in sources.groups for each in group.sums}


def english(client, query=""):
    client.cookies["language"] = "en"
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(ADDRESS + query).text).split())


def lines_add_up(account, sources, until=None):
    """Every term is the sum of its lines, year by year, and every line leads to a batch."""
    for group in sources.groups:
        for each in group.sums:
            entries = list(entries_of(account, each.kind, until=until))
            assert (sum(entry.amount for entry in entries), len(entries)) == (each.amount, each.lines)
            for year, amount in each.years.items():
                found = lines_of(list(entries_of(account, each.kind, year, until)))
                assert sum(line.amount for line in found) == amount
                assert {line.entry.booked_month.year for line in found} == {year}


def test_every_kind_of_entry_stands_in_one_group():
    kinds = [kind for _label, members in GROUPS.values() for kind in members]
    assert sorted(kinds) == sorted(Entry.Kind)


def test_the_terms_add_up_to_the_balance():
    account = Account.objects.get(person=of(CAST.wang), scheme="pension")
    sources = sources_of(account)
    assert amounts(sources) == {"opening": Decimal("12345.67"), "contrib_ind": Decimal("1840.00")}
    assert sources.balance == account.balance == sources.years[-1].closing
    lines_add_up(account, sources)


def test_what_was_undone_is_told_once(person):
    open_with(person, "10000.00", 2026)
    credit(2026)
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    account = Account.objects.get(person_id=person)
    sources = sources_of(account)
    assert amounts(sources) == {"opening": Decimal("10000.00"), "interest_opening": Decimal("200.00")}
    assert [entry.amount for entry in entries_of(account, Entry.Kind.INTEREST_OPENING)].count(Decimal("-150.00")) == 1
    lines_add_up(account, sources)


def test_corrections_stand_with_what_they_put_right(person, employer):
    load("employer_contributions", [employer_line(person, employer)])
    corrected(person, rights=[right("contrib_ind", "600.00"), right("manual", "1.00")])
    assert amounts(sources_of(Account.objects.get(person_id=person))) == {
        "contrib_ind": Decimal("600.00"),
        "manual": Decimal("1.00"),
    }


def test_an_account_whose_opening_was_undone(person):
    load("openings", [opening_line(person)])
    undo_opening(person)
    sources = sources_of(Account.objects.get(person_id=person))
    assert (amounts(sources), sources.balance, growth(sources.years)) == ({"opening": 0}, 0, None)


def test_the_balance_at_an_earlier_month(person, employer):
    for number in range(4):
        day = add_months(OCTOBER, -number)
        load("employer_contributions", [employer_line(person, employer, slip_no=f"S{number}", month=day)])
    account = Account.objects.get(person_id=person)
    found = [sources_of(account, add_months(OCTOBER, -number)).balance for number in range(5)]
    assert found == [Decimal(text) for text in ("2560.00", "1920.00", "1280.00", "640.00", "0.00")]


def test_the_picture_stacks_to_what_was_ever_there(person, employer):
    open_with(person, "10000.00", 2024)
    pay_in(person, employer, dict.fromkeys(range(1, 13), 640), 2025)
    pay_out(person, {6: "4000.00"}, 2026)
    sources = sources_of(Account.objects.get(person_id=person))
    picture = growth(sources.years)
    assert [label.year for label in picture.labels] == [2026, 2025, 2024]
    assert picture.layers == ["own", "other", "out"]
    per_yuan = HEIGHT / (20000 + 4000)
    tall = {(bar.layer, bar.x): bar.height for bar in picture.bars}
    last = max(x for _layer, x in tall)
    assert tall["own", last] == round(7680 * per_yuan, 1)
    assert tall["other", last] == round(10000 * per_yuan, 1)
    assert tall["out", last] == round(4000 * per_yuan, 1)
    assert (picture.mark.text, picture.mark.y < picture.zero) == ("CNY 20,000", True)


def test_the_page_shows_the_equation():
    page = english(visitors.person(CAST.wang))
    assert "Opening balance taken over 12,345.67 " in page
    assert "Own contribution 1,840.00 " in page
    assert "= Balance 14,185.67" in page
    assert "北京市社会保险经办机构" in page


def test_the_lines_of_a_term():
    client = visitors.person(CAST.wang)
    page = english(client, f"?term=contrib_ind&year={months_ago(2).year}")
    assert "640.00" in page and "Base CNY 8,000.00 · 海港食品有限公司" in page
    assert "Rule pension.employee.2019-05 (version 1)" in page
    assert "Social Insurance Law, art. 12" in page
    assert "Slip SU1-" in page and "contributions-SI.csv, row" in page
    opened = english(client, "?term=opening")
    assert "From: 旧系统. No detail of earlier months is known." in opened


def test_base_and_employer_belong_to_the_payment_records():
    proxy = proxy_of(CAST.wang, CAST.chen, scopes=["accounts"])[0]
    page = english(proxy, "?term=contrib_ind")
    assert "640.00" in page and "Slip SU1-" in page
    assert "8,000.00" not in page and "海港食品有限公司" not in page


def test_a_subsidy_names_who_gave_it():
    page = english(visitors.person(CAST.qian), "?term=subsidy")
    assert "60.00" in page and "Paid by: City" in page and "Social Insurance Law, art. 20" in page


def test_the_balance_of_a_month_on_the_page():
    month_asked = months_ago(2)
    query = f"?to_year={month_asked.year}&to_month={month_asked.month}"
    assert "= Balance 49,640.29" in english(visitors.person(CAST.feng), query)
    before = months_ago(12)
    page = english(visitors.person(CAST.feng), f"?to_year={before.year}&to_month={before.month}")
    assert "= Balance 50,000.00" in page


@pytest.mark.parametrize("query", ["?to_year=1900&to_month=1", "?year=soon", "?account=x", "?term=lottery"])
def test_what_cannot_be_read_says_so_and_shows_the_rest(query):
    page = english(visitors.person(CAST.wang), query)
    assert "thing needs to be changed" in page
    assert "= Balance 14,185.67" in page


def test_a_month_to_come():
    if TODAY.month == 12:
        pytest.skip("Of this year no month is to come.")
    page = english(visitors.person(CAST.wang), f"?to_year={TODAY.year}&to_month={TODAY.month + 1}")
    assert f"{TODAY.year}-{TODAY.month + 1:02d} has not come yet." in page


def test_a_mover_chooses_the_account():
    person = of(CAST.wang)
    live_long(person.pk, TODAY.year - 1, years=1)
    client = visitors.person(CAST.wang)
    first, second = english(client, "?account=1"), english(client, "?account=2")
    balances = {
        a.area_code: f"= Balance {a.balance:,.2f}" for a in Account.objects.filter(person=person, scheme="pension")
    }
    assert len(balances) >= 2 and balances[BEIJING] in first + second
    assert sum(told in first for told in balances.values()) == sum(told in second for told in balances.values()) == 1
    assert english(client, "?account=99")


def test_without_an_account_the_page_says_why():
    page = visitors.person(CAST.wang).get("/accounts/unemployment/sources/")
    assert "这个险种没有个人账户" in page.text
    assert "没有查到您在本地的参保登记" in visitors.person(CAST.sun).get(ADDRESS).text


def test_a_stranger_sees_nothing_of_hers():
    client = visitors.person(CAST.li)
    for query in ("", "?term=contrib_ind", "?account=2", "?term=opening"):
        page = client.get(ADDRESS + query)
        assert page.status_code == 200
        assert not [value for value in ("14,185.67", "12,345.67", "海港食品有限公司") if value in page.text]


def test_nobody_is_led_to_sign_in(client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/?next=")


def asked_and_sized(client, query):
    with CaptureQueriesContext(connection) as queries:
        page = client.get(ADDRESS + query)
    return len(queries), len(page.content)


def test_forty_years_cost_no_more_queries_than_one_and_fit_the_page():
    long, short = of(CAST.wang), of(CAST.li)
    live_long(long.pk, TODAY.year - 1)
    load("openings", [opening_line(short.pk, area_code="990200", month=months_ago(1))])
    pages = {}
    for member, number in ((CAST.wang, 1), (CAST.li, 2)):
        client = visitors.person(member)
        client.get(ADDRESS)
        pages[member] = [asked_and_sized(client, f"?account={number}{query}") for query in ("", "&term=contrib_ind")]
    (equation, size), (lines, of_lines) = pages[CAST.wang]
    assert equation == pages[CAST.li][0][0] <= 20
    assert lines <= 32
    assert max(size, of_lines) < LARGEST
    account = Account.objects.filter(person=long).order_by("opened_month").first()
    assert len(sources_of(account).years) == 40
    lines_add_up(account, sources_of(account))


def test_the_name_of_the_page_stands_in_the_log():
    client = visitors.person(CAST.wang)
    client.get(ADDRESS)
    client.cookies["language"] = "en"
    assert "Where the balance comes from" in visitors.words(client.get(reverse("who_looked"), {"who": "self"}))
