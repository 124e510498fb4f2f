"""How long a session lasts, how it goes on, and how it ends: docs/auth/sessions.md, felt on the pages."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import logout
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inquiries import activation
from inquiries.models import Inquiry, KnownDevice, PrintedCode, Session, TextCode, User, Visit
from inquiries.session_gate import SessionGateMiddleware
from tests import sheets, visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, PASSWORD
from tests.test_house import patterns
from tests.time_passes import in_use_for, unused_for

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEARLY = timedelta(seconds=20)
TIMED_OUT = "为保护您的信息，长时间未操作已自动退出。刚才查询的内容没有保存。"
# What stands in the addresses that have a changing part, by its kind.
FILLS = {"user_kind": "person", "insurance": "pension", "record": "1", "rule_table": "base-bounds", "office": "1"}
FILLS |= {"question": "zero", "law": "sil", "article": "14", "stated_year": "2020"}
UNDONE = "您刚才提交的内容没有办理。"


def at_a_public_computer(public="yes"):
    client = Client()
    form = {"login": CAST.wang.number, "password": PASSWORD} | ({"public": public} if public else {})
    client.answer = client.post(reverse("sign_in", args=["person"]), form)
    return client


# Who, at which page, unused for how long, in all for how long, how many at once.
TABLE = {
    "person": (lambda: visitors.person(CAST.wang), "person", "my_accounts", 15 * MINUTE, 8 * HOUR, 3),
    "public computer": (at_a_public_computer, "person", "my_accounts", 5 * MINUTE, 30 * MINUTE, 1),
    "agent": (lambda: visitors.agent(CAST.agent), "employer", "employer_home", 15 * MINUTE, 8 * HOUR, 2),
    "operator": (lambda: visitors.staff(OPERATOR), "staff", "operators_desk", 10 * MINUTE, 2 * HOUR, 1),
    "auditor": (lambda: visitors.staff(AUDITOR), "staff", "operators_desk", 10 * MINUTE, 2 * HOUR, 1),
}
of_each = pytest.mark.parametrize(("visitor", "kind", "page", "idle", "whole", "at_once"), TABLE.values(), ids=TABLE)


@of_each
def test_unused_it_ends_and_leads_back(visitor, kind, page, idle, whole, at_once):
    client = visitor()
    unused_for(idle - NEARLY)
    assert client.get(reverse(page)).status_code == 200
    unused_for(idle)
    answer = client.get(reverse(page) + "?from=here")
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert Session.objects.get().ended_why == Session.Ended.IDLE
    sign_in = client.get(answer.headers["Location"])
    assert TIMED_OUT in sign_in.text
    assert UNDONE not in sign_in.text
    assert f'name="next" value="{reverse(page)}?from=here"' in sign_in.text
    assert "Clear-Site-Data" not in sign_in.headers
    # Another tab of the same browser is told why too.
    assert "why=idle" in client.get(reverse(page)).headers["Location"]
    assert "_auth_user_id" not in client.session


@of_each
def test_in_use_it_ends_all_the_same_after_the_longest_time(visitor, kind, page, idle, whole, at_once):
    client = visitor()
    in_use_for(whole - NEARLY)
    assert client.get(reverse(page)).status_code == 200
    in_use_for(NEARLY)
    answer = client.get(reverse(page))
    assert answer.headers["Location"].startswith(reverse("sign_in", args=[kind]))
    assert "已到最长时间" in client.get(answer.headers["Location"]).text


@of_each
def test_one_more_than_allowed_ends_the_oldest(visitor, kind, page, idle, whole, at_once):
    clients = [visitor() for _number in range(at_once + 1)]
    answer = clients[0].get(reverse(page))
    assert "why=replaced" in answer.headers["Location"]
    assert "已在另一台设备上登录" in clients[0].get(answer.headers["Location"]).text
    assert [c.get(reverse(page)).status_code for c in clients[1:]] == [200] * at_once
    assert Session.objects.open().count() == at_once


def test_signing_in_again_leads_back_to_the_page():
    client = visitors.person(CAST.wang)
    unused_for(15 * MINUTE)
    address = client.get(reverse("payment_records") + "?insurance=medical").headers["Location"]
    form = {"login": CAST.wang.number, "password": PASSWORD, "public": "no"}
    answer = client.post(address, form | {"next": f"{reverse('payment_records')}?insurance=medical"})
    assert answer.headers["Location"] == f"{reverse('payment_records')}?insurance=medical"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_an_agent_comes_back_after_the_employer_is_open():
    client = visitors.agent(CAST.agent)
    unused_for(15 * MINUTE)
    client.get(reverse("payment_list"))
    form = {"login": CAST.agent.number, "password": PASSWORD, "public": "no", "next": reverse("payment_list")}
    client.post(reverse("sign_in", args=["employer"]), form)
    code = sheets.next_code(client.session["proving"]["user"])
    answer = client.post(reverse("second_step"), {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("payment_list")


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(target):
    client = Client()
    form = {"login": CAST.wang.number, "password": PASSWORD, "public": "no", "next": target}
    assert client.post(reverse("sign_in", args=["person"]), form).headers["Location"] == reverse("my_accounts")
    assert client.post(reverse("continue_session"), {"next": target}).headers["Location"] == reverse("home")


def test_who_does_not_say_sits_at_a_public_computer():
    at_a_public_computer(public=None)
    assert Session.objects.get().is_public


def test_the_question_stands_in_both_doors_and_nothing_is_chosen(client):
    for kind in ("person", "employer"):
        page = client.get(reverse("sign_in", args=[kind])).text
        assert "这是公用电脑吗？" in page
        assert "checked" not in page
    assert "这是公用电脑吗？" not in client.get(reverse("sign_in", args=["staff"])).text


def test_signing_in_as_another_ends_the_session_before():
    client = visitors.person(CAST.wang)
    visitors.sign_in("person", CAST.li.number, client=client)
    first, second = Session.objects.order_by("pk")
    assert first.ended_why == Session.Ended.SIGNED_OUT
    assert second.ended_at is None
    assert CAST.li.name in client.get(reverse("my_accounts")).text


def test_a_logout_of_djangos_ends_it_too(rf):
    client = visitors.person(CAST.wang)
    request = rf.get("/")
    request.session = client.session

    def leave(request):
        logout(request)
        return HttpResponse()

    SessionGateMiddleware(leave)(request)
    assert Session.objects.get().ended_why == Session.Ended.SIGNED_OUT


def test_the_history_is_kept_for_400_days(capsys):
    visitors.person(CAST.wang)
    unused_for(timedelta(days=399))
    call_command("purge_sign_ins")
    assert Session.objects.exists()
    unused_for(timedelta(days=2))
    KnownDevice.objects.update(last_at=F("last_at") - timedelta(days=181))
    call_command("purge_sign_ins")
    assert "1 sign-ins, 1 devices" in capsys.readouterr().out
    assert not Session.objects.exists()
    assert not KnownDevice.objects.exists()


def test_codes_that_cannot_be_used_any_more_are_forgotten_with_the_history(capsys):
    user = User.objects.get(pk=visitors.person(CAST.wang).session["_auth_user_id"])
    now = timezone.now()
    old, young = now - timedelta(days=401), now - timedelta(days=399)
    hers = PrintedCode.objects.filter(user=user)
    before = hers.count()
    for used, withdrawn in ((old, None), (None, old), (young, None), (None, None)):
        facts = {"printed_at": old, "used_at": used, "withdrawn_at": withdrawn}
        PrintedCode.objects.create(user=user, code_hash=b"0" * 32, **facts)
    for expires in (old, young):
        facts = {"phone_encrypted": b"", "code_hash": b"0" * 32, "sent_at": expires, "expires_at": expires}
        TextCode.objects.create(user=user, purpose=TextCode.Purpose.SIGN_IN, **facts)
    call_command("purge_sign_ins")
    assert ", 3 codes." in capsys.readouterr().out
    assert hers.count() == before + 2
    assert TextCode.objects.filter(user=user, expires_at=young).count() == 1


def test_no_other_site_leads_staff_to_a_page_with_their_session():
    visiting = {"Strict": visitors.staff(), "Lax": visitors.person(CAST.wang)}
    for goes, client in visiting.items():
        assert client.cookies[settings.SESSION_COOKIE_NAME]["samesite"] == goes


def test_use_is_written_down_once_a_minute():
    client = visitors.person(CAST.wang)
    began = Session.objects.get().last_seen_at
    client.get(reverse("my_accounts"))
    assert Session.objects.get().last_seen_at == began
    unused_for(MINUTE)
    client.get(reverse("my_accounts"))
    assert Session.objects.get().last_seen_at > began


def test_every_page_says_until_when_and_a_form_goes_on():
    client = visitors.person(CAST.wang)
    unused_for(10 * MINUTE)
    Session.objects.update(last_seen_at=timezone.now() - 14 * MINUTE)
    answer = client.post(reverse("continue_session"), {"next": reverse("payment_records")})
    assert answer.headers["Location"] == reverse("payment_records")
    session = Session.objects.get()
    page = client.get(reverse("payment_records")).text
    assert "登录有效 <time datetime=" in page
    assert f"至 {timezone.localtime(session.last_seen_at + 15 * MINUTE):%H:%M}</time>" in page
    assert f'action="{reverse("continue_session")}"' in page


def test_where_it_cannot_go_on_no_button_says_so():
    client = visitors.person(CAST.wang)
    in_use_for(8 * HOUR - 5 * MINUTE)
    assert f'action="{reverse("continue_session")}"' not in client.get(reverse("my_accounts")).text


def test_asking_how_long_is_no_use():
    client = visitors.person(CAST.wang)
    unused_for(14 * MINUTE)
    left = client.get(reverse("session_left")).json()["left"]
    assert 0 < left <= 60
    unused_for(MINUTE)
    assert client.get(reverse("session_left")).json() == {"left": 0}
    assert Client().get(reverse("session_left")).json() == {"left": 0}


def test_a_script_goes_on_without_a_page():
    client = visitors.person(CAST.wang)
    unused_for(14 * MINUTE)
    answer = client.post(reverse("continue_session"), headers={"accept": "application/json"}).json()
    assert answer["left"] > 14 * 60
    assert answer["until"] == f"{timezone.localtime(Session.objects.get().last_seen_at + 15 * MINUTE):%H:%M}"


def test_a_script_that_asks_at_the_end_leaves_the_reason_to_the_page():
    client = visitors.person(CAST.wang)
    unused_for(15 * MINUTE)
    assert client.get(reverse("session_left")).json() == {"left": 0}
    assert "why=idle" in client.get(reverse("my_accounts")).headers["Location"]


def test_a_form_sent_too_late_is_said_to_be_undone():
    client = visitors.agent(CAST.agent)
    unused_for(15 * MINUTE)
    form = {"unit": "91990000MA0000000X"}
    address = f"http://testserver{reverse('choose_employer')}"
    answer = client.post(reverse("choose_employer"), form, headers={"referer": address})
    page = client.get(answer.headers["Location"]).text
    assert TIMED_OUT in page
    assert UNDONE in page
    assert f'name="next" value="{reverse("choose_employer")}"' in page


class TestClerk:
    """Unused, a clerk's session is locked: the visit is closed, the password alone opens it."""

    @pytest.fixture
    def clerk(self):
        client = visitors.clerk_serving(CAST.wang)
        unused_for(10 * MINUTE)
        return client

    def test_locked_it_opens_no_page(self, clerk):
        answer = clerk.get(reverse("my_accounts"))
        assert answer.headers["Location"] == f"{reverse('unlock')}?next=%2Faccounts%2F"
        assert clerk.get(reverse("window_today")).status_code == 302
        page = clerk.get(answer.headers["Location"])
        assert page.status_code == 200
        assert CAST.wang.name not in page.text
        assert reverse("my_accounts") not in page.text.replace('value="/accounts/"', "")

    def test_the_visit_is_closed(self, clerk):
        clerk.get(reverse("my_accounts"))
        assert Visit.objects.get().closed_at is not None
        assert not Inquiry.objects.filter(capacity="clerk", closed_at=None).exists()

    def test_the_password_opens_it(self, clerk):
        clerk.get(reverse("window_today"))
        key = clerk.session.session_key
        assert "密码不对。" in clerk.post(reverse("unlock"), {"password": "not it at all"}).text
        assert clerk.get(reverse("window_today")).status_code == 302
        form = {"password": PASSWORD, "next": reverse("window_today")}
        assert clerk.post(reverse("unlock"), form).headers["Location"] == reverse("window_today")
        assert clerk.session.session_key != key
        assert clerk.get(reverse("window_today")).status_code == 200
        assert clerk.get(reverse("my_accounts")).headers["Location"] == reverse("window_today")

    def test_passwords_cannot_be_guessed_there(self, clerk):
        for _try in range(5):
            clerk.post(reverse("unlock"), {"password": "not it at all"})
        assert "尝试次数较多" in clerk.post(reverse("unlock"), {"password": PASSWORD}).text

    def test_the_shift_ends_after_ten_hours(self, clerk):
        clerk.get(reverse("window_today"))
        in_use_for(10 * HOUR)
        answer = clerk.post(reverse("unlock"), {"password": PASSWORD})
        assert answer.status_code == 302
        assert Session.objects.get().ended_why == Session.Ended.WHOLE
        assert clerk.get(reverse("window_today")).status_code == 302

    def test_one_may_sign_out_instead(self, clerk):
        clerk.get(reverse("window_today"))
        clerk.post(reverse("sign_out"))
        assert Session.objects.get().ended_why == Session.Ended.SIGNED_OUT

    def test_a_clerk_has_one_session_at_once(self, clerk):
        visitors.staff(CLERK)
        assert "why=replaced" in clerk.get(reverse("window_today")).headers["Location"]


