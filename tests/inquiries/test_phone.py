from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from inquiries import calls
from inquiries.models import AccessLog, Inquiry, PhoneCode, StaffMember
from registry.roles import acting_as
from tests import visitors
from tests.cast import CAST
from tests.entrusting import DESK, caller, desk, person_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("phone_desk")]


def wrong_code(code):
    return f"{(int(code) + 1) % 10**calls.DIGITS:0{calls.DIGITS}d}"


def test_the_page_says_what_the_desk_will_see_and_for_how_long():
    page = visitors.words(visitors.person(CAST.wang).get(reverse("phone_code")))
    assert "15 分钟" in page and "10 分钟" in page
    assert "参保状态" in page


def test_the_code_is_shown_once_and_kept_as_a_hash():
    client, code = caller(CAST.wang)
    assert len(code) == calls.DIGITS and code.isdigit()
    made = PhoneCode.objects.get()
    assert code.encode() not in bytes(made.code_hash)
    assert made.expires_at - made.made_at == timedelta(minutes=10)
    assert code not in client.get(reverse("phone_code")).text


def test_the_desk_sees_the_caller_for_a_quarter_of_an_hour():
    _client, code = caller(CAST.wang)
    client = desk(CAST.wang, code)
    assert client.answer.headers["Location"] == reverse("my_accounts")
    page = client.get(reverse("my_accounts")).text
    assert "14,185.67" in page and "王*明" in page and CAST.wang.name not in page
    inquiry = Inquiry.objects.get(token=visitors.inquiry_token(client))
    assert (inquiry.capacity, inquiry.channel) == ("phone", "phone")
    assert inquiry.expires_at - inquiry.opened_at == timedelta(minutes=15)
    row = AccessLog.objects.filter(person_id=person_of(CAST.wang).pk).latest("at")
    assert (row.capacity, row.channel, row.office) == ("phone", "phone", "12333")


def test_the_person_reads_it():
    _client, code = caller(CAST.wang)
    desk(CAST.wang, code).get(reverse("my_accounts"))
    assert "12333 坐席" in visitors.person(CAST.wang).get(reverse("who_looked")).text


def test_a_code_is_good_once():
    _client, code = caller(CAST.wang)
    desk(CAST.wang, code)
    again = desk(CAST.wang, code)
    assert again.answer.status_code == 200
    assert again.answer.context["form"].non_field_errors()


def test_every_failure_reads_the_same():
    _client, code = caller(CAST.wang)
    answers = [desk(CAST.wang, wrong_code(code)).answer, desk(CAST.li, code).answer]
    with acting_as("owner"):
        PhoneCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answers += [desk(CAST.wang, code).answer, desk(CAST.wang, "a code of ten ").answer]
    assert len({tuple(answer.context["form"].non_field_errors()) for answer in answers}) == 1
    assert not Inquiry.objects.filter(capacity="phone").exists()


def test_five_wrong_codes_withdraw_the_right_one():
    _client, code = caller(CAST.wang)
    for _ in range(calls.WRONG_TRIES):
        desk(CAST.wang, wrong_code(code))
    made = PhoneCode.objects.get()
    assert made.wrong_tries == calls.WRONG_TRIES and made.withdrawn_at is not None
    assert desk(CAST.wang, code).answer.status_code == 200


def test_a_new_code_withdraws_the_earlier_one():
    _client, first = caller(CAST.wang)
    _client, second = caller(CAST.wang)
    if first != second:
        assert desk(CAST.wang, first).answer.status_code == 200
    assert desk(CAST.wang, second).answer.status_code == 302
    open_code = PhoneCode.objects.create(
        person=person_of(CAST.li),
        user=PhoneCode.objects.first().user,
        code_hash=bytes(32),
        made_at=timezone.now(),
        expires_at=timezone.now(),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        open_code.pk = None
        open_code.save()


def test_the_person_ends_what_the_desk_sees():
    client, code = caller(CAST.wang)
    at_the_desk = desk(CAST.wang, code)
    assert at_the_desk.get(reverse("my_accounts")).status_code == 200
    page = client.get(reverse("phone_code")).text
    assert reverse("end_call") in page
    client.post(reverse("end_call"), {"inquiry": visitors.inquiry_token(client)})
    assert at_the_desk.get(reverse("my_accounts")).headers["Location"] == reverse("phone_desk")
    assert reverse("end_call") not in client.get(reverse("phone_code")).text


def test_an_expired_look_up_leads_back_to_the_desk():
    _client, code = caller(CAST.wang)
    client = desk(CAST.wang, code)
    token = visitors.inquiry_token(client)
    Inquiry.objects.filter(token=token).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("phone_desk")


def test_the_desk_ends_it_itself():
    _client, code = caller(CAST.wang)
    client = desk(CAST.wang, code)
    client.post(reverse("hang_up"), {"inquiry": visitors.inquiry_token(client)})
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("phone_desk")


def test_a_role_that_ended_ends_the_look_up_at_once(as_job):
    _client, code = caller(CAST.wang)
    client = desk(CAST.wang, code)
    with as_job():
        StaffMember.objects.filter(staff_no=DESK).update(until=timezone.localdate())
    assert client.get(reverse("my_accounts")).status_code == 403


@pytest.mark.parametrize("name", ["phone_desk", "take_call", "hang_up"])
def test_the_desk_is_for_its_staff(name):
    for client in (visitors.person(CAST.wang), visitors.agent(CAST.agent), visitors.staff(), visitors.staff("O1001")):
        method = client.get if name == "phone_desk" else client.post
        assert method(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["window_today", "start_visit", "papers_waiting", "operators_desk", "find_person"])
def test_the_desk_has_no_other_staff_page(name):
    assert visitors.staff(DESK).get(reverse(name)).status_code == 403


def test_the_desk_begins_at_its_page():
    client = visitors.staff(DESK)
    assert client.answer.headers["Location"] == reverse("phone_desk")
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("phone_desk")
