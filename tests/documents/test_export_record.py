"""The command export_record: what the file holds, and whose; how it ends."""

import csv
import io
import json
import os
import zipfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts import seals
from accounts.models import Batch, Entry, SealedLeaf
from documents.takeout import archive
from inquiries.models import AccessLog, Inquiry
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests.cast import CAST, CLERK, OPERATOR, TODAY

OTHERS = [CAST.li, CAST.zhao, CAST.chen, CAST.feng, CAST.chu, CAST.wei]


def of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


@pytest.fixture
def sealed(db):
    with acting_as("job"):
        for day in seals.days_to_seal(TODAY, TODAY):
            seals.seal(day)


@pytest.fixture
def run(monkeypatch):
    """Run the command; gives (exit code, standard output, what went wrong)."""

    def run(*arguments, stdin=""):
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            call_command("export_record", *map(str, arguments), stdout=out, stderr=err)
        except CommandError as error:
            return error.returncode, out.getvalue(), str(error)
        return 0, out.getvalue(), err.getvalue()

    return run


def export(run, path, person, by=CLERK):
    code, _out, err = run("--person", person.pk, "--by", by, "--out", path)
    assert (code, err) == (0, "")
    return contents(path)


def contents(path):
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def record(files):
    return json.loads(files["record.json"])


def test_everything_of_one_person_is_in_it(sealed, run, tmp_path):
    wang = of(CAST.wang)
    files = export(run, tmp_path / "wang.zip", wang)
    told = record(files)
    assert list(files)[:2] == ["README.txt", "record.json"] and list(files)[-1] == "manifest.json"
    assert told["person"]["name"] == CAST.wang.name and CAST.wang.number not in files["record.json"].decode()
    tables = told["tables"]
    assert len(tables["entries"]) == Entry.objects.filter(person_id=wang.pk).count() == len(tables["leaves"])
    assert {rule["id"] for rule in tables["rules"]} >= {row["rule_id"] for row in tables["entries"]} - {None}
    assert [row["name"] for row in tables["employers"]] == ["海港食品有限公司"]
    assert {row["kind"] for row in tables["files"]} == {"employer_contributions", "openings"}
    assert [account["balance"] for account in tables["accounts"]] == ["480.00", "14185.67"]


def test_each_table_is_there_as_csv_too(sealed, run, tmp_path):
    files = export(run, tmp_path / "wang.zip", of(CAST.wang))
    for name, rows in record(files)["tables"].items():
        shown = list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"), newline="")))
        assert len(shown) == len(rows)
        assert not rows or set(shown[0]) == set(rows[0])


@pytest.mark.parametrize("member", [CAST.wang, CAST.qian, CAST.chen], ids=lambda member: member.name)
def test_nothing_of_anybody_else_is_in_it(sealed, run, tmp_path, member):
    files = export(run, tmp_path / "one.zip", of(member))
    text = b"".join(content for name, content in files.items() if name != "README.txt").decode()
    ids = {entry["person_id"] for entry in record(files)["tables"]["entries"]}
    assert ids == {of(member).pk}
    for other in OTHERS:
        if other != member:
            assert other.name not in text and other.number not in text
    assert "9150.00" not in text and '"clearing"' not in text


def test_the_same_record_gives_the_same_bytes(sealed, run, tmp_path):
    for name in ("one.zip", "two.zip"):
        export(run, tmp_path / name, of(CAST.feng))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_file_that_is_there_is_never_overwritten(sealed, run, tmp_path, monkeypatch):
    path = tmp_path / "wang.zip"
    path.write_text("mine")
    wang = of(CAST.wang)
    assert run("--person", wang.pk, "--by", CLERK, "--out", path)[0] == 1
    monkeypatch.setattr("documents.management.commands.export_record.Path.exists", lambda path: False)
    code, _out, err = run("--person", wang.pk, "--by", CLERK, "--out", path)
    assert (code, err) == (1, f"{path} is there already; nothing was written.")
    assert path.read_text() == "mine" and os.listdir(tmp_path) == ["wang.zip"]


def test_only_its_owner_may_read_the_file(sealed, run, tmp_path):
    export(run, tmp_path / "wang.zip", of(CAST.wang))
    assert (tmp_path / "wang.zip").stat().st_mode & 0o777 == 0o600


