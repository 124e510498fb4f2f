from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries import activation
from inquiries.models import ActivationCode, User
from tests import visitors
from tests.cast import CAST, CLERK, citizen_number

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


@pytest.mark.parametrize("text", ["990101198403071013", citizen_number(date(1900, 1, 1), 1), "hello"])
def test_command_refuses_unknown_and_wrong_numbers_and_issues_nothing(tmp_path, text):
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(f"{CAST.wang.number}\n{text}\n", encoding="utf-8")
    before = ActivationCode.objects.count()
    with pytest.raises(CommandError, match="Line 2") as refusal:
        call_command("issue_activation", numbers=str(numbers))
    assert refusal.value.returncode == 1
    assert ActivationCode.objects.count() == before
