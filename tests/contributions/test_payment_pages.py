"""What the payment pages show: the right person hers, a stranger nothing of it, and no more than a page may weigh."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from registry.insurance import Insurance
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import BEIJING, CAST, NOW, months_ago
from tests.visitors import words

from .made_records import paid

pytestmark = pytest.mark.django_db
HEAVIEST = 60_000
SCHEMES = ("pension", "medical", "unemployment", "work_injury")


def ids(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get().pk


@pytest.fixture
def long_record(as_job):
    """Wang with forty years of payments in four schemes, by two employers in turn."""
    with as_job():
        person = InsuredPerson.objects.get(pk=ids(CAST.wang))
        person.enrolments.update(first_insured_on=date(1986, 7, 1), status_since=date(1986, 7, 1))
    for scheme in SCHEMES:
        for since, until in ((date(1986, 7, 1), date(2003, 2, 1)), (date(2003, 4, 1), months_ago(3))):
            paid(person.pk, since, until, scheme=scheme, area=BEIJING)
    return person


def get(member, name, **asked):
    return visitors.person(member).get(reverse(name), asked)


def test_the_four_facts_of_a_payment_stand_side_by_side():
    page = words(get(CAST.wang, "payment_records", year=months_ago(2).year))
    month = months_ago(2)
    due, received = month.replace(day=15), month.replace(day=10)
    assert f"1,920.00 缴费期限 {due.year}年{due.month}月{due.day}日" in page
    assert f"{received.year}年{received.month}月{received.day}日 记账 {month.year}年{month.month}月" in page


def test_what_was_declared_and_not_received_says_so():
    page = words(get(CAST.wu, "payment_records", year=months_ago(3).year))
    assert "还没有到账 还没有记账" in page
    assert "有 2 个月已申报，但没有到账" in words(get(CAST.wu, "payment_records"))


def test_the_calendar_leads_to_each_year():
    page = get(CAST.chu, "payment_records").text
    for year in range(months_ago(12).year, NOW.year + 1):
        assert f'href="?insurance=pension&amp;year={year}"' in page


def test_who_is_registered_nowhere_reads_no_zero():
    page = words(get(CAST.sun, "payment_records"))
    assert "没有查到您在本地的参保登记" in page
    assert "没有查到您在本地的参保登记" in words(get(CAST.sun, "lifetime"))


def test_who_receives_a_pension_is_not_told_that_payments_are_missing():
    page = words(get(CAST.feng, "payment_records"))
    assert "不用再缴费" in page
    assert "看起来缺少" not in page


def test_the_base_stands_in_words_in_the_picture_and_in_figures():
    page = get(CAST.wang, "payment_records", year=months_ago(2).year).text
    assert re.search(r"<title id=[^>]*>[^<]*8,000.00 元[^<]*</title>", page)
    assert 'd="M' in page
    assert "显示数字" in page


def test_a_lifetime_shows_arrears_with_an_estimate_and_its_article():
    page = words(get(CAST.wu, "lifetime"))
    assert "有 2 笔已申报、已到期，但没有到账，共 3,840.00 元" in page
    assert "社会保险法 第86条" in page
    assert "1,920.00 × 0.05 % ×" in page


def test_a_lifetime_shows_what_came_from_elsewhere_and_when_it_was_paid_back():
    assert "成都市" in words(get(CAST.chen, "lifetime"))
    assert "滞纳金 89.28 元" in words(get(CAST.chu, "lifetime"))


@pytest.mark.parametrize("name", ["payment_records", "lifetime"])
def test_a_stranger_sees_nothing_of_it(name):
    text = get(CAST.li, name).text
    for value in (CAST.wang.name, "海港食品", "8,000.00", "1,280.00"):
        assert value not in text


@pytest.mark.parametrize("name", ["payment_records", "lifetime"])
def test_signed_out_leads_to_the_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("asked", [{}, {"year": "2001"}, {"insurance": "medical"}])
def test_forty_years_cost_no_more_queries_and_no_heavy_page(long_record, asked, django_assert_max_num_queries):
    client = visitors.person(CAST.wang)
    with django_assert_max_num_queries(17):
        page = client.get(reverse("payment_records"), asked)
    assert len(page.content) <= HEAVIEST


def test_a_lifetime_of_forty_years_costs_no_more(long_record, django_assert_max_num_queries):
    client = visitors.person(CAST.wang)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("lifetime"))
    assert len(page.content) <= HEAVIEST
    assert "没有参保" not in words(page)


def test_the_sums_of_a_year_are_those_of_its_records(long_record):
    """640 a month by Wang, 1,280 by the employer; nobody's rule is asked twice."""
    page = words(get(CAST.wang, "payment_records", year="2001"))
    assert f"个人缴费{Decimal(12 * 640):,.2f} 元" in page
    assert f"单位缴费{Decimal(12 * 1280):,.2f} 元" in page


def test_every_insurance_can_be_asked_for():
    client = visitors.person(CAST.wang)
    for insurance in Insurance:
        answer = client.get(reverse("payment_records"), {"insurance": insurance.value})
        assert (answer.status_code, answer.context["records"].insurance) == (200, insurance)
