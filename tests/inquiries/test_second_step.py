"""The second step of signing in: what opens, what is used up, what is refused."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries import authenticator_app, bound_phones, passkeys, printed_codes, proving, second_factors, text_codes
from inquiries.models import PrintedCode, TextCode, User
from tests import apps, sheets, visitors
from tests.cast import CAST, CLERK
from tests.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db
STEP = "second_step"
REFUSED = "动态码不对或已失效。每个动态码只能用一次。"
PHONE = "13800001234"


@pytest.fixture
def user():
    """Chen's user, with a sheet of codes."""
    return User.objects.with_login("person", CAST.chen.number)


@pytest.fixture
def messages_sent(settings, tmp_path):
    """What left by text message, as one text."""
    settings.CODE_FILE = tmp_path / "messages.txt"
    return lambda: settings.CODE_FILE.read_text(encoding="utf-8") if settings.CODE_FILE.exists() else ""


def prove_password():
    return visitors.prove_password("person", CAST.chen.number)


def code_in(text):
    return re.findall(r"(?<!\d)\d{6}(?!\d)", text)[-1]


def request_on(page):
    return html.unescape(re.search(r'data-request="([^"]+)"', page.text)[1])


def test_the_password_alone_opens_nothing(user):
    client = prove_password()
    assert client.answer.headers["Location"] == reverse(STEP)
    assert "_auth_user_id" not in client.session
    for name in ("my_accounts", "who_looked", "my_protection", "set_up_app", "set_up_phone", "change_password"):
        assert client.get(reverse(name)).status_code == 302
    assert client.get(reverse("set_up_app")).headers["Location"] == reverse(STEP)


def test_the_field_is_made_for_codes(user):
    page = prove_password().get(reverse(STEP)).text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "第二步验证"), ("en", "Second step")])
def test_the_page_speaks_both_languages(user, language, words):
    client = prove_password()
    client.cookies["language"] = language
    assert words in client.get(reverse(STEP)).text


def test_a_printed_code_opens_once(user):
    code = sheets.next_code(user.pk)
    written = f"{code[:4]} {code[4:]}"
    assert visitors.send_code(prove_password(), written).headers["Location"] == reverse("my_accounts")
    assert REFUSED in visitors.send_code(prove_password(), code).text


def test_the_last_codes_of_a_sheet_are_announced(user):
    codes = printed_codes.hand_out(user)
    for code in codes[:6]:
        client = prove_password()
        visitors.send_code(client, code)
        assert "请及时换领" not in client.get(reverse("my_accounts")).text
    client = prove_password()
    visitors.send_code(client, codes[6])
    assert "纸质登录码还剩 3 个" in client.get(reverse("my_accounts")).text


def test_an_app_code_opens_and_cannot_be_replayed(user):
    secret = authenticator_app.new_secret()
    assert authenticator_app.set_up(user, secret, apps.code(secret))
    code = apps.code(secret, steps_ahead=1)
    assert visitors.send_code(prove_password(), code).status_code == 302
    assert REFUSED in visitors.send_code(prove_password(), code).text


def test_the_code_of_the_set_up_does_not_open_either(user):
    secret = authenticator_app.new_secret()
    code = apps.code(secret)
    authenticator_app.set_up(user, secret, code)
    assert REFUSED in visitors.send_code(prove_password(), code).text


@pytest.mark.parametrize("steps_ahead", [-5, 5])
def test_an_app_code_of_another_time_is_refused(user, steps_ahead):
    secret = authenticator_app.new_secret()
    authenticator_app.set_up(user, secret, apps.code(secret))
    assert REFUSED in visitors.send_code(prove_password(), apps.code(secret, steps_ahead)).text


def test_a_text_message_code_opens_once(user, messages_sent):
    bound_phones.bind(user, PHONE, "window")
    client = prove_password()
    assert "138****1234" in client.get(reverse(STEP)).text
    page = client.post(reverse("send_text_code"), follow=True).text
    assert "动态码已发到 138****1234，10 分钟内有效。" in page
    code = code_in(messages_sent())
    assert code not in page and PHONE not in page
    assert visitors.send_code(client, code).status_code == 302
    assert REFUSED in visitors.send_code(prove_password(), code).text


