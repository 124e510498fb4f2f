"""The whole record as a file from the page: for its person alone, after a fresh proof, written in the log first."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Entry
from documents import takeout_views
from documents.takeout import record_of
from inquiries.models import AccessLog, Session
from tests import visitors
from tests.cast import CAST
from tests.long_record import person_of

PAGE, TAKE, PROGRAM = reverse("take_out"), reverse("take_record"), reverse("verify_program")


def take(client):
    return client.post(TAKE, {"inquiry": visitors.inquiry_token(client)})


def exports():
    return AccessLog.objects.filter(kind="export", page="documents.take_out")


def files_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.django_db
def test_the_file_is_the_whole_record():
    answer = take(visitors.person(CAST.wang))
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"] and "no-store" in answer.headers["Cache-Control"]
    files = files_of(answer)
    tables = json.loads(files["record.json"])["tables"]
    wang = person_of(CAST.wang)
    assert len(tables["entries"]) == Entry.objects.filter(person_id=wang.pk).count()
    balances = Account.objects.filter(person=wang).order_by("scheme").values_list("balance", flat=True)
    assert [row["balance"] for row in tables["accounts"]] == [str(balance) for balance in balances]
    assert {"README.txt", "verify.py", "entries.csv"} <= set(files)
    assert files["verify.py"] == (settings.BASE_DIR / "verify.py").read_bytes()


@pytest.mark.django_db
def test_the_program_in_the_file_finds_it_right(tmp_path):
    answer = take(visitors.person(CAST.wang))
    (tmp_path / "record.zip").write_bytes(answer.content)
    (tmp_path / "verify.py").write_bytes(files_of(answer)["verify.py"])
    run = subprocess.run(
        [sys.executable, "verify.py", "record.zip"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "能核对的全部正确" in run.stdout


@pytest.mark.django_db
def test_it_stands_in_her_log_before_anything_is_read(monkeypatch):
    class Broken(Exception):
        pass

    def broken(person):
        raise Broken

    monkeypatch.setattr(takeout_views, "record_of", broken)
    client = visitors.person(CAST.wang)
    with pytest.raises(Broken):
        take(client)
    assert exports().filter(person_id=person_of(CAST.wang).pk).count() == 1
    assert "个人记录文件 · 下载" in visitors.words(client.get(reverse("who_looked")))


@pytest.mark.django_db
def test_nobody_elses_rows_are_in_it():
    files = files_of(take(visitors.person(CAST.li)))
    text = b"".join(content for name, content in files.items() if name not in {"README.txt", "verify.py"}).decode()
    assert CAST.wang.name not in text and "海港食品有限公司" not in text and CAST.li.number not in text


@pytest.mark.django_db
def test_an_old_proof_is_asked_for_anew():
    client = visitors.person(CAST.wang)
    Session.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
    assert "先要再输一次密码" in client.get(PAGE).text
    answer = take(client)
    assert answer.headers["Location"].startswith(reverse("step_up"))
    assert not exports().exists()


@pytest.mark.parametrize("token", ["", "x"])
@pytest.mark.django_db
def test_without_the_inquirys_token_nothing_is_handed_out(token):
    assert visitors.person(CAST.wang).post(TAKE, {"inquiry": token}).status_code == 409
    assert not exports().exists()


@pytest.mark.django_db
def test_it_is_a_deed_of_the_person_alone():
    assert visitors.person(CAST.wang).get(TAKE).status_code == 405
    clerk = visitors.clerk_serving(CAST.wang)
    assert clerk.get(PAGE).status_code == 403
    assert take(clerk).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert not exports().exists()


@pytest.mark.django_db
def test_on_a_public_computer_it_warns_and_offers_print_instead():
    client = visitors.person(CAST.wang)
    assert "您现在用的是公用电脑" not in client.get(PAGE).text
    Session.objects.update(is_public=True)
    text = client.get(PAGE).text
    assert "您现在用的是公用电脑" in text and reverse("my_list") in text


@pytest.mark.django_db
def test_the_program_is_for_everybody():
    answer = Client().get(PROGRAM)
    assert answer.status_code == 200
    assert answer.content == (settings.BASE_DIR / "verify.py").read_bytes()


def test_it_reads_one_moment_and_cannot_write(fresh_database, monkeypatch):
    told = []

    def listening(person):
        with connection.cursor() as cursor:
            for name in ("transaction_isolation", "transaction_read_only"):
                cursor.execute(f"SHOW {name}")
                told.append(cursor.fetchone()[0])
        return record_of(person)

    monkeypatch.setattr(takeout_views, "record_of", listening)
    assert take(visitors.person(CAST.wang)).status_code == 200
    assert told == ["repeatable read", "on"]
