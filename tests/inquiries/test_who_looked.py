import pytest
from django.urls import reverse

from inquiries import looked
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import CAST

pytestmark = pytest.mark.django_db


def test_own_look_ups_are_listed_newest_first():
    client = visitors.person(CAST.wang)
    client.get(reverse("my_accounts"))
    page = client.get(reverse("who_looked")).text
    assert "您本人" in page
    assert page.index("谁查过我的记录</td>") < page.index("我的账户</td>")


def test_a_long_log_is_read_page_by_page():
    client = visitors.person(CAST.wang)
    for _ in range(5):
        client.get(reverse("me"))
    person = InsuredPerson.objects.with_number("citizen", CAST.wang.number).get()
    first = looked.page_of(person, size=3)
    second = looked.page_of(person, before=first.older, size=3)
    assert len(first.rows) == 3
    assert len(second.rows) == 2
    assert {r.act for r in first.rows}.isdisjoint({r.act for r in second.rows})
    assert second.older == ""


@pytest.mark.parametrize("before", ["yesterday", "", "2026-13-01T00:00:00+08:00", "2026-01-01"])
def test_a_strange_time_shows_the_newest(before):
    assert visitors.person(CAST.wang).get(reverse("who_looked"), {"before": before}).status_code == 200


def test_the_look_up_of_a_stranger_is_not_listed():
    visitors.clerk_serving(CAST.wang).get(reverse("my_accounts"))
    assert "窗口经办人" not in visitors.person(CAST.li).get(reverse("who_looked")).text
