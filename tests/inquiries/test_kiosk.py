from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries.kiosk import COOKIE, register
from inquiries.models import AccessLog, Inquiry, StaffMember, Terminal
from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR
from tests.entrusting import at_kiosk, kiosk, person_of

pytestmark = pytest.mark.django_db


def test_an_operator_makes_a_kiosk_of_the_machine_and_is_out():
    client = kiosk(OPERATOR)
    terminal = Terminal.objects.get()
    assert (terminal.name, terminal.office) == ("K1", "1 号窗口")
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("kiosk")).status_code == 200


def test_a_machine_nobody_registered_is_refused():
    assert Client().get(reverse("kiosk")).status_code == 403
    forged = Client()
    forged.cookies[COOKIE] = "a-secret:a-signature"
    assert forged.get(reverse("kiosk")).status_code == 403


def test_signing_in_leads_to_the_tiles_in_the_kiosks_frame():
    client = at_kiosk(kiosk(OPERATOR), CAST.wang)
    assert client.answer.headers["Location"] == reverse("kiosk_tiles")
    page = client.get(reverse("kiosk_tiles")).text
    assert 'class="kiosk"' in page and "14,185.67" not in page
    inquiry = Inquiry.objects.get(token=visitors.inquiry_token(client))
    assert (inquiry.channel, inquiry.capacity) == ("kiosk", "self")
    assert inquiry.expires_at - inquiry.opened_at == timedelta(minutes=10)


def test_the_pages_are_the_same_in_another_frame_and_say_where():
    client = at_kiosk(kiosk(OPERATOR), CAST.wang)
    page = client.get(reverse("my_accounts"))
    assert "css/kiosk" in page.text and 'class="amounts"' in page.text and "14,185.67" in page.text
    row = AccessLog.objects.filter(person_id=person_of(CAST.wang).pk, page="accounts.my_accounts").latest("at")
    assert (row.channel, row.office) == ("kiosk", "1 号窗口")
    assert "css/kiosk" not in visitors.person(CAST.wang).get(reverse("my_accounts")).text


def test_an_idle_page_asks_and_then_leaves():
    client = at_kiosk(kiosk(OPERATOR), CAST.wang)
    asks = client.get(reverse("payment_records"), {"insurance": "medical"}).headers["Refresh"]
    assert asks.startswith("40; url=/kiosk/still-there/?next=%2Fpayments%2F")
    question = client.get(asks.split("url=")[1])
    assert question.headers["Refresh"] == f"20; url={reverse('kiosk')}"
    assert 'href="/payments/?insurance=medical"' in question.text
    assert "Refresh" not in visitors.person(CAST.wang).get(reverse("my_accounts")).headers
    client.get(reverse("kiosk"))
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("my_accounts")).headers["Location"].startswith(reverse("home"))


def test_the_question_leads_nowhere_else():
    client = kiosk(OPERATOR)
    page = client.get(reverse("kiosk_still_there"), {"next": "https://elsewhere.example/"}).text
    assert 'href="https://elsewhere' not in page and f'href="{reverse("kiosk_tiles")}"' in page


def test_a_wrong_password_stays_in_the_frame():
    client = kiosk(OPERATOR)
    answer = client.post(reverse("kiosk"), {"login": CAST.wang.number, "password": "wrong"})
    assert answer.status_code == 200
    assert 'class="kiosk"' in answer.text


def test_signing_in_by_another_door_of_the_machine_is_a_kiosk_too():
    client = visitors.sign_in("person", CAST.wang.number, client=kiosk(OPERATOR))
    assert Inquiry.objects.get(token=visitors.inquiry_token(client)).channel == "kiosk"


def test_the_next_person_sees_nothing_of_the_one_before():
    client = at_kiosk(kiosk(OPERATOR), CAST.wang)
    client.get(reverse("my_accounts"))
    answer = client.post(reverse("sign_out"))
    assert answer.headers["Location"] == reverse("kiosk")
    assert "Clear-Site-Data" in answer.headers
    at_kiosk(client, CAST.li)
    for name in ("kiosk_tiles", "my_accounts", "payment_records", "registration_status"):
        text = client.get(reverse(name)).text
        assert CAST.wang.name not in text and "海港食品" not in text and "14,185.67" not in text


def test_an_ended_kiosk_ends_whoever_is_signed_in_there():
    client = at_kiosk(kiosk(OPERATOR), CAST.wang)
    assert client.get(reverse("my_accounts")).status_code == 200
    visitors.staff(OPERATOR).post(reverse("end_terminal"), {"terminal": Terminal.objects.get().pk})
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("kiosk")
    assert client.get(reverse("kiosk_tiles")).headers["Location"] == reverse("kiosk")
    assert client.get(reverse("kiosk")).status_code == 403


def test_ten_minutes_in_all():
    client = at_kiosk(kiosk(OPERATOR), CAST.wang)
    token = visitors.inquiry_token(client)
    Inquiry.objects.filter(token=token).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("kiosk")
    assert client.get(reverse("kiosk_tiles")).headers["Location"] == reverse("kiosk")


def test_no_other_record_opens_at_a_kiosk():
    assert at_kiosk(kiosk(OPERATOR), CAST.wang).get(reverse("choose_record")).status_code == 403


def test_two_kiosks_of_one_name_in_one_office():
    kiosk(OPERATOR)
    client = visitors.staff(OPERATOR)
    answer = client.post(reverse("register_terminal"), {"name": "K1", "office": "1 号窗口"})
    assert set(answer.context["form"].errors) == {"name"}
    with pytest.raises(IntegrityError), transaction.atomic():
        register(StaffMember.objects.get(staff_no=OPERATOR), "K1", "1 号窗口")


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "²"])
def test_a_kiosk_that_is_none_cannot_be_ended(number):
    assert visitors.staff(OPERATOR).post(reverse("end_terminal"), {"terminal": number}).status_code == 302


def test_operators_alone_make_and_end_kiosks():
    for name in ("register_terminal", "end_terminal"):
        assert visitors.staff(AUDITOR).post(reverse(name)).status_code == 403
        assert visitors.staff(CLERK).post(reverse(name)).status_code == 403
        assert visitors.person(CAST.wang).post(reverse(name)).status_code == 403
    assert visitors.staff(AUDITOR).get(reverse("terminals")).status_code == 200
    assert reverse("register_terminal") not in visitors.staff(AUDITOR).get(reverse("terminals")).text
