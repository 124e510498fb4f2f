"""Who else comes to the window: proxies and guardians with papers for two pairs of eyes, agents with a letter."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from inquiries import mandates
from inquiries.models import AccessLog, Mandate, StaffMember, Visit
from tests import visitors
from tests.cast import CAST, CLERK, HARBOUR, SHANGHAI_CLERK, citizen_number
from tests.entrusting import (
    SECOND_CLERK,
    clerk_serving_proxy,
    come,
    come_for_unit,
    confirm_papers,
    match,
    person_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("second_clerk")]


def waiting():
    """A clerk whose visitor's papers wait, and the mandate."""
    client = visitors.staff()
    client.answer = come(client, "proxy", CAST.wang, CAST.chen)
    return client, Mandate.objects.latest("pk")


@pytest.mark.parametrize(
    ("actor", "paper"), [("proxy", "委托书"), ("guardian", "监护"), ("unit", "公章"), ("self", "参保人身份证")]
)
def test_each_visitor_has_a_checklist(actor, paper):
    page = visitors.staff().get(reverse("start_visit"), {"actor": actor})
    assert {p.actor for p in page.context["papers"]} == {actor}
    assert page.context["papers"].exists()
    assert "人社部令14号" in page.text


def test_a_required_paper_of_a_proxy_cannot_be_left_out():
    answer = come(visitors.staff(), "proxy", CAST.wang, CAST.chen, papers=[])
    assert set(answer.context["form"].errors) == {"papers"}
    assert not Visit.objects.exists()


def test_nobody_is_her_own_proxy():
    answer = come(visitors.staff(), "proxy", CAST.wang, CAST.wang)
    assert set(answer.context["form"].errors) == {"visitor_number"}
    assert not Visit.objects.exists() and not Mandate.objects.exists()


def test_nothing_opens_before_a_second_clerk_has_confirmed():
    client, mandate = waiting()
    assert client.answer.headers["Location"] == reverse("window_today")
    for name in ("check_identity", "my_accounts", "payment_records", "finish_visit"):
        assert client.get(reverse(name)).headers["Location"] == reverse("window_today")
    assert match(client).headers["Location"] == reverse("check_identity")
    assert not AccessLog.objects.filter(visit_id=mandate.visit_id).exists()
    confirm_papers(visitors.staff(SECOND_CLERK), mandate)
    assert client.get(reverse("check_identity")).status_code == 200
    assert match(client).headers["Location"] == reverse("my_accounts")
    assert "王*明" in client.get(reverse("my_accounts")).text


def test_the_second_clerk_sees_papers_and_no_figure():
    _client, mandate = waiting()
    second = visitors.staff(SECOND_CLERK)
    page = second.get(reverse("papers_waiting"))
    assert mandate.visit.number in page.text
    assert "委托书" in page.text and CAST.chen.name in page.text and "王*明" in page.text
    assert CAST.wang.name not in page.text and CAST.wang.number not in page.text
    assert "14,185.67" not in page.text
    assert "1 个" in visitors.words(second.get(reverse("window_today")))


def test_the_person_reads_that_a_second_clerk_looked():
    _client, mandate = waiting()
    confirm_papers(visitors.staff(SECOND_CLERK), mandate)
    row = AccessLog.objects.get(person_id=person_of(CAST.wang).pk, page="inquiries.papers_waiting")
    assert (row.capacity, row.office, row.channel) == ("clerk", "2 号窗口", "window")


def test_the_first_clerk_cannot_confirm():
    client, mandate = waiting()
    assert mandate.visit.number not in client.get(reverse("papers_waiting")).text
    confirm_papers(client, mandate)
    mandate.refresh_from_db()
    assert mandate.confirmed_at is None
    with pytest.raises(mandates.SameClerk):
        mandates.confirm(mandate, StaffMember.objects.get(staff_no=CLERK))
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(confirmed_by=mandate.granted_by)


def test_a_clerk_of_another_agency_cannot_confirm():
    _client, mandate = waiting()
    confirm_papers(visitors.staff(SHANGHAI_CLERK), mandate)
    mandate.refresh_from_db()
    assert mandate.confirmed_at is None


def test_two_who_confirm_at_once_confirm_once(second_clerk):
    _client, mandate = waiting()
    assert mandates.confirm(mandate, second_clerk) == 1
    assert mandates.confirm(mandate, second_clerk) == 0


def test_refused_papers_open_nothing():
    client, mandate = waiting()
    confirm_papers(visitors.staff(SECOND_CLERK), mandate, "refuse_papers")
    assert client.get(reverse("check_identity")).headers["Location"] == reverse("window_today")
    assert confirm_papers(visitors.staff(SECOND_CLERK), mandate).status_code == 302
    mandate.refresh_from_db()
    assert mandate.confirmed_at is None and mandate.ended_at is not None
    client.post(reverse("end_visit_left_open"))
    assert Visit.objects.get().closed_at is not None


def test_the_receipt_names_the_proxy_and_what_was_shown():
    client = clerk_serving_proxy(CAST.wang, CAST.chen)
    client.get(reverse("payment_records"))
    page = client.get(reverse("finish_visit")).text
    assert "陈*入" in page and "王*明" in page
    assert "缴费明细" in page and "委托书" in page
    assert reverse("issue_code") not in page


