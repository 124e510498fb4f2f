"""Who looked at my record: the person's page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries import looked
from registry.models import Employer
from tests import visitors
from tests.cast import CAST, HARBOUR, OPERATOR
from tests.looking import moment, own_user, person_of, plant, user_of

pytestmark = pytest.mark.django_db
QUERIES = 13


def page_of(member=CAST.wang, **picked):
    return visitors.words(visitors.person(member).get(reverse("who_looked"), picked))


def test_own_look_ups_of_a_month_stand_folded():
    client = visitors.person(CAST.wang)
    for name in ("my_accounts", "my_accounts", "payment_records"):
        client.get(reverse(name))
    page = client.get(reverse("who_looked")).text
    assert page.count("您本人 4 次") == 1
    assert page.count("<details>") == 1
    assert "近 12 个月只有您本人查询过。" in page


def test_a_visit_is_one_line_with_everything_that_was_shown():
    client = visitors.clerk_serving(CAST.wang)
    client.get(reverse("my_accounts"))
    client.get(reverse("my_accounts"))
    client.get(reverse("payment_records"))
    page = page_of()
    assert page.count("窗口经办人") == 1
    assert "· 1 号窗口 北京市社会保险经办机构" in page
    assert "我的账户 2 次" in page
    assert "社会保险法 §74; 社会保险经办条例 §32" in page
    assert "韩窗口" not in page
    assert "只有您本人" not in page


def test_an_employers_print_names_the_employer():
    harbour = Employer.objects.get(credit_code=HARBOUR)
    plant(CAST.wang, capacity="agent", employer=harbour.pk, page="documents.payment_list_print", kind="print")
    page = page_of()
    assert f"单位经办人 {harbour.name}" in page
    assert "职工缴费名单 · 打印" in page


def test_strangers_look_ups_never_appear():
    plant(CAST.li, office="陌生窗口")
    assert "陌生窗口" not in page_of(CAST.wang)
    assert "陌生窗口" in page_of(CAST.li)


@pytest.mark.parametrize(
    ("picked", "shown"),
    [
        ({"who": "self"}, "own"),
        ({"who": "others"}, "window unit desk"),
        ({"who": "staff"}, "window desk"),
        ({"who": "employers"}, "unit"),
        ({"kind": "print"}, "unit"),
        ({"kind": "reveal"}, ""),
        ({"months": "3"}, "own window unit"),
        ({"months": "0"}, "own window unit desk long_ago"),
        ({"months": "soon", "who": "x", "kind": "y"}, "own window unit desk"),
    ],
)
def test_filters(picked, shown):
    plant(CAST.li, capacity="self", user=own_user(CAST.li), at=moment(1))
    plant(CAST.li, office="窗甲", at=moment(2))
    plant(
        CAST.li, capacity="agent", employer=Employer.objects.get(credit_code=HARBOUR).pk, kind="print", office="乙单位"
    )
    plant(CAST.li, capacity="operator", user=user_of(OPERATOR), office="丙室", at=moment(200))
    plant(CAST.li, office="丁窗", at=moment(1500))
    page = page_of(CAST.li, **picked)
    words = {"own": "您本人 ", "window": "窗甲", "unit": "乙单位", "desk": "丙室", "long_ago": "丁窗"}
    assert {name for name, word in words.items() if word in page} == set(shown.split())


def test_nothing_of_a_kind_is_said_in_words():
    plant(CAST.li)
    assert "这段时间没有这样的查询。" in page_of(CAST.li, kind="reveal")
    assert "这段时间只有您本人查询过。" in page_of(CAST.zhao, months="3")


def test_a_long_log_is_read_page_by_page():
    for number in range(7):
        plant(CAST.li, at=moment(number))
    first = looked.page_of(person_of(CAST.li), size=3)
    second = looked.page_of(person_of(CAST.li), before=first.older, size=3)
    third = looked.page_of(person_of(CAST.li), before=second.older, size=3)
    seen = [look.act for page in (first, second, third) for look in page.looks]
    assert len(seen) == len(set(seen)) == 7
    assert third.older == ""
    assert [look.last for look in first.looks] == sorted((look.last for look in first.looks), reverse=True)


def test_the_filters_stay_on_the_next_page(monkeypatch):
    monkeypatch.setattr(looked, "PAGE_SIZE", 1)
    for number in range(looked.PAGE_SIZE + 31):
        plant(CAST.li, at=moment(number))
    page = visitors.person(CAST.li).get(reverse("who_looked"), {"who": "staff", "months": "0"}).text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert older.startswith("?who=staff&months=0&before=")


@pytest.mark.parametrize("before", ["yesterday", "", "2026-13-01T00:00:00+08:00", "2026-01-01"])
def test_a_strange_time_shows_the_newest(before):
    assert "您本人" in page_of(before=before)


def test_queries_do_not_depend_on_the_history(django_assert_num_queries):
    for member, count in ((CAST.li, 1), (CAST.zhao, 40)):
        for number in range(count):
            plant(member, at=moment(number))
        client = visitors.person(member)
        client.get(reverse("who_looked"))
        with django_assert_num_queries(QUERIES):
            client.get(reverse("who_looked"))


def test_english():
    plant(CAST.li, kind="reveal")
    client = visitors.person(CAST.li)
    client.cookies["language"] = "en"
    page = visitors.words(client.get(reverse("who_looked")))
    assert "Window clerk" in page
    assert "Whole number shown" in page
    assert "You, 1 time" in page


def test_the_first_page_names_the_last_three_by_others():
    for number in range(4):
        plant(CAST.li, at=moment(number), office=f"第{number}窗")
    page = visitors.words(visitors.person(CAST.li).get(reverse("my_accounts")))
    assert [f"第{number}窗" in page for number in range(4)] == [True, True, True, False]
    assert "近 12 个月只有您本人查询过。" in visitors.words(visitors.person(CAST.wang).get(reverse("my_accounts")))


def test_the_clerk_at_the_window_is_not_shown_who_else_looked_on_the_first_page():
    plant(CAST.wang, office="隔壁窗口")
    assert "隔壁窗口" not in visitors.clerk_serving(CAST.wang).get(reverse("my_accounts")).text


def test_the_period_begins_with_a_whole_month():
    assert looked.since_of(12) == timezone.localdate().replace(day=1).replace(
        year=timezone.localdate().year - (timezone.localdate().month != 12),
        month=timezone.localdate().month % 12 + 1,
    )
