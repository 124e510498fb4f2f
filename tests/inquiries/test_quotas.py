import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from inquiries import quotas
from inquiries.models import QuotaRelease, StaffMember, Visit
from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, SHANGHAI_CLERK

pytestmark = pytest.mark.django_db


def serve(member):
    client = visitors.clerk_serving(member)
    client.post(reverse("close_visit"), {"inquiry": visitors.inquiry_token(client)})


def release(staff_no=OPERATOR, clerk=CLERK, reason="A queue of sixty"):
    return visitors.staff(staff_no).post(reverse("release_quota"), {"clerk": clerk, "reason": reason})


@pytest.fixture
def two_a_day(settings):
    settings.LOOKUPS_PER_DAY = 2
    serve(CAST.wang)
    serve(CAST.li)


def test_the_quota_stops_the_next_visit_and_says_so(two_a_day):
    client = visitors.staff()
    answer = visitors.start_visit(client, CAST.zhao)
    assert answer.status_code == 200
    assert "今天已查询 2 人，达到上限。如确需继续，请主管授权。" in answer.text
    assert Visit.objects.count() == 2
    assert not visitors.inquiry_token(client)


def test_an_operators_leave_lets_the_clerk_go_on(two_a_day):
    assert release().headers["Location"] == reverse("clerks_today")
    assert visitors.start_visit(visitors.staff(), CAST.zhao).status_code == 302
    kept = QuotaRelease.objects.get()
    assert (kept.clerk.staff_no, kept.released_by.staff_no, kept.more) == (CLERK, OPERATOR, quotas.MORE)


def test_the_list_shows_who_has_reached_it(two_a_day):
    page = visitors.staff(AUDITOR).get(reverse("clerks_today"))
    assert [(q.clerk.staff_no, q.visits, q.is_reached) for q in page.context["quotas"]] == [(CLERK, 2, True)]
    assert reverse("release_quota") not in page.text
    assert reverse("release_quota") in visitors.staff(OPERATOR).get(reverse("clerks_today")).text


@pytest.mark.parametrize(
    ("clerk", "reason"),
    [(CLERK, ""), ("nobody", "a reason"), (SHANGHAI_CLERK, "of another agency"), (OPERATOR, "mine")],
)
def test_no_leave_without_reason_or_for_strangers(two_a_day, clerk, reason):
    assert release(clerk=clerk, reason=reason).status_code == 200
    assert not QuotaRelease.objects.exists()


@pytest.mark.parametrize("staff_no", [CLERK, AUDITOR])
def test_only_an_operator_gives_leave(two_a_day, staff_no):
    assert release(staff_no).status_code == 403


def test_nobody_gives_herself_leave():
    clerk = StaffMember.objects.get(staff_no=CLERK)
    with pytest.raises(IntegrityError), transaction.atomic():
        quotas.release(clerk, clerk, "myself")
