"""A newcomer signs in as everybody whom `make run` prints, with what it prints and the file it names."""

import io
import json
import re
import stat

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal import demo
from tests import visitors

from .made_feed import make


@pytest.fixture
def found(fresh_database, tmp_path, settings):
    settings.CODE_FILE = tmp_path / "text-messages.txt"
    folder = make(tmp_path / "made", people=28, employers=7, years=2)
    call_command("load_feed", str(folder), stdout=io.StringIO(), stderr=io.StringIO())
    return demo.sign_ins(tmp_path / "sign-ins.json")


def test_everybody_gets_in(found, settings):
    assert {s.door for s in found} == {"person", "employer", "staff"}
    for s in found:
        client = visitors.prove_password(s.door, s.login, s.password, Client())
        if s.phone:
            assert client.answer.headers["Location"] == reverse("second_step")
            client.post(reverse("send_text_code"))
            last = settings.CODE_FILE.read_text(encoding="utf-8").splitlines()[-1]
            assert s.phone in last
            client.answer = visitors.send_code(client, re.search(r"(?<!\d)\d{6}(?!\d)", last.split(s.phone)[1])[0])
        assert "_auth_user_id" in client.session, s.shows
        assert client.get(client.answer.headers["Location"], follow=True).status_code == 200
    assert {bool(s.phone) for s in found if s.door != "person"} == {True}


def test_twice_is_the_same_and_the_file_is_private(found, tmp_path):
    kept = tmp_path / "sign-ins.json"
    assert demo.sign_ins(kept) == found
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    older = [{name: value for name, value in row.items() if name != "phone"} for row in json.loads(kept.read_text())]
    kept.write_text(json.dumps(older))
    assert demo.sign_ins(kept) == found
