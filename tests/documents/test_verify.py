"""verify.py over real exports: what is right is right, and what was changed is found."""

import ast
import hashlib
import importlib.util
import json
import random
import re
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from django.conf import settings

from accounts import canonical, merkle, seals
from accounts.models import Seal, SealedBatch
from contributions import rates
from documents.takeout import record_of, write_record
from documents.takeout.archive import _cell, canonical_json
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests import staged
from tests.accounts.correcting import corrected
from tests.accounts.sealing import FIRST, posted_on
from tests.cast import CAST

PROGRAM = settings.BASE_DIR / "verify.py"
MEMBERS = [CAST.wang, CAST.li, CAST.qian, CAST.feng, CAST.chen, CAST.chu, CAST.wei, CAST.sun]


def load_program():
    spec = importlib.util.spec_from_file_location("verify_program", PROGRAM)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program


verify = load_program()


def seal_until(day):
    with acting_as("job"):
        for each in seals.days_to_seal(day, day):
            seals.seal(each)


@pytest.fixture
def sealed(db):
    posted_on(0)
    seal_until(FIRST)


@pytest.fixture
def rich(sealed):
    """The export of somebody with every kind of record, sealed on three days, of which one is empty."""
    staged.make_places()
    person, employer = staged.make_person("张三"), staged.make_employer("=工厂")
    rows = [staged.employer_line(person, employer, line=n, scheme=s) for n, s in enumerate(("pension", "medical"), 1)]
    # Before the reform part of the employer's share went to the account: a split by the base, not of the whole.
    old = staged.employer_line(person, employer, scheme="medical", base="8123.45", month=date(2020, 3, 1), slip_no="S2")
    staged.load("employer_contributions", [*rows, old])
    staged.load("subsidies", [staged.subsidy_line(person)])
    staged.load("openings", [staged.opening_line(person, "1000.00")])
    last = posted_on(0, last_batch())
    staged.load("benefits", [staged.benefit_line(person, "10.00", "20.00")])
    corrected(person, undone=("opening",))
    posted_on(2, last)
    seal_until(date(2026, 11, 4))
    return record_of(InsuredPerson.objects.get(pk=person))


def last_batch():
    return SealedBatch.objects.order_by("batch_id").last().batch_id