def test_a_text_message_code_ends_after_ten_minutes(user, messages_sent):
    bound_phones.bind(user, PHONE, "window")
    client = prove_password()
    client.post(reverse("send_text_code"))
    row = TextCode.objects.latest("pk")
    assert (row.expires_at - row.sent_at).total_seconds() == 600
    TextCode.objects.update(expires_at=timezone.now())
    assert REFUSED in visitors.send_code(client, code_in(messages_sent())).text


def test_five_wrong_guesses_void_a_text_message_code(user, messages_sent):
    bound_phones.bind(user, PHONE, "window")
    prove_password().post(reverse("send_text_code"))
    code = code_in(messages_sent())
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(text_codes.MOST_WRONG_GUESSES):
        assert text_codes.check(user, TextCode.Purpose.SIGN_IN, wrong) is None
    assert REFUSED in visitors.send_code(prove_password(), code).text


def test_messages_do_not_leave_one_after_the_other(user, messages_sent):
    bound_phones.bind(user, PHONE, "window")
    client = prove_password()
    client.post(reverse("send_text_code"))
    assert "刚刚发过动态码" in client.post(reverse("send_text_code"), follow=True).text
    assert messages_sent().count("\n") == 1


def test_a_sender_that_fails_is_said_and_leaves_no_code(user, settings, tmp_path):
    settings.CODE_FILE = tmp_path  # a folder cannot be written as a file
    bound_phones.bind(user, PHONE, "window")
    assert "短信没有发出" in prove_password().post(reverse("send_text_code"), follow=True).text
    assert TextCode.objects.get().used_at is not None


def test_without_a_sender_the_phone_is_not_offered(user, settings):
    bound_phones.bind(user, PHONE, "window")
    settings.CODE_SENDER = ""
    client = prove_password()
    assert "138****1234" not in client.get(reverse(STEP)).text
    client.post(reverse("send_text_code"))
    assert not TextCode.objects.exists()


def test_a_passkey_opens(user):
    client = Client(headers={"host": "testserver"})
    key = SoftPasskey()
    make_passkey(user, key)
    client = visitors.prove_password("person", CAST.chen.number, client=client)
    answer = key.sign(request_on(client.get(reverse(STEP))))
    assert client.post(reverse("prove_passkey"), {"answer": answer}).headers["Location"] == reverse("my_accounts")
    assert passkeys.of_user(user).get().last_used_at is not None


@pytest.mark.parametrize("broken", ["other key", "other site", "old challenge", "nonsense", "too long", "list"])
def test_what_does_not_prove_the_passkey_opens_nothing(user, broken):
    key = SoftPasskey()
    make_passkey(user, key)
    client = prove_password()
    asked = request_on(client.get(reverse(STEP)))
    stranger = SoftPasskey(origin="https://testserver.example" if broken == "other site" else None)
    stranger.id = key.id
    if broken != "other key":
        stranger.key = key.key
    if broken == "old challenge":
        client.get(reverse(STEP))
    answer = {"nonsense": "{", "too long": " " * 20_000 + "{}", "list": "[]"}.get(broken) or stranger.sign(asked)
    reply = client.post(reverse("prove_passkey"), {"answer": answer}, follow=True)
    assert reply.redirect_chain[-1][0] == reverse(STEP)
    assert "没有认出通行密钥" in reply.text
    assert "_auth_user_id" not in client.session


def make_passkey(user, key):
    """Set the passkey up as the signed-in user does."""
    client = visitors.person(CAST.chen)
    asked = request_on(client.get(reverse("set_up_passkey")))
    client.post(reverse("set_up_passkey"), {"answer": key.make(asked)})
    assert passkeys.of_user(user).count() == 1


