"""The card, the two accounts on it, and what the register holds, masked."""

import pytest
from django.urls import reverse

from portal.card_data import card_data
from registry.models import Card
from tests import visitors
from tests.cast import CAST, TODAY
from tests.living import person_of, refuse

pytestmark = pytest.mark.django_db
PAGE = reverse("my_card")


def page_of(member):
    return visitors.words(visitors.person(member).get(PAGE))


def test_the_face_of_the_card():
    page = page_of(CAST.wang)
    masked = f"{CAST.wang.number[:6]}********{CAST.wang.number[-4:]}"
    for words in ("王小明", masked, "…0101", "北京市", "2020年5月6日"):
        assert words in page


def test_the_two_accounts_are_told_apart():
    page = page_of(CAST.wang)
    for words in ("社保账户", "银行账户", "工商银行", "尾号 4321", "未激活", "两个账户不能互转"):
        assert words in page
    assert "元" not in page.split("银行账户")[1].split("登记的个人信息")[0]


def test_what_is_masked_is_nowhere_whole():
    page = page_of(CAST.wang)
    for words in ("138****0101", "和平路****", "1984-**-**", "汉族", "城镇"):
        assert words in page
    for whole in (CAST.wang.number, CAST.wang.number[6:14], "13800000101", "和平路101号", "BJ0000101"):
        assert whole not in page


def test_it_says_what_to_do_where_it_is_wrong():
    page = page_of(CAST.wang)
    for words in ("这项有误？", "个人信息保护法 第46条", "12333"):
        assert words in page
    assert f'href="{reverse("halls")}"' in visitors.person(CAST.wang).get(PAGE).text


def test_the_card_in_use_stands_before_an_older_and_a_lost_one(as_job):
    card = Card.objects.get(person=person_of(CAST.wang))
    with as_job():
        card.pk, card.number_hash, card.status, card.issued_on = None, b"1" * 32, Card.Status.LOST, TODAY
        card.save()
    data = card_data(person_of(CAST.wang), TODAY)
    assert [each.status for each in (data.card, *data.others)] == ["active", "lost"]
    assert "另外 1 张卡" in page_of(CAST.wang)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "not_activated"}, "激活以前不能结算"),
        ({"status": "lost"}, "已挂失"),
        ({"bank_status": "none"}, "这张卡没有银行账户"),
        ({"bank_status": "active"}, "这里查不到它的余额"),
    ],
)
def test_each_state_says_what_to_do(as_job, changes, words):
    with as_job():
        Card.objects.filter(person=person_of(CAST.wang)).update(**changes)
    assert words in page_of(CAST.wang)


def test_none_is_said_only_of_a_complete_source(as_job):
    wang = person_of(CAST.wang)
    with as_job():
        Card.objects.filter(person=wang).update(person=person_of(CAST.li))
    assert "没有查到您的社保卡" in page_of(CAST.wang)
    refuse("cards")
    page = page_of(CAST.wang)
    assert "没有查到您的社保卡" not in page and "还不能确定" in page


def test_at_the_window_the_name_is_masked():
    page = visitors.words(visitors.clerk_serving(CAST.wang).get(PAGE))
    assert "王*明" in page and "王小明" not in page


def test_a_stranger_sees_none_of_it():
    page = page_of(CAST.li)
    assert "王小明" not in page and "…0101" not in page


def test_queries_are_fixed(django_assert_num_queries):
    for member in (CAST.wang, CAST.feng):
        client = visitors.person(member)
        client.get(PAGE)
        with django_assert_num_queries(12):
            client.get(PAGE)