def run(path, *options, python=sys.executable):
    done = subprocess.run(
        [python, "-I", str(PROGRAM), str(path), *options], capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout, done.stderr


def exported(record, path):
    write_record(record, path)
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(files, path):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def forged(record, folder):
    """A file of the record with everything around it made to fit: tables, list of contents."""
    path = folder / "forged.zip"
    path.unlink(missing_ok=True)
    write_record(record, path)
    return path


def verdict(path, published=()):
    """The Report of the program's checks on a file, run in this process."""
    report = verify.Report("en")
    try:
        verify.check(path, published, report)
    except (verify.Unreadable, KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        report.wrong.append(repr(error))
    return report


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
@pytest.mark.parametrize(
    ("lang", "last"), [("zh", "核对完毕：能核对的全部正确。"), ("en", "Done: all that could be checked is right.")]
)
def test_the_records_of_the_cast_are_right(sealed, tmp_path, member, lang, last):
    person = InsuredPerson.objects.with_number("citizen", member.number).get()
    write_record(record_of(person), tmp_path / "record.zip")
    code, out, err = run(tmp_path / "record.zip", "--lang", lang)
    assert (code, err, out.splitlines()[-1]) == (0, "", last)


def test_what_it_says_of_a_full_record(rich, tmp_path):
    write_record(rich, tmp_path / "record.zip")
    code, out, err = run(tmp_path / "record.zip", "--lang", "en")
    last = Seal.objects.last()
    assert (code, err) == (0, "")
    for line in (
        "balances: 3 accounts, computed anew from 8 movements",
        "contributions: 4, split anew by the rules they name",
        "corrections: 1, each undoes one movement of the opposite amount",
        "sealed movements: 8, leaf and path lead to the seal of the day",
        f"chain of seals: 3 days, each follows the one before, up to {last.day}",
        f"the seal of {last.day}: {bytes(last.hash).hex()}",
        "not compared with a published seal",
    ):
        assert line in out, out


def test_a_folder_is_read_like_the_zip(rich, tmp_path):
    exported(rich, tmp_path / "record.zip")
    with zipfile.ZipFile(tmp_path / "record.zip") as file:
        file.extractall(tmp_path / "folder")
    assert run(tmp_path / "folder")[0] == 0
    (tmp_path / "folder" / "entries.csv").unlink()
    code, out, _err = run(tmp_path / "folder", "--lang", "en")
    assert code == 1 and "file entries.csv: not what the list of contents says, missing or extra" in out


def test_a_published_seal(rich, tmp_path):
    path = tmp_path / "record.zip"
    write_record(rich, path)
    last = Seal.objects.last()
    right, wrong = f"{last.day}={bytes(last.hash).hex()}", f"{last.day}={bytes(last.root).hex()}"
    code, out, _err = run(path, "--lang", "en", "--published", right)
    assert code == 0 and f"published seal: that of {last.day} is the one you gave" in out
    code, out, _err = run(path, "--lang", "en", "--published", wrong)
    assert code == 1 and f"the seal of {last.day} is not the published one" in out
    assert run(path, "--published", "2001-01-01=00")[0] == 1


def test_what_is_not_sealed_yet_is_told(db, tmp_path):
    person = InsuredPerson.objects.with_number("citizen", CAST.wang.number).get()
    write_record(record_of(person), tmp_path / "record.zip")
    code, out, _err = run(tmp_path / "record.zip", "--lang", "en")
    assert code == 0 and "movements are not sealed yet: nothing proves them unchanged" in out
    assert "the next seal has to hold them" not in out


def test_a_batch_that_came_too_late_is_told(sealed, tmp_path):
    staged.make_places()
    person = staged.make_person()
    staged.load("openings", [staged.opening_line(person)])
    last = posted_on(0, last_batch())
    seal_until(date(2026, 11, 2))
    staged.load("openings", [staged.opening_line(person, line=2)])
    posted_on(0, last)
    write_record(record_of(InsuredPerson.objects.get(pk=person)), tmp_path / "record.zip")
    code, out, _err = run(tmp_path / "record.zip", "--lang", "en")
    assert code == 0 and "1 of these were posted on or before the last day sealed" in out


@pytest.mark.parametrize("seed", range(12))
def test_one_digit_anywhere_in_the_file_is_found(rich, tmp_path, seed):
    files, rng = exported(rich, tmp_path / "record.zip"), random.Random(seed)
    name = rng.choice(sorted(name for name, content in files.items() if re.search(rb"[0-9]", content)))
    place = rng.choice([m.start() for m in re.finditer(rb"[0-9]", files[name])])
    digit = bytes([48 + (files[name][place] - 47) % 10])
    files[name] = files[name][:place] + digit + files[name][place + 1 :]
    code, _out, _err = run(packed(files, tmp_path / "changed.zip"))
    assert code in (1, 2), (name, place)


def test_one_changed_byte_of_the_zip_is_found_or_changes_nothing(rich, tmp_path):
    before = exported(rich, tmp_path / "record.zip")
    whole, rng, changed = (tmp_path / "record.zip").read_bytes(), random.Random(5), tmp_path / "changed.zip"
    found = 0
    for _number in range(150):
        place = rng.randrange(len(whole))
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << rng.randrange(8)]) + whole[place + 1 :])
        try:
            is_same = verify.read(changed) == before
        except verify.Unreadable:
            is_same = False
        found += not is_same
        assert is_same or verdict(changed).wrong
    assert found > 100


# Of a record whose list of contents was made to fit, these facts alone can be changed unseen: nothing else in it
# depends on them. docs/export.md names them.
FACTS = {
    "contributions": {"slip_no", "line", "employer_id", "kind", "payer_level", "base", "er_share", "subsidy",
                      "late_fee", "received_on", "source_area", "feed_file_id"},
    "takeovers": {"slip_no", "line", "pooled_amount", "source_area", "feed_file_id"},
    "benefits": {"payment_no", "line", "kind", "from_pool", "paid_on", "status", "decision_no", "feed_file_id"},
    "rules": {"key", "version", "area_code", "risk_class", "since", "until", "er_rate", "ind_rate", "er_to_account",
              "ind_to_account", "subsidy_to_account", "pool_quota", "rounding_mode", "source", "confirmed", "origin"},
    "corrections": {"reason", "document_ref", "asked_at", "decided_at", "ended_at"},
    "files": {"name", "kind", "loaded_at"},
    "employers": {"id", "name", "credit_code"},
    "areas": {"code", "name"},
    "accounts": {"status"},
}  # fmt: skip


