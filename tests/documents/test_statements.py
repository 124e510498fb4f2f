"""The yearly personal-rights record: pages and print from the issued statements, and in words why there is none."""

import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from accounts import seals
from accounts.models import Entry, Statement
from documents.year_picture import bars
from documents.yearly_record import seal_of, seal_text, serial, yearly_records
from inquiries.models import AccessLog
from registry.months import month
from registry.roles import acting_as
from registry.templatetags.words import money
from tests import long_record, visitors
from tests.cast import CAST, LAST, NOW, STRANGER_BASE, TODAY, months_ago
from tests.long_record import person_of

pytestmark = pytest.mark.django_db
YEAR = LAST.year
PAGE, PRINT = reverse("statement", args=[YEAR]), reverse("statement_print", args=[YEAR])
LIST = reverse("statements")
CANNOT_TELL = "还不能确定"


@pytest.fixture
def issued():
    """The statements of the year in which the cast's last month was paid."""
    with acting_as("job"):
        for year in range(months_ago(12).year, YEAR + 1):
            call_command("credit_interest", "--year", year, verbosity=0)
            call_command("issue_statements", "--year", year, verbosity=0)


def statement_of(member, scheme="pension"):
    return Statement.objects.get(person_id=person_of(member).pk, period=month(YEAR, 12), scheme=scheme)


def test_the_figures_are_those_of_the_statement_and_of_the_books(issued):
    text = visitors.words(visitors.person(CAST.wang).get(PAGE))
    for scheme in ("pension", "medical"):
        row = statement_of(CAST.wang, scheme)
        booked = Entry.objects.filter(
            person_id=row.person_id, scheme=scheme, booked_month__range=(month(YEAR, 1), month(YEAR, 12))
        )
        moved = booked.aggregate(sum=Sum("amount"))["sum"]
        assert row.closing == row.opening + moved
        for amount in (row.opening, row.own, row.interest, row.paid_out, row.closing):
            assert money(amount) in text
    assert "北京市社会保险经办机构" in text and "北京市医疗保障经办机构" in text


def test_the_numbers_beside_the_bars_add_up(issued):
    tables = re.findall(r'<table class="stack bars">.*?</table>', visitors.person(CAST.wang).get(PAGE).text, re.S)
    assert len(tables) == 2
    for table in tables:
        amounts = re.findall(r'class="num">([+−=]?) ?(-?[\d,]+\.\d\d)<', table)
        *lines, (sign, closing) = [(sign, Decimal(amount.replace(",", ""))) for sign, amount in amounts]
        assert sign == "=" and sum(-amount if s == "−" else amount for s, amount in lines) == closing


def test_each_bar_begins_where_the_one_above_ended(issued):
    found = bars(statement_of(CAST.wang))
    edges = [(Decimal(b.left[:-1]), Decimal(b.left[:-1]) + Decimal(b.width[:-1])) for b in found]
    assert edges[0][0] == edges[-1][0] == 0
    for (_, end), (start, _), bar in zip(edges, edges[1:-1], found[1:-1], strict=False):
        if bar.amount > 0 and bar.name != "paid_out":
            assert abs(start - end) <= Decimal("0.02")
    assert max(end for _start, end in edges) <= Decimal("100.02")


def test_all_years_stand_in_a_list_with_why_one_is_missing(issued):
    text = visitors.words(visitors.person(CAST.wang).get(LIST))
    assert money(statement_of(CAST.wang).closing) in text and money(statement_of(CAST.wang, "medical").closing) in text
    if NOW.year != YEAR:
        assert "还没结束" in text


def test_before_it_is_issued_the_page_says_so():
    client = visitors.person(CAST.wang)
    assert ("还没结束" if NOW.year == YEAR else "还没结账") in visitors.words(client.get(LIST))
    text = visitors.words(client.get(PAGE))
    assert (f"{YEAR}年还没有结束" if NOW.year == YEAR else f"{YEAR}年还没有结账") in text
    assert "0.00" not in text