def test_a_failure_half_way_leaves_nothing(sealed, run, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_write_csv", full)
    code, _out, err = run("--person", of(CAST.wang).pk, "--by", CLERK, "--out", tmp_path / "wang.zip")
    assert (code, err) == (1, f"{tmp_path / 'wang.zip'} cannot be written: No space left on device.")
    assert os.listdir(tmp_path) == []
    assert run("--person", of(CAST.wang).pk, "--by", CLERK, "--out", tmp_path / "no" / "where.zip")[0] == 1


def test_she_sees_that_it_was_handed_out(sealed, run, tmp_path):
    wang = of(CAST.wang)
    export(run, tmp_path / "wang.zip", wang, by=OPERATOR)
    log = AccessLog.objects.get(person_id=wang.pk, page="documents.export_record")
    assert (log.kind, log.purpose, bool(log.office), log.agency_code != "") == ("export", "print", True, True)
    assert Inquiry.objects.get(pk=log.inquiry_id).closed_at is not None


def test_the_log_row_is_written_even_where_the_file_is_not(sealed, run, tmp_path):
    run("--person", of(CAST.wang).pk, "--by", CLERK, "--out", tmp_path / "no" / "where.zip")
    assert AccessLog.objects.filter(person_id=of(CAST.wang).pk, page="documents.export_record").exists()


def test_by_a_number_from_standard_input(sealed, run, tmp_path):
    path = tmp_path / "wang.zip"
    code, out, _err = run("--person", "-", "--by", CLERK, "--out", path, stdin=f"{CAST.wang.number}\n")
    assert code == 0 and out.startswith(f"{path}: ") and CAST.wang.number not in out
    assert record(contents(path))["person"]["id"] == of(CAST.wang).pk


@pytest.mark.parametrize(
    ("person", "stdin", "by", "said"),
    [
        ("999999999", "", CLERK, "No insured person has the id 999999999"),
        ("x", "", CLERK, "No insured person has the id x"),
        ("-", "99010119840307101", CLERK, "is not such a number (length)"),
        ("-", CAST.agent.number, CLERK, "No insured person has 990101********"),
        ("1", "", "NOBODY", "No clerk or operator with the number NOBODY is in office"),
    ],
)
def test_what_is_refused(sealed, run, tmp_path, person, stdin, by, said):
    code, _out, err = run("--person", person, "--by", by, "--out", tmp_path / "x.zip", stdin=stdin)
    assert code == 1 and said in err
    assert os.listdir(tmp_path) == [] and not AccessLog.objects.filter(page="documents.export_record").exists()


def test_a_merged_duplicate_leads_to_the_whole_record(sealed, run, tmp_path):
    wang, wei = of(CAST.wang), of(CAST.wei)
    with acting_as("job"):
        InsuredPerson.objects.filter(pk=wei.pk).update(merged_into=wang)
    tables = record(export(run, tmp_path / "both.zip", wei))["tables"]
    assert {row["person_id"] for row in tables["entries"]} == {wang.pk, wei.pk}


def test_somebody_without_any_record(sealed, run, tmp_path):
    tables = record(export(run, tmp_path / "sun.zip", of(CAST.sun)))["tables"]
    assert {name: rows for name, rows in tables.items() if rows} == {}


def test_before_anything_is_sealed(db, run, tmp_path):
    tables = record(export(run, tmp_path / "wang.zip", of(CAST.wang)))["tables"]
    assert (tables["leaves"], tables["seals"]) == ([], []) and tables["entries"]


def test_the_page_of_words_names_each_file(sealed, run, tmp_path):
    files = export(run, tmp_path / "wang.zip", of(CAST.wang))
    told = files["README.txt"].decode()
    assert [name for name in files if name not in told and name != "README.txt"] == []


def test_the_same_bytes_whatever_the_cell():
    cells = {None: "", True: "true", 5: "5", "-80.00": "-80.00", "=1+1": "'=1+1", "-x": "'-x", "@a": "'@a", "+": "'+"}
    assert {value: archive._cell(value) for value in cells} == cells


def test_seals_of_later_days_come_along(sealed, run, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_seal")
    told = record(export(run, tmp_path / "wang.zip", of(CAST.wang)))["tables"]
    assert [seal["day"] for seal in told["seals"]] == [TODAY.isoformat()]
    assert SealedLeaf.objects.filter(person_id=of(CAST.wang).pk).count() == len(told["leaves"])
    assert {row["id"] for row in told["batches"]} <= set(Batch.objects.values_list("pk", flat=True))