def test_closing_the_visit_ends_the_paper():
    client = clerk_serving_proxy(CAST.wang, CAST.chen)
    client.post(reverse("close_visit"), {"inquiry": visitors.inquiry_token(client)})
    mandate = Mandate.objects.get()
    assert mandate.ended_at is not None
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("window_today")
    assert mandates.held_by(CAST_user(CAST.chen)) == []


def CAST_user(member):
    return visitors.person(member).get(reverse("choose_record")).context["user"]


def test_a_paper_brought_to_the_window_opens_nothing_on_the_web():
    clerk_serving_proxy(CAST.wang, CAST.chen)
    assert Mandate.objects.in_force().exists()
    assert mandates.held_by(CAST_user(CAST.chen)) == []


def test_the_person_ends_it_while_the_proxy_stands_at_the_window():
    client = clerk_serving_proxy(CAST.wang, CAST.chen)
    herself = visitors.person(CAST.wang)
    form = {"mandate": Mandate.objects.get().token, "inquiry": visitors.inquiry_token(herself)}
    herself.post(reverse("end_mandate"), form)
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("window_today")


def test_a_guardian_asks_on_the_web_after_the_papers_were_confirmed():
    client = clerk_serving_proxy(CAST.wang, CAST.chen, "guardian", last_day="2030-12-31")
    client.post(reverse("close_visit"), {"inquiry": visitors.inquiry_token(client)})
    mandate = Mandate.objects.get()
    assert (mandate.kind, mandate.is_in_force, str(mandate.last_day)) == ("guardian", True, "2030-12-31")
    guardian = visitors.person(CAST.chen)
    guardian.post(reverse("choose_record"), {"mandate": mandate.token})
    assert "监护人" in guardian.get(reverse("my_accounts")).text
    row = AccessLog.objects.filter(person_id=person_of(CAST.wang).pk, page="accounts.my_accounts").latest("at")
    assert row.capacity == "guardian"


def test_the_guardian_of_a_grown_up_needs_a_last_day():
    answer = come(visitors.staff(), "guardian", CAST.wang, CAST.chen)
    assert set(answer.context["form"].errors) == {"last_day"}


def test_unconfirmed_papers_of_a_guardian_are_worth_nothing():
    client = visitors.staff()
    come(client, "guardian", CAST.wang, CAST.chen, last_day="2030-12-31")
    assert mandates.held_by(CAST_user(CAST.chen)) == []
    client.post(reverse("end_visit_left_open"))
    assert Mandate.objects.get().ended_at is not None


def test_an_agent_with_a_letter_gets_the_employers_lists_and_nothing_of_a_person():
    client = visitors.staff()
    assert come_for_unit(client, HARBOUR).headers["Location"] == reverse("employer_home")
    visit = Visit.objects.get()
    assert (visit.letter_no, visit.visitor_name, visit.purpose) == ("函2026-7", "韦来访", "payment_list")
    page = client.get(reverse("payment_list"))
    assert "海港食品" in page.text and visit.number in page.text
    listed = AccessLog.objects.filter(visit_id=visit.pk, page="documents.payment_list")
    assert {row.capacity for row in listed} == {"clerk"}
    assert client.get(reverse("check_identity")).status_code == 403
    receipt = client.get(reverse("finish_unit_visit"))
    assert "函2026-7" in receipt.text and "职工缴费名单" in receipt.text
    assert CAST.wang.name not in receipt.text
    client.post(reverse("close_visit"), {"inquiry": visitors.inquiry_token(client)})
    assert Visit.objects.get().closed_at is not None
    assert client.get(reverse("payment_list")).headers["Location"] == reverse("window_today")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"number": "91990000MA0000001X"}, "number"),
        ({"again": "9"}, "again"),
        ({"letter_no": ""}, "letter_no"),
        ({"visitor_name": ""}, "visitor_name"),
        ({"papers": []}, "papers"),
    ],
)
def test_without_letter_code_or_agent_no_list_opens(changes, wrong):
    answer = come_for_unit(visitors.staff(), HARBOUR, **changes)
    assert wrong in answer.context["form"].errors
    assert not Visit.objects.exists()


def test_a_namesake_of_the_staff_is_noticed(as_job):
    with as_job():
        User = type(StaffMember.objects.get(staff_no=SECOND_CLERK).user)
        User.objects.filter(pk=StaffMember.objects.get(staff_no=SECOND_CLERK).user_id).update(name=CAST.wang.name)
    visitors.clerk_serving(CAST.li, SHANGHAI_CLERK)
    visitors.clerk_serving(CAST.wang)
    assert [visit.person for visit in Visit.objects.of_namesakes()] == [person_of(CAST.wang)]


def test_a_number_of_nobody_still_opens_no_visit():
    nobody = citizen_number(timezone.localdate().replace(year=1950, day=1), 9)
    answer = come(visitors.staff(), "proxy", CAST.wang, CAST.chen, number=nobody, again=nobody)
    assert set(answer.context["form"].errors) == {"number"}
