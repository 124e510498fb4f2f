"""Setting up, changing and removing second factors, before the first sign-in is through and afterwards."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries import authenticator_app, bound_phones, passkeys, printed_codes, second_factors
from inquiries.models import BoundPhone, PrintedCode, TextCode, User
from tests import apps, visitors
from tests.cast import CAST, CLERK
from tests.inquiries.test_second_step import code_in, request_on
from tests.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db
FIRST, PROTECTION = "set_up_first", "my_protection"
PRINTED = re.compile(r'class="id">(\d{4} \d{4})<')
OTHER_PHONE = "13911112222"


@pytest.fixture
def messages_sent(settings, tmp_path):
    settings.CODE_FILE = tmp_path / "messages.txt"
    return lambda: settings.CODE_FILE.read_text(encoding="utf-8") if settings.CODE_FILE.exists() else ""


@pytest.fixture
def newcomer(as_job):
    """Li, who chose a code beside the password and has none yet."""
    with as_job():
        user = User.objects.with_login("person", CAST.li.number)
        User.objects.filter(pk=user.pk).update(password_alone=False)
    user.refresh_from_db()
    return user


@pytest.fixture
def new_clerk(as_job):
    """A clerk whose factors were removed, as after activation."""
    with as_job():
        user = User.objects.with_login("staff", CLERK)
        second_factors.remove_all(user)
    return user


def set_up_app(client):
    """Send the right code of the app being set up; gives the answer and the secret."""
    secret = apps.secret_on(client.get(reverse("set_up_app")))
    return client.post(reverse("set_up_app"), {"code": apps.code(secret)}), secret


def test_staff_without_a_factor_must_set_one_up_before_anything_else(new_clerk):
    client = visitors.prove_password("staff", CLERK)
    assert client.answer.headers["Location"] == reverse(FIRST)
    for name in ("window_today", "start_visit", PROTECTION, "change_password", "who_looked"):
        assert client.get(reverse(name)).status_code == 302
        assert "_auth_user_id" not in client.session
    page = client.get(reverse(FIRST)).text
    assert "设置第二重验证" in page
    assert "短信动态码" not in page
    answer, _secret = set_up_app(client)
    assert len(PRINTED.findall(answer.text)) == printed_codes.COUNT
    assert reverse("window_today") in answer.text
    assert client.get(reverse("window_today")).status_code == 200


def test_agents_have_no_choice_either(as_job):
    with as_job():
        second_factors.remove_all(User.objects.with_login("employer", CAST.agent.number))
    client = visitors.prove_password("employer", CAST.agent.number)
    assert client.answer.headers["Location"] == reverse(FIRST)


def test_a_password_that_stands_alone_opens_by_itself():
    assert visitors.prove_password("person", CAST.li.number).answer.headers["Location"] == reverse("my_accounts")


def test_the_register_s_phone_is_offered_and_bound_by_its_code(newcomer, messages_sent):
    client = visitors.prove_password("person", CAST.li.number)
    assert reverse("set_up_phone") in client.get(reverse(FIRST)).text
    page = client.get(reverse("set_up_phone")).text
    assert "138****0102" in page
    assert "13800000102" not in page
    assert client.post(reverse("set_up_phone")).headers["Location"] == reverse("confirm_phone")
    answer = client.post(reverse("confirm_phone"), {"code": code_in(messages_sent())})
    assert answer.headers["Location"] == reverse("my_accounts")
    assert bound_phones.of_user(newcomer).source == "register"
    assert "13800000102" in messages_sent()


def test_a_wrong_code_binds_nothing(newcomer, messages_sent):
    client = visitors.prove_password("person", CAST.li.number)
    client.post(reverse("set_up_phone"))
    wrong = "000000" if code_in(messages_sent()) != "000000" else "000001"
    assert "动态码不对或已失效" in client.post(reverse("confirm_phone"), {"code": wrong}).text
    assert bound_phones.of_user(newcomer) is None


def test_the_app_s_secret_waits_encrypted_and_is_asked_for_at_the_next_sign_in(newcomer):
    client = visitors.prove_password("person", CAST.li.number)
    page = client.get(reverse("set_up_app"))
    secret = apps.secret_on(page)
    assert '<path d="M' in page.text
    assert secret not in str(dict(client.session))
    assert apps.secret_on(client.get(reverse("set_up_app"))) == secret
    assert "动态码不对或已失效" in client.post(reverse("set_up_app"), {"code": apps.code(secret, 9)}).text
    client.post(reverse("set_up_app"), {"code": apps.code(secret)})
    again = visitors.prove_password("person", CAST.li.number)
    assert again.answer.headers["Location"] == reverse("second_step")
    assert visitors.send_code(again, apps.code(secret, 1)).headers["Location"] == reverse("my_accounts")


def test_the_reserve_codes_are_shown_once_and_work(newcomer):
    client = visitors.prove_password("person", CAST.li.number)
    answer, _secret = set_up_app(client)
    codes = PRINTED.findall(answer.text)
    assert "只显示一次" in answer.text
    assert not PRINTED.findall(client.get(reverse(PROTECTION)).text)
    assert visitors.send_code(visitors.prove_password("person", CAST.li.number), codes[3]).status_code == 302


def test_a_passkey_is_set_up_and_asked_for(newcomer):
    client, key = visitors.prove_password("person", CAST.li.number), SoftPasskey()
    answer = client.post(
        reverse("set_up_passkey"), {"answer": key.make(request_on(client.get(reverse("set_up_passkey"))))}
    )
    assert len(PRINTED.findall(answer.text)) == printed_codes.COUNT
    assert passkeys.of_user(newcomer).count() == 1
    again = visitors.prove_password("person", CAST.li.number)
    asked = request_on(again.get(reverse("second_step")))
    assert again.post(reverse("prove_passkey"), {"answer": key.sign(asked)}).status_code == 302
    assert again.get(reverse("my_accounts")).status_code == 200


@pytest.mark.parametrize("answer", ["", "{}", "[1]", '{"id": 3}', "x" * 20_000])
def test_nonsense_makes_no_passkey(newcomer, answer):
    client = visitors.prove_password("person", CAST.li.number)
    client.get(reverse("set_up_passkey"))
    reply = client.post(reverse("set_up_passkey"), {"answer": answer}, follow=True)
    assert "通行密钥没有设好" in reply.text
    assert not passkeys.of_user(newcomer).exists()


def test_a_passkey_made_on_another_site_is_refused(newcomer):
    client = visitors.prove_password("person", CAST.li.number)
    asked = request_on(client.get(reverse("set_up_passkey")))
    client.post(reverse("set_up_passkey"), {"answer": SoftPasskey(origin="https://portal.example").make(asked)})
    assert not passkeys.of_user(newcomer).exists()


def test_without_scripts_the_passkey_page_says_what_to_do(newcomer):
    page = visitors.prove_password("person", CAST.li.number).get(reverse("set_up_passkey")).text
    assert "需要 JavaScript 和安全连接" in page
    assert re.search(r"<form[^>]+data-request[^>]+ hidden>", page)


def test_the_page_about_oneself_masks_the_phone(messages_sent):
    client = visitors.person(CAST.chen)
    bound_phones.bind(User.objects.with_login("person", CAST.chen.number), OTHER_PHONE, "window")
    page = client.get(reverse(PROTECTION)).text
    assert "139****2222" in page
    assert OTHER_PHONE not in page
    assert "登录与安全" in page


def test_a_phone_changed_online_waits_three_days_and_the_old_one_is_told(messages_sent):
    user = User.objects.with_login("person", CAST.chen.number)
    bound_phones.bind(user, "13800001234", "window")
    client = visitors.person(CAST.chen)
    assert client.post(reverse("set_up_phone"), {"phone": "139 1111 2222"}).headers["Location"] == reverse(
        "confirm_phone"
    )
    client.post(reverse("confirm_phone"), {"code": code_in(messages_sent())})
    change = bound_phones.change_of(user)
    assert change.good_from - change.bound_at == timedelta(hours=72)
    assert bound_phones.of_user(user).masked == "138****1234"
    assert "13800001234 72 小时后登录动态码将改发到 139****2222" in messages_sent()
    assert "139****2222" in client.get(reverse(PROTECTION)).text
    later = timezone.now() + timedelta(hours=72, seconds=1)
    assert BoundPhone.objects.in_use(later).filter(user=user).first().masked == "139****2222"


def test_a_change_can_be_stopped(messages_sent):
    user = User.objects.with_login("person", CAST.chen.number)
    bound_phones.bind(user, "13800001234", "window")
    bound_phones.ask_change(user, OTHER_PHONE)
    client = visitors.person(CAST.chen)
    assert "已停止更换" in client.post(reverse("stop_phone_change"), follow=True).text
    later = timezone.now() + timedelta(days=9)
    assert BoundPhone.objects.in_use(later).filter(user=user).first().masked == "138****1234"


@pytest.mark.parametrize("phone", ["", "12345", "23800001234", "1380000123", "1380000123４５", "<b>"])
def test_what_is_no_mobile_number_is_said(phone):
    answer = visitors.person(CAST.chen).post(reverse("set_up_phone"), {"phone": phone})
    assert "手机号码" in answer.text
    assert 'class="errors"' in answer.text
    assert not TextCode.objects.exists()


def test_the_only_factor_stays_where_one_must_be():
    client = visitors.person(CAST.chen)
    user = User.objects.with_login("person", CAST.chen.number)
    answer = client.post(reverse("remove_factor"), {"way": "codes"}, follow=True)
    assert "唯一的第二重验证" in answer.text
    set_up_app(client)
    assert "已移除" in client.post(reverse("remove_factor"), {"way": "codes"}, follow=True).text
    assert "唯一的第二重验证" in client.post(reverse("remove_factor"), {"way": "app"}, follow=True).text
    assert authenticator_app.of_user(user).exists()


def test_whose_password_stands_alone_may_remove_the_last_one():
    client = visitors.person(CAST.li)
    set_up_app(client)
    client.post(reverse("remove_factor"), {"way": "codes"})
    client.post(reverse("remove_factor"), {"way": "app"})
    user = User.objects.with_login("person", CAST.li.number)
    assert not second_factors.ways_of(user)
    assert user.second_factor_since is None
    assert visitors.prove_password("person", CAST.li.number).answer.headers["Location"] == reverse("my_accounts")


def test_nobody_removes_a_stranger_s_passkey():
    client, key = visitors.person(CAST.chen), SoftPasskey()
    asked = request_on(client.get(reverse("set_up_passkey")))
    client.post(reverse("set_up_passkey"), {"answer": key.make(asked)})
    row = passkeys.of_user(User.objects.with_login("person", CAST.chen.number)).get()
    visitors.person(CAST.li).post(reverse("remove_factor"), {"way": "passkey", "passkey": row.pk})
    assert passkeys.of_user(row.user).exists()


def test_a_new_sheet_withdraws_the_old_one():
    client = visitors.person(CAST.chen)
    answer, _secret = set_up_app(client)
    assert not PRINTED.findall(answer.text)
    first = PRINTED.findall(client.post(reverse("print_own_codes")).text)
    second = PRINTED.findall(client.post(reverse("print_own_codes")).text)
    assert len(first) == len(second) == printed_codes.COUNT
    user = User.objects.with_login("person", CAST.chen.number)
    assert second_factors.check_code(user, first[0]) == ""
    assert second_factors.check_code(user, second[0]) == "codes"


@pytest.mark.parametrize("name", ["remove_factor", "stop_phone_change", "print_own_codes", "send_text_code"])
def test_deeds_are_no_links(name):
    assert visitors.person(CAST.chen).get(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", [PROTECTION, FIRST, "set_up_app", "set_up_phone", "set_up_passkey", "second_step"])
def test_strangers_are_sent_home(name):
    assert Client().get(reverse(name)).headers["Location"].startswith(reverse("home"))


def test_the_codes_of_a_sheet_are_ten_different_ones():
    user = User.objects.with_login("person", CAST.li.number)
    codes = printed_codes.hand_out(user)
    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {8}
    assert PrintedCode.objects.filter(user=user).count() == 10
