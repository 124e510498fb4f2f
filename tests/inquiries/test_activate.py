import re
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inquiries import activation, second_factors
from inquiries.models import ActivationCode, User
from tests import visitors
from tests.cast import CAST, CLERK, citizen_number
from tests.quick_hasher import QuickArgon2id

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "three kites above the bridge"
REFUSED = "启用码不对或已失效"


@pytest.fixture
def code(as_job):
    """A fresh activation code of Wang's."""
    with as_job():
        return activation.issue(User.objects.with_login("person", CAST.wang.number))


def send(code, **changes):
    form = {
        "kind": "person",
        "login": CAST.wang.number,
        "name": CAST.wang.name,
        "code": code,
        "protection": "alone",
        "password": NEW_PASSWORD,
        "again": NEW_PASSWORD,
    }
    return Client().post(reverse("activate"), form | changes)


def test_code_number_and_name_together_set_a_password(code):
    assert "密码已设好" in send(code).text
    assert visitors.sign_in("person", CAST.wang.number, NEW_PASSWORD).answer.status_code == 302


def test_a_code_is_read_as_people_write_it(code):
    written = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert "密码已设好" in send(written).text


def test_a_code_works_once(code):
    send(code)
    assert REFUSED in send(code).text


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code": "0000-0000-0000"}, id="wrong code"),
        pytest.param({"name": CAST.li.name}, id="wrong name"),
        pytest.param({"login": CAST.li.number}, id="somebody else's number"),
        pytest.param({"kind": "employer"}, id="wrong door"),
    ],
)
def test_whatever_is_wrong_the_words_are_the_same(code, changes):
    assert REFUSED in send(**({"code": code} | changes)).text


def test_a_late_code_is_refused(code, as_job):
    with as_job():
        ActivationCode.objects.filter(used_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert REFUSED in send(code).text


def test_a_new_code_withdraws_the_older_one(code, as_job):
    with as_job():
        newer = activation.issue(User.objects.with_login("person", CAST.wang.number))
    assert REFUSED in send(code).text
    assert "密码已设好" in send(newer).text


@pytest.mark.parametrize(
    ("protection", "password", "good"),
    [
        ("code", "eleven kites", True),
        ("alone", NEW_PASSWORD, True),
        ("alone", "eleven kites", False),
        ("code", "kites", False),
    ],
)
def test_eight_characters_with_a_code_fifteen_without(code, protection, password, good):
    answer = send(code, protection=protection, password=password, again=password)
    assert ("密码已设好" in answer.text) is good
    assert ("密码至少 8 个字符（没有动态码时至少 15 个）" in answer.text) is not good
    if good:
        assert User.objects.with_login("person", CAST.wang.number).password_alone is (protection == "alone")


def test_staff_cannot_do_without_a_code(as_job):
    with as_job():
        code = activation.issue(User.objects.with_login("staff", CLERK))
    form = {"kind": "staff", "login": CLERK, "name": "韩窗口"}
    assert "必须再输动态码" in send(code, **form).text
    assert "密码已设好" in send(code, protection="code", **form).text


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "您想怎样登录？"), ("en", "How do you want to sign in?")])
def test_the_page_asks_which_in_both_languages(language, words):
    client = Client()
    client.cookies["language"] = language
    assert words in client.get(reverse("activate")).text


