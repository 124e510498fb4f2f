"""All that ever happened to the registration in one insurance."""

from datetime import date

import pytest
from django.urls import reverse

from registry.models import Enrolment, EnrolmentEvent, SourceState
from registry.months import add_months
from tests import visitors
from tests.cast import CAST
from tests.living import person_of, refuse

pytestmark = pytest.mark.django_db
PAGE = reverse("registration_history")


def page_of(member, **asked):
    return visitors.words(visitors.person(member).get(PAGE, asked))


def happened(member, as_job, count, kind="base_change", first=date(1986, 1, 1)):
    """`count` events, one a year, of the member's enrolment in old-age insurance."""
    enrolment = Enrolment.objects.get(person=person_of(member), scheme="pension")
    events = [
        EnrolmentEvent(
            enrolment=enrolment,
            event_no=f"H{number}",
            kind=kind,
            effective_month=add_months(first, 12 * number),
            recorded_on=add_months(first, 12 * number),
            source="window",
            document_no=f"WH-{number:03d}",
        )
        for number in range(count)
    ]
    with as_job():
        EnrolmentEvent.objects.bulk_create(events)


def test_month_event_employer_day_and_who_said_it():
    page = page_of(CAST.wang)
    for words in ("新参保", "海港食品有限公司", "单位"):
        assert words in page


def test_an_event_carries_its_document(as_job):
    happened(CAST.wang, as_job, 1, kind="stop")
    page = page_of(CAST.wang, insurance="pension")
    for words in ("1986年1月", "暂停缴费", "窗口", "WH-000"):
        assert words in page


def test_a_long_history_goes_on_on_another_page(as_job):
    happened(CAST.wang, as_job, 60)
    client = visitors.person(CAST.wang)
    first = client.get(PAGE, {"insurance": "pension"}).text
    assert "?insurance=pension&amp;page=2" in first
    assert first.count('<th scope="row">') == 40
    assert client.get(PAGE, {"insurance": "pension", "page": 2}).text.count('<th scope="row">') == 21


def test_the_page_of_the_status_shows_the_latest_three_and_leads_here(as_job):
    happened(CAST.wang, as_job, 60)
    page = visitors.person(CAST.wang).get(reverse("registration_status")).text
    assert page.count("缴费基数变更") + page.count("基数变更") <= 6
    assert f"{PAGE}?insurance=pension" in page
    assert f"{PAGE}?insurance=maternity" not in page


def test_none_is_said_only_of_a_complete_source():
    assert "没有变动记录" in page_of(CAST.wang, insurance="maternity")
    refuse("enrolments")
    page = page_of(CAST.wang, insurance="maternity")
    assert "没有变动记录" not in page and "还不能确定" in page


@pytest.mark.parametrize("asked", [{"insurance": "lottery"}, {"page": "0"}])
def test_what_cannot_be_read_is_said(asked):
    assert "需要修改" in page_of(CAST.wang, **asked)


def test_a_stranger_sees_none_of_it(as_job):
    happened(CAST.wang, as_job, 5)
    page = page_of(CAST.li)
    assert "海港食品有限公司" not in page and "WH-" not in page


def test_queries_do_not_depend_on_the_history(as_job, django_assert_max_num_queries):
    happened(CAST.wang, as_job, 60)
    for member in (CAST.wang, CAST.li, CAST.sun):
        client = visitors.person(member)
        client.get(PAGE)
        with django_assert_max_num_queries(13):
            client.get(PAGE)


def test_the_source_is_named():
    assert SourceState.objects.filter(kind="enrolments").exists()
    assert "北京市社会保险经办机构" in page_of(CAST.wang)