def test_signing_out_ends_it_on_the_server():
    client = visitors.person(CAST.wang)
    kept = client.cookies["sid"].value
    client.post(reverse("sign_out"))
    client.cookies["sid"] = kept
    assert client.get(reverse("my_accounts")).status_code == 302
    assert Session.objects.get().ended_why == Session.Ended.SIGNED_OUT


def test_a_disabled_user_is_out_at_once():
    client = visitors.person(CAST.wang)
    User.objects.filter(pk=client.session["_auth_user_id"]).update(is_active=False)
    assert client.get(reverse("my_accounts")).status_code == 302
    assert Session.objects.get().ended_why == Session.Ended.DISABLED


def test_a_new_password_ends_every_session(as_job):
    clients = [visitors.person(CAST.wang), visitors.person(CAST.wang)]
    user = User.objects.with_login("person", CAST.wang.number)
    with as_job():
        code = activation.open_code("person", CAST.wang.number, CAST.wang.name, activation.issue(user))
        activation.activate(code, "three kites above the bridge")
    for client in clients:
        answer = client.get(reverse("my_accounts"))
        assert "密码已更改，请用新密码登录" in client.get(answer.headers["Location"]).text


def test_a_sign_in_that_was_not_written_down_opens_nothing():
    client = Client()
    client.force_login(User.objects.with_login("person", CAST.wang.number))
    assert client.get(reverse("my_accounts")).status_code == 302


