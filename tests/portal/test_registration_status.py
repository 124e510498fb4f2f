import pytest
from django.urls import reverse

from registry.models import SourceState
from tests import visitors
from tests.cast import CAST

pytestmark = pytest.mark.django_db


def page_of(member):
    return visitors.person(member).get(reverse("registration_status")).text


def test_scheme_place_employer_and_since_when():
    page = page_of(CAST.wang)
    for words in ("职工基本养老保险", "北京市", "海港食品有限公司", "正常参保", "新参保"):
        assert words in page


def test_a_retiree():
    assert "退休" in page_of(CAST.feng)


def test_none_is_said_only_when_the_source_is_complete(as_job):
    assert "没有查到您在本地的参保登记" in page_of(CAST.li)  # maternity: Beijing's source is complete
    with as_job():
        SourceState.objects.filter(kind="enrolments").update(refused_at="2026-01-01T00:00:00Z")
    page = page_of(CAST.li)
    assert "没有查到您在本地的参保登记" not in page
    assert "还不能确定" in page


@pytest.mark.parametrize("member", [CAST.wang, CAST.sun, CAST.feng], ids=lambda m: m.name)
def test_queries_do_not_depend_on_the_history(member, django_assert_max_num_queries):
    client = visitors.person(member)
    with django_assert_max_num_queries(15):
        client.get(reverse("registration_status"))
