import pytest
from django.urls import reverse
from django.utils.translation import override

from inquiries.models import RequiredPaper
from inquiries.models.visits import Actor
from portal.models import Hall
from registry.models import Area
from registry.roles import acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_listed():
    with acting_as("owner"):
        Hall.objects.all().delete()


def listed(number, district):
    area, _created = Area.objects.get_or_create(code="990000", defaults={"name": "示范市"})
    return Hall.objects.create(
        code=f"99-{number}",
        name=f"第 {number} 办事大厅",
        area=area,
        district=district,
        address=f"和平路 {number} 号",
        hours="周一至周五 9:00–17:00",
        phone=f"010-5550000{number}",
        services="查询、打印",
    )


def test_address_hours_and_telephone_by_district_for_anybody(client, as_job):
    with as_job():
        halls = [listed(1, "东城区"), listed(2, "西城区"), listed(3, "东城区")]
    page = client.get(reverse("halls")).text
    assert page.count("<h2>示范市 · 东城区</h2>") == 1
    assert page.count("<h2>示范市 · 西城区</h2>") == 1
    for hall in halls:
        for words in (hall.name, hall.address, hall.hours, hall.services, f'href="tel:{hall.phone}"'):
            assert words in page


def test_what_each_visitor_brings_stands_with_its_basis(client):
    page = client.get(reverse("halls")).text
    for paper in RequiredPaper.objects.all():
        assert paper.legal_basis in page
    with override("zh-hans"):
        places = [
            page.index(f"<h3>{actor.label}</h3>") for actor in (Actor.SELF, Actor.PROXY, Actor.GUARDIAN, Actor.UNIT)
        ]
    assert places == sorted(places)
    assert "授权委托书" in page


def test_two_queries_however_many(client, as_job, django_assert_num_queries):
    with as_job():
        for number in range(10, 30):
            listed(number, "东城区")
    with django_assert_num_queries(2):
        client.get(reverse("halls"))


def test_none_listed(client):
    assert "请拨打 12333 询问最近的窗口" in client.get(reverse("halls")).text
