"""The pension estimate as a page: when, how many months, a range with its working, and an open refusal."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.pension_grounds import PensionGrounds
from accounts.prospects import Suppositions, prospects
from accounts.what_if import range_of
from accounts.working import in_words
from contributions.models import AverageWage, CalculationBase
from registry.models import InsuredPerson
from registry.months import add_months
from registry.roles import acting_as
from registry.templatetags.words import money
from tests import long_record, visitors
from tests.cast import BASE, BEIJING, CAST, NOW, TODAY
from tests.long_record import person_of

pytestmark = pytest.mark.django_db
PAGE = reverse("prospects")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def law(model, since, until, amount):
    with acting_as("job"):
        model.objects.create(
            key=f"test.{since}",
            area_code=BEIJING,
            period=DateRange(since, until),
            amount=Decimal(amount),
            source="test",
            origin="national",
            state="in_force",
        )


def page_of(member, **asked):
    return visitors.words(visitors.person(member).get(PAGE, asked))


def told(member, category=None, **suppositions):
    suppose = Suppositions(**suppositions)
    return range_of(PensionGrounds(person_of(member), TODAY), category, None, suppose)


# What Li supposes, so that nothing is missing: he is a man with three months on record.
FIGURES = {"calculation_base": "12049.00", "index": "0.95", "average_wage": "12000", "interest_rate": "1.5"}
SUPPOSED = {
    "calculation_base": Decimal("12049.00"),
    "index": Decimal("0.95"),
    "average_wage": Decimal("12000"),
    "interest_rate": Decimal("0.015"),
}


def test_a_man_reads_when_he_may_retire():
    dates = prospects(person_of(CAST.li), TODAY).dates
    text = page_of(CAST.li)
    for month in (dates.statutory, dates.earliest, dates.latest):
        assert f"{month.year}年{month.month}月" in text
    assert "63 岁" in text and "适用哪一个退休年龄" not in text


def test_a_woman_is_asked_and_gets_the_answer_of_her_choice():
    asked = page_of(CAST.wang)
    assert "您适用哪一个退休年龄" in asked and "法定退休年月" not in asked
    for category in ("female_50", "female_55"):
        dates = prospects(person_of(CAST.wang), TODAY, category).dates
        assert f"{dates.statutory.year}年{dates.statutory.month}月" in page_of(CAST.wang, category=category)
    assert "errors" in visitors.person(CAST.wang).get(PAGE, {"category": "male_60"}).text


def test_what_is_missing_is_named_and_no_amount_is_guessed():
    text = page_of(CAST.li)
    reasons = prospects(person_of(CAST.li), TODAY).missing
    assert "calculation_base" in {reason.code for reason in reasons}
    with override("zh-hans"):
        assert [reason for reason in reasons if in_words(reason) not in text] == []
    assert "现在还算不出金额" in text and "缺的数字我们不猜" in text
    assert "算不出来" in text


def test_the_months_against_the_minimum_come_from_the_records_and_the_rules():
    estimate = prospects(person_of(CAST.li), TODAY).estimate
    text = page_of(CAST.li)
    assert estimate.facts.months == 3 and f"{estimate.minimum} 个月" in text
    assert "已缴（有记录）3 个月" in text


@pytest.fixture
def young():
    """Li with forty years of work before him."""
    with acting_as("job"):
        InsuredPerson.objects.filter(pk=person_of(CAST.li).pk).update(birth_date=date(TODAY.year - 24, 5, 1))


def test_with_figures_supposed_the_working_is_shown_to_the_fen():
    long_record.give(CAST.li)
    estimate = told(CAST.li, base=Decimal("8000.00"), **SUPPOSED).told.estimate
    text = page_of(CAST.li, base="8000.00", **FIGURES)
    for amount in (estimate.basic, estimate.account, estimate.total, estimate.facts.balance):
        assert money(amount) in text
    assert str(estimate.divisor) in text and str(estimate.facts.index) in text
    assert "12,049.00" in text and "平均缴费指数（您假设的）" in text


def test_too_few_months_make_one_figure_and_a_word_why(young):
    found = told(CAST.li, base=Decimal("8000.00"), **SUPPOSED)
    assert found.stops_too_early and len(found.totals) == 1
    assert "从现在起不再缴费，年限就不够" in page_of(CAST.li, base="8000.00", **FIGURES)
    assert "暂时不能按月领取" in page_of(CAST.li, base="", **FIGURES)


def test_enough_months_make_a_range_of_two_figures():
    long_record.give(CAST.li)
    found = told(CAST.li, base=Decimal("9000.00"), **SUPPOSED)
    low, high = found.totals
    assert low < high
    text = page_of(CAST.li, base="9000.00", **FIGURES)
    assert f"{money(low)} 元 – {money(high)} 元" in text and "够了" in text


def test_a_supposed_index_gives_way_to_the_records():
    suppose = Suppositions(index=Decimal(3))
    with acting_as("job"):
        AverageWage.objects.filter(area_code=BEIJING, state="in_force").update(state="withdrawn", withdrawn_at=NOON)
    assert prospects(person_of(CAST.li), TODAY, suppose=suppose).facts.index == Decimal(3)
    for year in (NOW.year - 2, NOW.year - 1):
        law(AverageWage, date(year, 1, 1), date(year + 1, 1, 1), "9150.00")
    facts = prospects(person_of(CAST.li), TODAY, suppose=suppose).facts
    assert facts.index == Decimal("1.0000")
    assert "average_index" not in dict(facts.assumptions)


def test_why_payments_that_go_on_cannot_be_counted_is_told_too(young):
    with acting_as("job"):
        AverageWage.objects.filter(area_code=BEIJING, state="in_force").update(state="withdrawn", withdrawn_at=NOON)
    asked = {"base": "8000.00", "calculation_base": "12049.00", "index": "1"}
    assert f"没有北京市 {NOW.year - 1}年的社会平均工资" in page_of(CAST.li, **asked)
    assert "社会平均工资。" not in page_of(CAST.li, **asked, average_wage="12000")


def test_the_published_calculation_base_is_used_and_named():
    found = prospects(person_of(CAST.li), TODAY)
    month = found.dates.statutory
    law(CalculationBase, month, add_months(month, 12), "15000.00")
    assert "15,000.00" in page_of(CAST.li, index="1")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"base": "-5"}, "base"),
        ({"index": "9"}, "index"),
        ({"retires_in": ""}, "请选择年月"),
        ({"retires_in": "soon"}, "2026-10"),
    ],
)
def test_what_cannot_be_read_is_told_beside_the_field(asked, words):
    answer = visitors.person(CAST.li).get(PAGE, asked)
    assert 'class="errors"' in answer.text and words in answer.text


def test_a_month_outside_the_window_is_refused_in_words():
    assert "1990年1月" in page_of(CAST.li, retires_in="1990-01")


def test_whoever_is_paid_already_or_registered_nowhere_gets_no_estimate():
    retired = page_of(CAST.feng)
    assert "换一种情况" not in retired and "每月大约" not in retired
    nowhere = page_of(CAST.sun, category="female_55")
    assert "国家规定" in nowhere and "法定退休年月" in nowhere
    resident = page_of(CAST.qian)
    assert "每月大约" not in resident


def test_a_strangers_page_holds_nothing_of_his():
    text = visitors.person(CAST.wang).get(PAGE, {"category": "female_55"}).text
    assert "9150" not in text and CAST.li.name not in text
    assert f"{BASE:.2f}" in text


def test_whoever_is_not_signed_in_is_led_to_sign_in():
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("member", [CAST.li, CAST.sun, CAST.wei], ids=lambda m: m.name)
def test_queries_and_size_do_not_depend_on_the_history(member, django_assert_max_num_queries):
    if member is CAST.wei:
        long_record.give(CAST.wei)
        with acting_as("job"):
            InsuredPerson.objects.filter(pk=person_of(CAST.wei).pk).update(sex="M")
    client = visitors.person(member)
    client.get(PAGE)
    with django_assert_max_num_queries(28):
        answer = client.get(PAGE, FIGURES | {"base": "8000"})
    assert len(answer.content) < 60_000
