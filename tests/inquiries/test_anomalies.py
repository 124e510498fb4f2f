"""Unusual look-ups: each question finds the planted case and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries import anomalies
from inquiries.models import AccessLog, Inquiry, StaffMember, User
from registry.models import Employer
from registry.roles import acting_as
from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, HARBOUR, OPERATOR, SECOND_OPERATOR, SHANGHAI_CLERK
from tests.looking import into_books, person_of, plant, user_of

pytestmark = pytest.mark.django_db


def workday(weeks_ago=1, hour=10):
    """A Wednesday some weeks ago, at this hour of the agency's clock."""
    local = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return local - timedelta(days=(local.weekday() - 2) % 7 + 7 * weeks_ago)


def found(question):
    today = timezone.localdate()
    return anomalies.find(question, today - timedelta(days=30), today)


def visits(staff_no, persons, at, first=1_000_000):
    """A clerk looks up that many people, known by id alone."""
    for number in range(persons):
        plant(first + number, user=user_of(staff_no), at=at + timedelta(minutes=number), inquiry=_inquiry(staff_no, at))


def _inquiry(staff_no, at):
    made = Inquiry.objects.filter(user=user_of(staff_no), opened_at=at).first()
    return made or plant(CAST.sun, user=user_of(staff_no), at=at)


def test_quiet_days_are_not_unusual():
    visits(CLERK, 5, workday(1))
    visits(CLERK, 8, workday(2))
    plant(CAST.li, capacity="operator", user=user_of(OPERATOR), at=workday(1))
    assert {question: found(question) for question in anomalies.QUESTIONS} == {key: [] for key in anomalies.QUESTIONS}


def test_a_clerk_far_above_the_median():
    for week in (2, 3):
        visits(CLERK, 6, workday(week))
    visits(SHANGHAI_CLERK, 7, workday(1))
    visits(CLERK, 39, workday(1))
    (clerk,) = found("busy_clerks")
    assert (clerk.who, clerk.day, clerk.count) == (CLERK, workday(1).date(), 40)
    assert clerk.usual == 7.5


def test_a_clerk_above_her_quota(settings):
    settings.LOOKUPS_PER_DAY = 5
    visits(CLERK, 5, workday(1))
    assert [(each.who, each.count) for each in found("busy_clerks")] == [(CLERK, 6)]


def test_a_record_that_many_look_at():
    users = [user_of(number) for number in (CLERK, SHANGHAI_CLERK, OPERATOR, SECOND_OPERATOR)]
    with acting_as("job"):
        users.append(_another_clerk())
    for user in users[:4]:
        plant(CAST.wu, user=user, at=workday(1))
    assert found("much_looked_up") == []
    plant(CAST.wu, user=users[4], at=workday(2))
    plant(CAST.li, user=users[0], at=workday(2), count=30)
    (record,) = found("much_looked_up")
    assert (record.number, record.count) == (person_of(CAST.wu).pk, 5)


def _another_clerk():
    user = User.objects.create(kind="staff", login_key="staff:test", name="第五人")
    beijing = StaffMember.objects.get(staff_no=CLERK).agency
    day = timezone.localdate() - timedelta(days=90)
    StaffMember.objects.create(user=user, staff_no="C9", role="clerk", agency=beijing, office="-", since=day)
    return user


@pytest.mark.parametrize(
    ("days", "hour", "count"), [(0, 10, 0), (0, 7, 0), (0, 19, 0), (0, 6, 1), (0, 20, 1), (3, 10, 1), (4, 10, 1)]
)
def test_look_ups_outside_office_hours(days, hour, count):
    plant(CAST.li, at=workday(2, hour) + timedelta(days=days))
    plant(CAST.li, capacity="self", user=User.objects.get(person=person_of(CAST.li)), at=workday(2, 3))
    assert [each.who for each in found("out_of_hours")] == [CLERK] * count


def test_an_agent_who_asks_far_more_than_usual():
    harbour = Employer.objects.get(credit_code=HARBOUR)
    agent = User.objects.filter(kind="employer").order_by("pk").first()
    facts = {"capacity": "agent", "user": agent, "employer": harbour.pk, "page": "documents.payment_list"}
    for day in range(5, 9):
        plant(CAST.wang, count=10, at=workday(1) - timedelta(days=day), **facts)
    plant(CAST.wang, count=29, at=workday(1), **facts)
    assert found("busy_agents") == []
    plant(CAST.wang, count=30, at=workday(0) - timedelta(days=1), **facts)
    assert [(each.who, each.count, each.usual) for each in found("busy_agents")] == [(harbour.name, 30, 10)]


def test_a_proxy_of_more_than_three_people_in_a_month():
    proxy = User.objects.get(person=person_of(CAST.chen))
    at = timezone.localtime().replace(day=1, hour=10)
    for member in (CAST.li, CAST.wang, CAST.wu):
        plant(member, capacity="proxy", user=proxy, at=at, count=9)
    assert found("busy_proxies") == []
    plant(CAST.zhao, capacity="proxy", user=proxy, at=at)
    assert [(each.number, each.count) for each in found("busy_proxies")] == [(proxy.pk, 4)]


def test_the_page_names_nobody():
    visits(CLERK, 45, workday(1))
    plant(CAST.wu, at=workday(1, 3))
    page = into_books(AUDITOR, "unusual_looks").get(reverse("unusual_looks"))
    text = visitors.words(page)
    assert "非办公时间的查询" in text
    assert CLERK in text
    assert CAST.wu.name not in text
    assert AccessLog.objects.filter(page="inquiries.anomalies", capacity="auditor", person_id=0).exists()
