"""For whom somebody has worked, and her skills."""

from datetime import date

import pytest
from django.urls import reverse

from tests import visitors
from tests.cast import CAST, months_ago
from tests.living import refuse, skilled, worked

pytestmark = pytest.mark.django_db
PAGE = reverse("employment")


def page_of(member):
    return visitors.words(visitors.person(member).get(PAGE))


def test_the_present_employer_stands_first():
    page = page_of(CAST.wang)
    since = months_ago(12)
    assert f"您自 {since.year}年{since.month}月{since.day}日起在海港食品有限公司工作" in page
    for words in ("至今", "职员", "单位"):
        assert words in page


def test_who_has_left_works_nowhere():
    page = page_of(CAST.chu)
    assert "目前没有登记您的工作单位" in page
    assert "海港食品有限公司" in page


def test_earlier_work_and_skills():
    worked(CAST.wang, date(2011, 3, 1), date(2014, 6, 30), "焊工")
    skilled(CAST.wang)
    page = page_of(CAST.wang)
    for words in ("2011年3月1日", "2014年6月30日", "焊工", "信息安全测试员", "二级/技师", "99S1"):
        assert words in page


@pytest.mark.parametrize(("kind", "none"), [("employment", "没有查到您的就业记录"), ("skills", "没有查到您的技能证书")])
def test_none_is_said_only_of_a_complete_source(kind, none):
    assert none in page_of(CAST.zhao)
    refuse(kind)
    page = page_of(CAST.zhao)
    assert none not in page and "还不能确定" in page
    assert "目前没有登记您的工作单位" not in page


def test_a_stranger_sees_none_of_it():
    skilled(CAST.wang)
    page = page_of(CAST.li)
    assert "海港食品有限公司" not in page and "信息安全测试员" not in page


def test_queries_do_not_depend_on_the_history(django_assert_num_queries):
    for year in range(1980, 2020):
        worked(CAST.wang, date(year, 3, 1), date(year, 9, 1))
    for member in (CAST.wang, CAST.li):
        client = visitors.person(member)
        client.get(PAGE)
        with django_assert_num_queries(12):
            client.get(PAGE)