def test_a_forgotten_password_is_recovered_by_the_same_proof(code, as_job):
    page = Client().get(reverse("forgotten_password")).text
    assert "重设密码和首次使用一样，要用窗口发给您的启用码" in page
    assert reverse("forgotten_password") in Client().get(reverse("sign_in", args=["person"])).text
    form = {"kind": "person", "login": CAST.wang.number, "name": CAST.wang.name, "code": code}
    choice = {"protection": "code", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert "密码已设好" in Client().post(reverse("forgotten_password"), form | choice).text
    client = visitors.prove_password("person", CAST.wang.number, NEW_PASSWORD)
    assert client.answer.headers["Location"] == reverse("set_up_first")


def test_wrong_answers_do_not_tell_whether_somebody_is_known_or_activated(code, as_job):
    with as_job():
        User.objects.filter(login_key=User.key_of("person", CAST.sun.number)).update(password="!none")
    wrong = {
        "known": {},
        "unknown": {"login": citizen_number(date(1900, 1, 1), 1)},
        "not activated": {"login": CAST.sun.number, "name": CAST.sun.name},
        "wrong name": {"name": CAST.li.name},
    }
    seen = set()
    for changes in wrong.values():
        answer = send(**({"code": "0000-0000-0000"} | changes))
        hidden = [CAST.wang.number, CAST.sun.number, CAST.wang.name, CAST.sun.name, CAST.li.name]
        page = re.sub("|".join([*hidden, wrong["unknown"]["login"], 'value="[^"]*"']), "", answer.text)
        seen.add((answer.status_code, page))
    assert len(seen) == 1


def test_wrong_answers_cost_the_same_queries_and_no_hash(code, monkeypatch):
    def no_hash(*arguments):
        raise AssertionError("A wrong activation code is refused before any hash.")

    monkeypatch.setattr(QuickArgon2id, "encode", no_hash)
    seen = set()
    unknown = citizen_number(date(1900, 1, 1), 1)
    for number, name in ((CAST.wang.number, CAST.wang.name), (unknown, "某"), (CAST.li.number, CAST.wang.name)):
        with CaptureQueriesContext(connection) as asked:
            assert REFUSED in send("0000-0000-0000", login=number, name=name).text
        seen.add(tuple(query["sql"].split()[0] for query in asked.captured_queries))
    assert len(seen) == 1


def test_activation_ends_other_sessions(code):
    client = visitors.person(CAST.wang)
    send(code)
    assert client.get(reverse("my_accounts")).status_code == 302


def test_lost_factors_go_with_a_code_that_says_so(as_job):
    user = User.objects.with_login("staff", CLERK)
    with as_job():
        code = activation.issue(user, drops_factors=True)
    assert second_factors.ways_of(user)
    send(code, kind="staff", login=CLERK, name="韩窗口", protection="code")
    assert not second_factors.ways_of(user)
    client = visitors.prove_password("staff", CLERK, NEW_PASSWORD)
    assert client.answer.headers["Location"] == reverse("set_up_first")


@pytest.mark.parametrize("password", ["short", "my birthday 19840307", f"number {CAST.wang.number}"])
def test_weak_passwords_are_refused(code, password):
    answer = send(code, password=password, again=password)
    assert "密码已设好" not in answer.text


def test_two_different_passwords_are_refused(code):
    assert "两次输入的密码不一样" in send(code, again="something else entirely").text


def test_the_code_is_kept_as_a_hash_only(code):
    kept = ActivationCode.objects.latest("pk")
    assert len(bytes(kept.code_hash)) == 32
    assert code.replace("-", "").encode() not in bytes(kept.code_hash)


def test_command_reads_numbers_from_a_file_and_masks_them(tmp_path, capsys):
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(f"{CAST.wang.number}\n\n{CAST.li.number}\n", encoding="utf-8")
    call_command("issue_activation", numbers=str(numbers))
    out = capsys.readouterr().out
    assert CAST.wang.number not in out
    assert "990101********1012" in out
    assert "2 activation codes issued" in out


def test_command_for_staff(tmp_path, capsys):
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(CLERK, encoding="utf-8")
    call_command("issue_activation", numbers=str(numbers), kind="staff")
    assert "1 activation codes issued" in capsys.readouterr().out
    assert not ActivationCode.objects.latest("pk").drops_factors
    call_command("issue_activation", numbers=str(numbers), kind="staff", lost_factors=True)
    assert ActivationCode.objects.latest("pk").drops_factors


@pytest.mark.parametrize("text", ["990101198403071013", citizen_number(date(1900, 1, 1), 1), "hello"])
def test_command_refuses_unknown_and_wrong_numbers_and_issues_nothing(tmp_path, text):
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(f"{CAST.wang.number}\n{text}\n", encoding="utf-8")
    before = ActivationCode.objects.count()
    with pytest.raises(CommandError, match="Line 2") as refusal:
        call_command("issue_activation", numbers=str(numbers))
    assert refusal.value.returncode == 1
    assert ActivationCode.objects.count() == before