def changed_digit(value):
    """The value with its last digit (or sign of truth, or letter) another; None where nothing can change by a digit."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    for place in range(len(value) - 1, -1, -1):
        if value[place].isdigit():
            other = str((int(value[place]) + 1) % 10)
            return value[:place] + other + value[place + 1 :]
    return value[:-1] + ("a" if value[-1] != "a" else "b")


def test_a_forger_who_makes_the_list_of_contents_fit_is_found_in_every_field_but_mere_facts(rich, tmp_path):
    unseen, tried = {}, 0
    assert verdict(forged(rich, tmp_path)).wrong == []
    for name, (columns, rows) in rich["tables"].items():
        for number, row in enumerate(rows):
            for column in columns:
                other = changed_digit(row[column])
                if other is None:
                    continue
                tried += 1
                copy = json.loads(json.dumps(rich["tables"]))
                copy[name][1][number][column] = other
                if not verdict(forged(rich | {"tables": copy}, tmp_path)).wrong:
                    unseen.setdefault(name, set()).add(column)
    assert tried > 300
    assert {
        name: columns - FACTS.get(name, set()) for name, columns in unseen.items() if columns - FACTS.get(name, set())
    } == {}


@pytest.mark.parametrize("name", ["entries", "leaves", "seals", "batches", "files", "reversals", "accounts", "rules",
                                  "contributions", "takeovers", "benefits"])  # fmt: skip
def test_a_row_that_is_gone_or_there_twice_is_found(rich, tmp_path, name):
    columns, rows = rich["tables"][name]
    assert rows
    for changed in (rows[1:], [*rows, rows[0]]) if name in ("entries", "leaves", "seals") else (rows[1:],):
        copy = rich["tables"] | {name: (columns, changed)}
        report = verdict(forged(rich | {"tables": copy}, tmp_path))
        lost_at_the_end = name == "seals" and len(changed) < len(rows)
        assert report.wrong or (lost_at_the_end and not rows[0]["entries"]), name


def test_two_movements_whose_amounts_changed_places_are_found(rich, tmp_path):
    columns, rows = rich["tables"]["entries"]
    one, other = (dict(row) for row in rows[:2])
    one["amount"], other["amount"] = other["amount"], one["amount"]
    copy = rich["tables"] | {"entries": (columns, [one, other, *rows[2:]])}
    assert verdict(forged(rich | {"tables": copy}, tmp_path)).wrong


def test_what_is_no_record_ends_with_2(rich, tmp_path):
    (tmp_path / "text.zip").write_text("not a zip")
    assert run(tmp_path / "text.zip") == (2, "", "读不了这份文件：File is not a zip file\n")
    assert run(tmp_path / "nothing.zip")[0] == 2
    assert run(packed({"a": b""}, tmp_path / "empty.zip"))[0] == 2
    digests = {"record.json": hashlib.sha256(b"{}\n").hexdigest()}
    other = {"record.json": b"{}\n", "manifest.json": canonical_json({"sha256": digests})}
    assert run(packed(other, tmp_path / "other.zip"), "--lang", "en")[0] == 2
    assert run(tmp_path / "text.zip", "--lang", "xx")[0] == 2


def test_it_needs_nothing_but_an_old_python():
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    assert not imported & {"socket", "urllib", "urllib.request", "http", "subprocess", "ctypes"}


def test_it_says_the_same_as_the_portal():
    """The program has its own copies of the forms and sums of the portal; they are the same."""
    assert ("person_id", *canonical.ENTRY_KEY) == verify.KEY and verify.SEAL_FIELDS == canonical.SEAL
    assert (verify.LEAF, verify.NODE, verify.SEAL) == (merkle.LEAF, merkle.NODE, merkle.SEAL)
    for zh, en in verify.WORDS.values():
        assert sorted(re.findall(r"{\w+}", zh)) == sorted(re.findall(r"{\w+}", en))
    for cell in (None, True, 5, "-80.00", "=1", "-x", "+1", "+1.5x", "@", "\t", "文"):
        assert verify.cell(cell) == _cell(cell)


@pytest.mark.parametrize("mode", rates.RoundingMode)
def test_its_split_is_that_of_the_rules(mode):
    rng = random.Random(1)
    for _number in range(300):
        base, amount = (rates.Decimal(rng.randrange(-(10**7), 10**7)) / 100 for _side in range(2))
        rate = rng.choice([None, rates.Decimal("0.08"), rates.Decimal("0.06")])
        to_account = rng.choice([rates.Decimal(text) for text in ("0", "0.018", "0.06", "0.08", "1")])
        texts = (str(base), str(amount), rate and str(rate), str(to_account), mode.value)
        assert verify.account_share(*texts) == rates.account_share(base, amount, rate, to_account, mode)