def test_a_year_to_come_and_one_before_the_first_account():
    client = visitors.person(CAST.wang)
    text = visitors.words(client.get(reverse("statement", args=[NOW.year + 1])))
    assert f"{NOW.year + 1}年还没有到" in text.replace(" ", "")
    assert "第一个个人账户是" in visitors.words(client.get(reverse("statement", args=[1999])))


def test_without_an_account_none_is_told_from_cannot_tell():
    assert "没有您的个人账户记录，所以没有权益记录单" in visitors.words(visitors.person(CAST.sun).get(LIST))
    assert CANNOT_TELL in visitors.words(visitors.person(CAST.zheng).get(LIST))


def test_the_paper_has_head_unit_end_and_serial(issued):
    answer = visitors.person(CAST.wang).get(PRINT)
    text = visitors.words(answer)
    record = yearly_records(person_of(CAST.wang), TODAY).of(YEAR)
    for words in ("社会保险个人权益记录单", "单位：元", "以下空白", serial(record), CAST.wang.name, "990101********"):
        assert words in text, words
    assert CAST.wang.number not in answer.text
    assert AccessLog.objects.filter(page="documents.statement_print", kind="print").count() == 1


def test_a_paper_of_a_year_without_statement_leads_to_the_page_that_says_why():
    assert visitors.person(CAST.wang).get(PRINT).headers["Location"] == PAGE


def test_at_the_window_the_name_is_masked(issued):
    text = visitors.clerk_serving(CAST.wang).get(PRINT).text
    assert CAST.wang.name not in text and money(statement_of(CAST.wang).closing) in text


def test_the_serial_is_that_of_the_figures(issued):
    record = yearly_records(person_of(CAST.wang), TODAY).of(YEAR)
    again = yearly_records(person_of(CAST.wang), TODAY).of(YEAR)
    assert serial(record) == serial(again)
    assert re.fullmatch(rf"{YEAR}(-[A-Z2-7]{{4}}){{4}}", serial(record))
    again.stated[0].statement.own += Decimal("0.01")
    assert serial(again) != serial(record)
    assert serial(yearly_records(person_of(CAST.sun), TODAY).of(YEAR)) == ""


def test_the_seal_is_the_first_of_the_day_of_issue_or_later(issued):
    record = yearly_records(person_of(CAST.wang), TODAY).of(YEAR)
    assert seal_of(record) is None
    client = visitors.person(CAST.wang)
    assert "当天的账目还没有封存" in visitors.words(client.get(PAGE))
    with acting_as("job"):
        for day in seals.days_to_seal(TODAY, TODAY):
            seals.seal(day)
    text = seal_text(seal_of(record))
    assert text.startswith(f"{TODAY:%Y-%m-%d}=") and text in client.get(PAGE).text


def test_a_strangers_record_holds_nothing_of_hers(issued):
    text = visitors.person(CAST.li).get(PAGE).text
    hers = statement_of(CAST.wang)
    for value in (CAST.wang.name, money(hers.closing), serial(yearly_records(person_of(CAST.wang), TODAY).of(YEAR))):
        assert value not in text
    assert money(statement_of(CAST.li).closing) in text
    assert money(STRANGER_BASE * Decimal("0.24")) in text


@pytest.mark.parametrize("address", [LIST, PAGE, PRINT])
def test_whoever_is_not_signed_in_is_led_to_sign_in(address):
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("member", [CAST.wang, CAST.sun, CAST.wei], ids=lambda m: m.name)
@pytest.mark.parametrize(("address", "queries"), [(LIST, 14), (PAGE, 15), (PRINT, 16)])
def test_queries_do_not_depend_on_the_history(issued, member, address, queries, django_assert_max_num_queries):
    if member is CAST.wei:
        long_record.give(CAST.wei)
    client = visitors.person(member)
    client.get(address)
    with django_assert_max_num_queries(queries):
        assert len(client.get(address).content) < 60_000


def test_forty_years_are_all_there():
    long_record.give(CAST.li)
    text = visitors.person(CAST.li).get(LIST).text
    first = YEAR - long_record.YEARS
    assert all(reverse("statement", args=[year]) in text for year in range(first, YEAR))
    assert "100.00" in visitors.words(visitors.person(CAST.li).get(reverse("statement", args=[first])))
