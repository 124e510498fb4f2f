"""Which passwords are good, how one is changed, and what hashing costs."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries import hashers, passwords
from inquiries.models import User
from inquiries.pinyin_initials import initials_of
from tests import sheets, visitors
from tests.cast import CAST, CLERK, PASSWORD
from tests.quick_hasher import QuickArgon2id

pytestmark = pytest.mark.django_db
NEW = "three kites above the bridge"
TOO_SHORT = "密码至少 8 个字符（没有动态码时至少 15 个）"


@pytest.fixture
def wang():
    return User.objects.with_login("person", CAST.wang.number)


def codes_of(password, user=None, **more):
    return [problem.code for problem in passwords.problems(password, user, **more)]


@pytest.mark.parametrize(
    ("password", "alone", "code"),
    [
        ("kite-42", False, "short"),
        ("kite-421", False, None),
        ("kite-421 bridge", True, None),
        ("kite-421 bridg", True, "short"),
        ("k" + "ite421 brid" * 12, False, "long"),
        ("风筝飞过那座桥上", False, None),
        ("😀🎈🌉🪁🚲🌧🌈🍵", False, None),
        ("aaaaaaaaaaaaaaaaaa", False, "common"),
        ("password1", False, "common"),
        ("iloveyou", False, "common"),
        ("shebao12333", False, "common"),
        ("Shebao-2026", False, "common"),
        ("社保查询密码2026", False, "common"),
        ("shebao and eleven kites", False, None),
    ],
)
def test_length_and_common_words(password, alone, code):
    assert codes_of(password, alone=alone) == ([code] if code else [])


def test_length_counts_characters_after_nfkc():
    assert codes_of("ｋｉｔｅ４２１") == ["short"]
    assert passwords.normal("ｋｉｔｅ－４２１") == "kite-421"
    assert codes_of("ﷺ") == []  # one character that NFKC writes out as eighteen


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kite 19840307 bridge", "own_number"),
        ("kite 84-03-07 bridge", "own_number"),
        ("kite 07031984 bridge", "own_number"),
        ("kite 1984.03 bridge", "own_number"),
        (f"my number {CAST.wang.number}", "own_number"),
        (f"kite {CAST.wang.number[-6:]}", "own_number"),
        ("call 13800000101 now", "own_name"),
        ("王小明的密码是风筝", "own_name"),
        ("wxm-88664422", "own_name"),
        ("WXM 8866 4422!", "own_name"),
        ("kite 8866 wxm", None),
    ],
)
def test_what_a_stranger_knows_of_the_person(wang, password, code):
    assert codes_of(password, wang) == ([code] if code else [])


def test_a_staff_number_is_known_where_it_is_typed():
    assert codes_of("kites 20261122 up", login="20261122") == ["own_number"]


@pytest.mark.parametrize(("name", "letters"), [("王小明", "wxm"), ("阿座", "az"), ("卫䶮·𠮷", ""), ("Li", "")])
def test_initials_of_common_characters(name, letters):
    assert initials_of(name) == letters


def test_django_s_own_ways_ask_for_a_password_that_stands_alone():
    with pytest.raises(ValidationError):
        passwords.PortalPasswordValidator().validate("kite-421")
    passwords.PortalPasswordValidator().validate(NEW)


def test_complexity_is_asked_of_staff_under_mlps3_alone(settings, wang):
    clerk = User.objects.with_login("staff", CLERK)
    assert codes_of(NEW, clerk) == []
    settings.PASSWORD_PROFILE = "mlps3"
    assert codes_of(NEW, clerk) == ["simple"]
    assert codes_of("Three kites, 2 bridges", clerk) == []
    assert codes_of(NEW, wang) == []


def change(client, **changes):
    form = {"current": PASSWORD, "protection": "code", "password": NEW, "again": NEW}
    return client.post(reverse("change_password"), form | changes)


def test_a_change_ends_the_other_sessions_and_keeps_this_one():
    other, client = visitors.person(CAST.wang), visitors.person(CAST.wang)
    assert other.get(reverse("my_accounts")).status_code == 200
    assert "密码已修改，其他设备上的登录都已退出。" in client.get(change(client).headers["Location"]).text
    assert client.get(reverse("my_accounts")).status_code == 200
    assert other.get(reverse("my_accounts")).status_code == 302
    assert visitors.sign_in("person", CAST.wang.number).answer.status_code == 200
    assert visitors.sign_in("person", CAST.wang.number, NEW).answer.status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"current": "not the password"}, "当前密码不对"),
        ({"current": ""}, "请输入密码"),
        ({"password": PASSWORD, "again": PASSWORD}, "这就是当前密码"),
        ({"password": "short", "again": "short"}, TOO_SHORT),
        ({"protection": "alone", "password": "eleven kites", "again": "eleven kites"}, TOO_SHORT),
        ({"password": "k" * 4 + "ite" * 60, "again": "k" * 4 + "ite" * 60}, "密码最多 128 个字符"),
        ({"password": "kite 19840307", "again": "kite 19840307"}, "密码里有您的生日或证件号码，容易被猜到，请换一个"),
        ({"password": "shebao12333", "again": "shebao12333"}, "这个密码太常见"),
        ({"again": "something else"}, "两次输入的密码不一样"),
        ({"protection": ""}, "请选择登录方式"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(wang, changes, words):
    assert words in change(visitors.person(CAST.wang), **changes).text
    wang.refresh_from_db()
    assert wang.check_password(PASSWORD)


def test_a_long_password_may_stand_alone_and_a_short_one_may_not(wang):
    client = visitors.person(CAST.wang)
    change(client, protection="alone")
    wang.refresh_from_db()
    assert wang.password_alone
    short = {"current": NEW, "password": "eleven kites", "again": "eleven kites"}
    change(client, protection="code", **short)
    wang.refresh_from_db()
    assert not wang.password_alone
    assert wang.check_password("eleven kites")


def test_staff_are_not_asked_and_cannot_opt_out():
    client = visitors.staff()
    assert "您想怎样登录" not in client.get(reverse("change_password")).text
    change(client, protection="alone")
    user = User.objects.with_login("staff", CLERK)
    assert user.check_password(NEW)
    assert not user.password_alone


def test_what_was_typed_can_be_read_without_a_script():
    client = visitors.person(CAST.wang)
    page = change(client, show="1").text
    assert f'type="text" name="password" value="{NEW}"' in page
    assert 'class="errors"' not in page
    assert 'type="password"' not in page
    assert NEW not in client.get(reverse("change_password")).text
    sign_in = Client().post(reverse("sign_in", args=["person"]), {"login": "1", "password": "kite", "show": "1"})
    assert 'type="text" name="password" value="kite"' in sign_in.text
    activate = Client().post(reverse("activate"), {"password": NEW, "show": "1"})
    assert f'type="text" name="password" value="{NEW}"' in activate.text


def test_paste_is_allowed_and_nothing_is_cut():
    page = visitors.person(CAST.wang).get(reverse("change_password")).text
    assert "onpaste" not in page
    assert 'maxlength="128"' not in page
    assert 'autocomplete="new-password"' in page


def test_fullwidth_typing_is_the_same_password(wang):
    client = visitors.person(CAST.wang)
    change(client, password="ｅｌｅｖｅｎ　ｋｉｔｅｓ", again="eleven kites")
    assert visitors.sign_in("person", CAST.wang.number, "eleven kites").answer.status_code == 302
    assert visitors.sign_in("person", CAST.wang.number, "ｅｌｅｖｅｎ　ｋｉｔｅｓ").answer.status_code == 302


@pytest.mark.parametrize(("profile", "asked"), [("nist", False), ("mlps3", True)])
def test_under_mlps3_staff_renew_after_90_days_before_anything_else(settings, as_job, profile, asked):
    settings.PASSWORD_PROFILE = profile
    with as_job():
        User.objects.filter(kind="staff").update(password_set_at=timezone.now() - timedelta(days=91))
    client = visitors.staff()
    assert (client.answer.headers["Location"] == reverse("change_password")) is asked
    assert ("_auth_user_id" in client.session) is not asked
    if asked:
        assert "已超过 90 天" in client.get(reverse("change_password")).text
        assert client.get(reverse("window_today")).status_code == 302
        done = change(client, password="Three kites, 2 bridges", again="Three kites, 2 bridges")
        assert done.headers["Location"] == reverse("window_today")


def test_a_password_alone_does_not_open_its_change():
    client = visitors.prove_password("staff", CLERK)
    assert client.get(reverse("change_password")).headers["Location"] == reverse("home")


def test_the_hash_is_argon2id_at_the_cost_that_was_chosen():
    chosen = hashers.Argon2id()
    assert (chosen.algorithm, chosen.time_cost, chosen.memory_cost, chosen.parallelism) == ("argon2", 2, 102_400, 8)
    assert make_password("kite").startswith("argon2$argon2id$")


def test_no_more_than_two_hashes_at_once(monkeypatch):
    line, at_once, most = threading.Lock(), [0], [0]

    class Watched(type(hashers.AT_ONCE)):
        def __enter__(self):
            super().acquire()
            with line:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])

        def __exit__(self, *error):
            with line:
                at_once[0] -= 1
            super().release()

    assert hashers.AT_ONCE._initial_value == 2
    monkeypatch.setattr(hashers, "AT_ONCE", Watched(2))
    hasher = QuickArgon2id()
    hasher.memory_cost = 8192
    encoded = hasher.encode("kite", hasher.salt())
    work = [lambda: hasher.encode("kite", hasher.salt()), lambda: hasher.verify("kite", encoded)] * 6
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most[0] <= 2


@pytest.fixture
def hashes(monkeypatch):
    """How many passwords were hashed or verified."""
    done = []
    for name in ("encode", "verify"):
        original = getattr(QuickArgon2id, name)

        def counted(self, *arguments, original=original, name=name):
            done.append(name)
            return original(self, *arguments)

        monkeypatch.setattr(QuickArgon2id, name, counted)
    return done


def test_every_failure_at_the_door_costs_one_hash(hashes, as_job):
    with as_job():
        User.objects.filter(login_key=User.key_of("person", CAST.qian.number)).update(is_active=False)
        User.objects.filter(login_key=User.key_of("person", CAST.sun.number)).update(password=make_password(None))
    cases = {
        "wrong password": (CAST.wang.number, "not the password at all"),
        "unknown number": ("990101190001010011", PASSWORD),
        "disabled": (CAST.qian.number, PASSWORD),
        "not activated": (CAST.sun.number, PASSWORD),
        "another door": (CLERK, PASSWORD),
        "long password": (CAST.wang.number, "kite " * 60),
    }
    pages = {}
    for case, (login, password) in cases.items():
        hashes.clear()
        answer = visitors.prove_password("person", login, password).answer
        assert (answer.status_code, len(hashes)) == (200, 1), case
        pages[case] = visitors.words(answer)
    assert len(set(pages.values())) == 1


def test_a_wrong_code_costs_no_hash_and_a_right_password_one(hashes):
    client = visitors.prove_password("person", CAST.chen.number)
    assert len(hashes) == 1
    visitors.send_code(client, "00000000")
    visitors.send_code(client, sheets.next_code(client.session["proving"]["user"]))
    assert len(hashes) == 1