def test_five_wrong_codes_begin_again_with_the_password(user):
    client = prove_password()
    for _ in range(proving.MOST_WRONG_CODES - 1):
        assert REFUSED in visitors.send_code(client, "12345678").text
    answer = visitors.send_code(client, "12345678")
    assert answer.headers["Location"] == reverse("sign_in", args=["person"])
    right = visitors.send_code(client, sheets.next_code(user.pk))
    assert right.headers["Location"] == reverse("home")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("typed", ["１２３４５６７８", "abcdef", "", "1234567", "123 456 789 012", "²²²²²²"])
def test_whatever_is_typed_is_only_refused(user, typed):
    assert visitors.send_code(prove_password(), typed).status_code == 200


def test_guesses_are_slowed_down_across_sign_ins(user):
    for _ in range(proving.MOST_WRONG_CODES):
        visitors.send_code(prove_password(), "12345678")
    answer = visitors.send_code(prove_password(), sheets.next_code(user.pk))
    assert "尝试次数较多" in answer.text
    assert PrintedCode.objects.filter(user=user).exclude(used_at=None).count() == 0


def test_another_users_code_does_not_open(user):
    theirs = printed_codes.hand_out(User.objects.with_login("staff", CLERK))[0]
    assert REFUSED in visitors.send_code(prove_password(), theirs).text
    assert PrintedCode.objects.filter(code_hash=PrintedCode.hash_of(user.pk, theirs)).count() == 0


@pytest.mark.parametrize("what", ["late", "password changed", "disabled"])
def test_the_proof_of_the_password_ends(user, as_job, what):
    client = prove_password()
    if what == "late":
        session = client.session
        session["proving"] |= {"until": timezone.now().isoformat()}
        session.save()
    with as_job():
        if what == "password changed":
            user.set_password("another quiet walk")
            user.save()
        elif what == "disabled":
            User.objects.filter(pk=user.pk).update(is_active=False)
    assert visitors.send_code(client, sheets.next_code(user.pk)).headers["Location"] == reverse("home")


def test_no_code_is_asked_before_the_password():
    assert visitors.send_code(Client(), "12345678").headers["Location"] == reverse("home")


def test_whose_codes_are_used_up_is_sent_to_the_window_and_cannot_begin_anew(user, as_job):
    PrintedCode.objects.filter(user=user).update(used_at=timezone.now())
    client = prove_password()
    assert client.answer.headers["Location"] == reverse("set_up_first")
    assert "请带身份证到窗口，当场免费换领" in client.get(reverse("set_up_first")).text
    assert client.get(reverse("set_up_app")).headers["Location"] == reverse("set_up_first")


def test_neither_codes_nor_secrets_stand_in_logs_or_sessions(user, messages_sent, caplog):
    caplog.set_level("DEBUG")
    bound_phones.bind(user, PHONE, "window")
    secret = authenticator_app.new_secret()
    authenticator_app.set_up(user, secret, apps.code(secret))
    client = prove_password()
    client.post(reverse("send_text_code"))
    printed = sheets.next_code(user.pk)
    kept = str(dict(client.session))
    visitors.send_code(client, printed)
    kept += str(dict(client.session))
    for private in (secret, code_in(messages_sent()), printed, PHONE, CAST.chen.number):
        assert private not in caplog.text
        assert private not in kept


def test_what_is_kept_is_encrypted_or_hashed(user, messages_sent):
    secret = authenticator_app.new_secret()
    authenticator_app.set_up(user, secret, apps.code(secret))
    assert secret not in str(authenticator_app.of_user(user).get().data)
    bound = bound_phones.bind(user, PHONE, "window")
    assert PHONE.encode() not in bytes(bound.number_encrypted)
    assert second_factors.ways_of(user).phone.masked == "138****1234"
    for code in printed_codes.hand_out(user):
        assert len(bytes(PrintedCode.objects.get(code_hash=PrintedCode.hash_of(user.pk, code)).code_hash)) == 32
