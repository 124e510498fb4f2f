"""Who sends text messages, and that production does not start with a sender that writes codes down."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.management.base import SystemCheckError

from inquiries import checks, senders

PHONE, TEXT = "13800001234", "您的登录动态码是 123456。"


def test_the_file_is_its_owner_s_alone(settings, tmp_path):
    settings.CODE_FILE = path = tmp_path / "new" / "messages.txt"
    path.parent.mkdir()
    path.write_text("", encoding="utf-8")
    path.chmod(0o644)
    senders.to_file(PHONE, TEXT)
    senders.to_file(PHONE, TEXT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").count(f" {PHONE} {TEXT}\n") == 2


def test_the_console_gets_the_message(capsys, settings, tmp_path):
    settings.CODE_FILE = tmp_path / "messages.txt"
    senders.to_console_and_file(PHONE, TEXT)
    assert TEXT in capsys.readouterr().err
    assert TEXT in settings.CODE_FILE.read_text(encoding="utf-8")


def test_the_sender_is_the_setting_s(settings, tmp_path):
    settings.CODE_SENDER, settings.CODE_FILE = "inquiries.senders.to_file", tmp_path / "messages.txt"
    senders.send(PHONE, TEXT)
    assert TEXT in settings.CODE_FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("broken", ["no sender", "no place"])
def test_what_was_not_sent_is_said_without_its_text(settings, tmp_path, broken):
    settings.CODE_SENDER = "" if broken == "no sender" else "inquiries.senders.to_file"
    settings.CODE_FILE = tmp_path
    with pytest.raises(senders.NotSent) as refusal:
        senders.send(PHONE, TEXT)
    assert "123456" not in f"{refusal.value}{refusal.value.__cause__}"


@pytest.mark.parametrize(
    ("sender", "local", "error"),
    [
        ("", False, None),
        ("inquiries.senders.to_console_and_file", True, None),
        ("inquiries.senders.to_console_and_file", False, "inquiries.E001"),
        ("inquiries.senders.to_console", False, "inquiries.E001"),
        ("inquiries.senders.to_file", False, "inquiries.E001"),
        ("nowhere.send", False, "inquiries.E002"),
        ("inquiries.senders.__doc__", False, "inquiries.E003"),
        ("inquiries.senders.send", False, None),
    ],
)
def test_the_check(settings, sender, local, error):
    settings.CODE_SENDER, settings.LOCAL = sender, local
    assert [found.id for found in checks.check_code_sender(None)] == ([error] if error else [])
    if error:
        with pytest.raises(SystemCheckError, match=error):
            checks.refuse_to_start()
    else:
        checks.refuse_to_start()


@pytest.mark.parametrize(("sender", "starts"), [("inquiries.senders.to_file", False), ("", True)])
def test_a_production_server_starts_only_without_them(sender, starts):
    environment = os.environ | {"PORTAL_PROFILE": "production", "CODE_SENDER": sender}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    started = subprocess.run(
        [sys.executable, "-c", "import portal.wsgi"],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode == 0) is starts, started.stderr
    assert ("inquiries.E001" in started.stderr) is not starts
