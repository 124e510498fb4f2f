"""Work injury, occupational disease, disability: a page of their own that asks again who is there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from inquiries.models import AccessLog, Session
from tests import visitors
from tests.cast import CAST
from tests.entrusting import proxy_of
from tests.living import benefit, disabled, diseased, injured, person_of, refuse

pytestmark = pytest.mark.django_db
PAGE = reverse("work_injury")
SENSITIVE = ("职业性噪声聋", "听力", "8 级", "一次性伤残补助金")
OTHER_PAGES = ["my_accounts", "payment_records", "registration_status", "employment", "my_card", "benefits"]


@pytest.fixture(autouse=True)
def what_happened(db):
    injured(CAST.wang)
    diseased(CAST.wang)
    disabled(CAST.wang)
    benefit(CAST.wang, "injury_grant", "work_injury", date(2024, 8, 6), pool="88000.00", decision_no="GS7")


def page_of(member):
    return visitors.words(visitors.person(member).get(PAGE))


def test_all_of_it_with_what_the_law_says_of_the_grade():
    page = page_of(CAST.wang)
    for words in (*SENSITIVE, "海港食品有限公司", "88,000.00", "11 个月的本人工资"):
        assert words in page


def test_whoever_proved_it_long_ago_is_asked_again():
    client = visitors.person(CAST.wang)
    Session.objects.update(proved_at=Session.objects.get().proved_at - timedelta(minutes=11))
    before = AccessLog.objects.count()
    answer = client.get(PAGE)
    assert answer.headers["Location"].startswith(reverse("step_up"))
    assert AccessLog.objects.count() == before


def test_the_look_stands_in_the_log():
    page_of(CAST.wang)
    looks = AccessLog.objects.filter(person_id=person_of(CAST.wang).pk, page="accounts.work_injury")
    assert looks.count() == 1


@pytest.mark.parametrize("name", OTHER_PAGES)
def test_no_other_page_holds_any_of_it(name):
    page = visitors.words(visitors.person(CAST.wang).get(reverse(name)))
    assert [words for words in SENSITIVE if words in page] == []


def test_no_proxy_sees_it():
    assert proxy_of(CAST.wang, CAST.chen)[0].get(PAGE).status_code == 403


def test_a_stranger_sees_none_of_it():
    page = page_of(CAST.li)
    for words in (*SENSITIVE, "88,000.00"):
        assert words not in page
    for words in ("没有查到您的工伤认定", "没有查到您的职业病", "没有查到您的残疾证", "工伤保险目前没有向您支付过待遇"):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "none"),
    [("injuries", "没有查到您的工伤认定"), ("diseases", "没有查到您的职业病"), ("disabilities", "没有查到您的残疾证")],
)
def test_none_is_said_only_of_a_complete_source(kind, none):
    refuse(kind)
    page = page_of(CAST.li)
    assert none not in page and "还不能确定" in page


def test_queries_do_not_depend_on_the_history(django_assert_max_num_queries):
    for year in range(2011, 2024):
        injured(CAST.wang, date(year, 5, 6), grade=9)
    client = visitors.person(CAST.wang)
    client.get(PAGE)
    with django_assert_max_num_queries(16):
        client.get(PAGE)
