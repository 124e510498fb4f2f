"""One's own payment list: the period, the runs of like months, the sums, the paper."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from contributions.models import Contribution
from documents.own_list import own_list
from inquiries.models import AccessLog
from registry.insurance import Insurance
from registry.months import add_months
from registry.templatetags.words import money
from tests import long_record, visitors
from tests.cast import BASE, CAST, LAST, STRANGER_BASE, TODAY, months_ago
from tests.long_record import person_of

pytestmark = pytest.mark.django_db
PAGE, PRINT = reverse("my_list"), reverse("my_list_print")
FIRST = months_ago(12)


def listed(member, first=FIRST, last=LAST, insurances=Insurance):
    return own_list(person_of(member), first, last, insurances, TODAY)


def test_the_sums_are_those_of_the_records():
    found = listed(CAST.wang)
    hers = Contribution.objects.filter(person_id=person_of(CAST.wang).pk)
    own, er, account = (hers.aggregate(s=Sum(name))["s"] for name in ("ind_share", "er_share", "to_account"))
    assert (found.sums[0], found.sums[1], found.sums[3]) == (own, er, account)
    for each in found.schemes:
        assert each.sums[0] == hers.filter(scheme=each.scheme).aggregate(s=Sum("ind_share"))["s"]
        assert each.months == 3


def test_like_months_in_a_row_are_one_run_and_a_refund_is_its_own():
    (pension,) = listed(CAST.wang, insurances=[Insurance.PENSION]).schemes
    assert [(run.kind, run.first, run.last, run.months) for run in pension.runs] == [
        ("normal", months_ago(3), months_ago(1), 3),
        ("refund", months_ago(3), months_ago(3), 1),
    ]
    assert pension.runs[0].own == 3 * BASE * Decimal("0.08")


def test_a_run_ends_where_a_month_is_missing(as_job):
    person = person_of(CAST.sun)
    with as_job():
        for back in (6, 5, 3):
            Contribution.objects.bulk_create([long_record._received(person, "pension", months_ago(back), BASE)])
    (pension,) = listed(CAST.sun).schemes
    assert [(run.first, run.last) for run in pension.runs] == [
        (months_ago(6), months_ago(5)),
        (months_ago(3), months_ago(3)),
    ]


def test_page_and_paper_show_the_same_sums():
    client = visitors.person(CAST.wang)
    page, paper = visitors.words(client.get(PAGE)), visitors.words(client.get(PRINT))
    for each in listed(CAST.wang).schemes:
        assert money(each.sums[0]) in page and money(each.sums[0]) in paper
    for words in ("个人缴费清单", "单位：元", "以下空白", CAST.wang.name, "海港食品有限公司", "990101********"):
        assert words in paper, words
    client.get(PRINT, {"since": f"{FIRST:%Y-%m}", "until": f"{LAST:%Y-%m}", "insurance": "pension"})
    printed = AccessLog.objects.filter(page="documents.my_list_print", kind="print").order_by("at")
    assert [row.detail for row in printed] == ["", f"pension {FIRST:%Y-%m} {LAST:%Y-%m}"]


def test_months_in_arrears_are_named_beside_the_list():
    text = visitors.words(visitors.person(CAST.wu).get(PAGE, {"since": f"{FIRST:%Y-%m}", "until": f"{LAST:%Y-%m}"}))
    assert "欠缴的月份" in text
    assert f"{months_ago(3).year}年{months_ago(3).month}月" in text


def test_an_empty_list_says_whether_it_is_known():
    period = {"since": f"{months_ago(2):%Y-%m}", "until": f"{months_ago(1):%Y-%m}"}
    assert "没有到账的缴费" in visitors.words(visitors.person(CAST.zhao).get(PAGE, period))
    assert "还不能确定" in visitors.words(visitors.person(CAST.zheng).get(PAGE, period))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "soon"}, "2026-10"),
        ({"until": f"{add_months(LAST, 3):%Y-%m}"}, "还没有到"),
        ({"since": "1980-01"}, "开始"),
        ({"insurance": "lottery"}, "五个险种"),
        ({"since": f"{months_ago(1):%Y-%m}", "until": f"{months_ago(2):%Y-%m}"}, "结束月份要在开始月份之后"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_listed(asked, words):
    client = visitors.person(CAST.wang)
    answer = client.get(PAGE, asked)
    assert words in visitors.words(answer) and "errors" in answer.text
    assert "海港食品有限公司" not in answer.text
    assert client.get(PRINT, asked).headers["Location"].startswith(PAGE)


def test_a_strangers_list_holds_nothing_of_hers():
    text = visitors.person(CAST.li).get(PAGE).text
    assert "海港食品有限公司" not in text and money(BASE) not in text
    assert money(STRANGER_BASE) in text


@pytest.mark.parametrize("address", [PAGE, PRINT])
def test_whoever_is_not_signed_in_is_led_to_sign_in(address):
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("member", [CAST.wang, CAST.sun, CAST.wei], ids=lambda m: m.name)
@pytest.mark.parametrize(("address", "queries"), [(PAGE, 15), (PRINT, 16)])
def test_queries_and_size_do_not_depend_on_the_history(member, address, queries, django_assert_max_num_queries):
    if member is CAST.wei:
        long_record.give(CAST.wei)
    client = visitors.person(member)
    client.get(address)
    asked = {"since": f"{LAST.year - long_record.YEARS}-01", "until": f"{LAST:%Y-%m}"} if member is CAST.wei else {}
    with django_assert_max_num_queries(queries):
        answer = client.get(address, asked)
    assert answer.status_code == 200
    assert len(answer.content) < 60_000