def test_the_session_of_another_user_is_no_help():
    client, other = visitors.person(CAST.wang), visitors.person(CAST.li)
    session = client.session
    session["session"] = other.session["session"]
    session.save()
    assert client.get(reverse("my_accounts")).status_code == 302
    assert other.get(reverse("my_accounts")).status_code == 200


def test_the_check_costs_one_query_that_brings_the_user_too():
    client = visitors.person(CAST.wang)
    client.get(reverse("me"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("me"))
    about = [q["sql"] for q in asked.captured_queries if "inquiries_" in q["sql"] and "accesslog" not in q["sql"]]
    # The session with its user and unread notices, and the door's inquiry: no query of Django's own for the user.
    assert len(about) == 2
    assert 'FROM "inquiries_session"' in about[0]
    assert 'FROM "inquiries_inquiry"' in about[1]


@pytest.mark.parametrize(
    "visitor",
    [
        lambda: visitors.person(CAST.wang),
        lambda: visitors.agent(CAST.agent),
        lambda: visitors.clerk_serving(CAST.wang),
        lambda: visitors.staff(OPERATOR),
        Client,
    ],
    ids=["person", "agent", "clerk", "operator", "nobody"],
)
def test_no_answer_of_any_address_is_kept(visitor):
    client = visitor()
    seen = 0
    for address, entry in patterns():
        if entry.name in {"sign_out", "healthz", "readyz"}:
            continue
        filled = re.sub(r"<(\w+):\w+>", lambda mark: FILLS[mark[1]], address)
        answer = client.get(f"/{filled}")
        assert "no-store" in answer.headers["Cache-Control"], filled
        seen += 1
    assert seen > 30
