"""Hospitals and pharmacies that settle with the card, to be found by anybody."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.models import DesignatedProvider
from registry.models import FeedFile
from tests import visitors
from tests.cast import BEIJING, SHANGHAI, TODAY

pytestmark = pytest.mark.django_db
PAGE = reverse("designated_places")


def listed(as_job, name, kind="hospital", area=BEIJING, district="东城区", **changes):
    facts = {"kind": kind, "area_id": area, "district": district, "address": "健康路1号", "since": date(2010, 1, 1)}
    with as_job():
        DesignatedProvider.objects.create(code=f"P-{name}", name=name, **facts | changes)


@pytest.fixture
def places(as_job):
    listed(as_job, "云杉医院")
    listed(as_job, "百草药房", "pharmacy", district="西城区", phone="010-5550001")
    listed(as_job, "松林医院", area=SHANGHAI, district="东城区")
    listed(as_job, "旧约药房", "pharmacy", until=TODAY - timedelta(days=1))


def found(client, **asked):
    page = visitors.words(client.get(PAGE, asked))
    return {name for name in ("云杉医院", "百草药房", "松林医院", "旧约药房") if name in page}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"云杉医院", "百草药房", "松林医院", "旧约药房"}),
        ({"kind": "pharmacy"}, {"百草药房", "旧约药房"}),
        ({"district": f"{BEIJING}:东城区"}, {"云杉医院", "旧约药房"}),
        ({"district": f"{SHANGHAI}:东城区", "kind": "hospital"}, {"松林医院"}),
        ({"name": "医院"}, {"云杉医院", "松林医院"}),
        ({"name": " 百草 ", "kind": "pharmacy"}, {"百草药房"}),
        ({"name": "没有这家"}, set()),
        ({"district": "nowhere"}, set()),
        ({"kind": "bank"}, set()),
    ],
)
def test_by_district_kind_and_name(places, client, asked, names):
    assert found(client, **asked) == names


def test_address_telephone_and_what_can_be_done_there(places, client):
    page = client.get(PAGE).text
    for words in ("健康路1号", 'href="tel:010-5550001"', "不能取现，也不能转到银行", "社会保险法 第28条"):
        assert words in page


def test_a_contract_that_has_ended_is_said_to_have_ended(places, client):
    page = visitors.words(client.get(PAGE, {"name": "旧约"}))
    assert "已停止结算" in page and "✓可以刷卡结算" not in page
    assert "✓可以刷卡结算" in visitors.words(client.get(PAGE, {"name": "云杉"}))


def test_its_last_day_still_counts(as_job, client):
    listed(as_job, "末日医院", until=TODAY)
    assert "✓可以刷卡结算" in visitors.words(client.get(PAGE, {"name": "末日"}))


def test_what_cannot_be_read_is_said(places, client):
    assert "需要修改" in client.get(PAGE, {"district": "nowhere"}).text


def test_without_a_list_we_cannot_tell(client, as_job):
    assert not FeedFile.objects.filter(kind="providers").exists()
    assert "还没有收到名单" in client.get(PAGE).text
    with as_job():
        FeedFile.objects.create(
            digest=b"1" * 32, name="p.csv", kind="providers", state="loaded", loaded_at="2026-10-02T01:00:00Z", lines=1
        )
    page = visitors.words(client.get(PAGE))
    assert "还没有收到名单" not in page and "2026年10月2日" in page


def test_pages_keep_what_was_asked(as_job, client):
    for number in range(35):
        listed(as_job, f"{number} 号药房", "pharmacy")
    page = client.get(PAGE, {"kind": "pharmacy"}).text
    assert 'href="?kind=pharmacy&amp;page=2"' in page
    assert "5 号药房" in client.get(PAGE, {"kind": "pharmacy", "page": 2}).text


def test_queries_are_fixed(as_job, client, django_assert_num_queries):
    for number in range(40):
        listed(as_job, f"{number} 号药房", "pharmacy", district=f"{number % 7} 区")
    with django_assert_num_queries(4):
        client.get(PAGE, {"kind": "pharmacy"})
