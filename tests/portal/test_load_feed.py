"""The command load_feed: what it prints, how it ends, what it leaves."""

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from portal.feed import ALL_KINDS
from portal.management.commands.load_feed import Command
from registry.commands import STOPPED
from registry.feed import loader
from registry.lock import WRITER
from registry.models import FeedFile, Identifier, InsuredPerson
from tests.cast import CAST, citizen_number
from tests.malformed_rows import CARD, NEWCOMER, NUMBER, PERSON, one_person, paid, person, slip, table

SAMPLES = Path(settings.BASE_DIR) / "docs" / "feed"
PAGE = Path(settings.BASE_DIR) / "docs" / "feed.md"


@pytest.fixture
def inbox(tmp_path):
    """A folder to put files into."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def report(tmp_path):
    (path,) = (tmp_path / "rejects").iterdir()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return path, list(csv.DictReader(file))


def test_every_sample_of_the_documents_loads_and_loads_again(db, run):
    code, out, err = run(SAMPLES)
    assert (code, err) == (0, "")
    assert "30 files loaded" in out
    assert "0 refused" in out
    assert "persons.xlsx: persons, 6 lines: 0 added, 0 changed, 6 already there." in out
    code, out, _err = run(SAMPLES)
    assert code == 0
    assert "0 files loaded (lines: 0 added, 0 changed, 0 already there), 30 loaded before, 0 refused" in out
    assert out.count("nothing was posted twice") == 30


def test_there_is_a_sample_of_every_kind_and_two_as_workbooks():
    assert {path.stem for path in SAMPLES.glob("*.csv")} == {kind.name for kind in ALL_KINDS}
    assert len(list(SAMPLES.glob("*.xlsx"))) >= 2


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
def test_the_page_describes_every_column_and_every_word(kind):
    _before, _heading, section = PAGE.read_text(encoding="utf-8").partition(f"### {kind.name} {kind.title}\n")
    section = section.partition("\n### ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
    assert [title for title in rows if title in kind.titles] == list(kind.titles)
    words = [word for column in kind.columns for word in getattr(column, "words", ())]
    shared = PAGE.read_text(encoding="utf-8")
    assert [word for word in words if word not in section and f"`{word}`" not in shared] == []
    header = (SAMPLES / f"{kind.name}.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert header == list(kind.titles)


def test_no_two_kinds_can_be_taken_for_each_other():
    for kind in ALL_KINDS:
        for header in (set(kind.titles), set(kind.required_titles)):
            assert [other.name for other in ALL_KINDS if other.fits(header)] == [kind.name]


def test_a_folder_is_read_in_the_order_in_which_files_need_each_other(db, run, inbox):
    card = ["新来人", "居民身份证", NUMBER, "110000", "N1", "2020-01-01", "正常", "", "", "", "无", ""]
    (inbox / "1-cards.csv").write_bytes(table(CARD, card))
    (inbox / "2-persons.CSV").write_bytes(one_person())
    (inbox / "202402-b.csv").write_bytes(paid(slip(征集流水号="B", 对应费款所属期="202402", 记账年月="202402")))
    (inbox / "~$lock.xlsx").write_bytes(b"x")
    (inbox / "notes.txt").write_text("not a feed file")
    code, out, err = run(inbox)
    assert (code, err) == (0, "")
    assert [line.split(":")[0] for line in out.splitlines()[:-1]] == ["2-persons.CSV", "1-cards.csv", "202402-b.csv"]
    assert out.splitlines()[-1].startswith("3 files loaded (lines: 3 added")


def test_a_refused_file_does_not_hold_up_the_others(db, run, inbox, tmp_path):
    (inbox / "a.csv").write_bytes(one_person())
    (inbox / "b.csv").write_bytes(table(PERSON, person(姓名="@SUM(A1)"), person(证件号码=CAST.wang.number[:-1] + "?")))
    (inbox / "c.csv").write_bytes("没有这样的表头\n".encode())
    code, out, err = run(inbox)
    assert code == 1
    assert out.startswith("a.csv: persons, 1 line: 1 added")
    assert "b.csv: REFUSED, 2 complaints; nothing of it was stored." in err
    assert "  Line 1: these column headers belong to no kind of feed file" in err
    assert "1 file loaded (lines: 1 added, 0 changed, 0 already there), 0 loaded before, 2 refused, in " in err
    path, lines = report(tmp_path)
    assert str(path) in err
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [(line["file"], line["row"], line["column"]) for line in lines] == [
        ("b.csv", "2", "姓名"),
        ("b.csv", "3", "证件号码"),
        ("c.csv", "1", ""),
    ]
    assert lines[0]["value"] == "'@*)"
    assert lines[1]["value"] == f"{NUMBER[:6]}********{CAST.wang.number[-4:-1]}?"
    assert CAST.wang.number[6:14] not in path.read_text(encoding="utf-8") + err


def test_the_terminal_shows_the_first_complaints_and_the_report_all(db, run, inbox, tmp_path):
    for name in "abcdefghijklmn":
        (inbox / f"{name}.csv").write_bytes(table(PERSON, *[[name]] * 50))
    code, _out, err = run(inbox)
    assert code == 1
    assert err.count("\n  Line ") == 200
    assert err.partition("b.csv")[0].count("\n  Line ") == 20
    assert len(report(tmp_path)[1]) == 14 * 50


def test_a_file_name_cannot_write_to_the_terminal(db, run, inbox):
    (inbox / "a\x1b[2J\u202e.csv").write_bytes(b"x")
    _code, out, err = run(inbox)
    assert "a<U+001B>[2J<U+202E>.csv: REFUSED" in err
    assert "\x1b" not in out + err


def test_a_dry_run_checks_everything_and_stores_nothing(db, run, inbox):
    card = ["新来人", "居民身份证", NUMBER, "110000", "N1", "2020-01-01", "正常", "", "", "", "无", ""]
    (inbox / "a.csv").write_bytes(one_person())
    (inbox / "b.csv").write_bytes(table(CARD, card))
    (inbox / "c.csv").write_bytes(b"")
    before = FeedFile.objects.count()
    code, out, err = run(inbox, dry_run=True)
    assert code == 1
    assert "b.csv: cards, 1 line: 1 added" in out
    assert "Dry run, nothing was stored: 2 files loaded" in err
    assert FeedFile.objects.count() == before
    assert not InsuredPerson.objects.with_number("citizen", NUMBER).exists()


def test_quiet_is_quiet(db, run, inbox):
    (inbox / "a.csv").write_bytes(one_person())
    assert run(inbox, verbosity=0) == (0, "", "")


def test_a_path_that_is_not_there_is_a_matter_of_usage(db, run, inbox):
    (inbox / "a.csv").write_bytes(one_person())
    code, out, err = run(inbox / "a.csv", inbox / "nowhere.csv")
    assert (code, out) == (2, "")
    assert "nowhere.csv; nothing was loaded" in err


def test_what_is_not_an_ordinary_file_is_refused_without_waiting_for_it(db, run, inbox):
    os.mkfifo(inbox / "pipe.csv")
    code, _out, err = run(inbox / "pipe.csv")
    assert code == 1
    assert "this is not an ordinary file" in err


def test_a_file_that_is_written_to_while_it_is_read_is_refused(db, run, inbox, monkeypatch):
    path = inbox / "a.csv"
    path.write_bytes(one_person())
    real = loader.kind_of

    def kind_of(header, kinds):
        with path.open("ab") as file:
            file.write(",".join(NEWCOMER).encode())
        return real(header, kinds)

    monkeypatch.setattr(loader, "kind_of", kind_of)
    code, _out, err = run(path)
    assert code == 1
    assert "the file was changed while it was read" in err


def test_help_gives_examples(capsys):
    with pytest.raises(SystemExit):
        Command().create_parser("manage.py", "load_feed").parse_args(["--help"])
    assert "load_feed --dry-run /srv/inbox" in capsys.readouterr().out


def server(database):
    return psycopg.connect(os.environ["TEST_DATABASE_URL"], dbname=database, autocommit=True)


def test_a_second_load_says_so_and_ends(fresh_database, run, inbox):
    (inbox / "a.csv").write_bytes(one_person())
    with server(fresh_database) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [WRITER])
        code, out, err = run(inbox)
        # Closing the connection alone would give the lock back a moment later.
        other.execute("SELECT pg_advisory_unlock(%s)", [WRITER])
    assert (code, out) == (75, "")
    assert "Another command is writing the books; nothing was done." in err
    assert run(inbox)[0] == 0


def test_a_second_load_may_wait_for_the_first(fresh_database, run, inbox, monkeypatch):
    (inbox / "a.csv").write_bytes(one_person())
    other = server(fresh_database)
    other.execute("SELECT pg_advisory_lock(%s)", [WRITER])
    waiting = []
    monkeypatch.setattr("registry.lock.PAUSE_SECONDS", 0)

    def end_the_first(real=time.sleep):
        def sleep(seconds):
            waiting.append(seconds)
            other.close()
            real(0.01)

        return sleep

    monkeypatch.setattr("registry.lock.time.sleep", end_the_first())
    code, out, _err = run(inbox, wait=60)
    assert code == 0
    assert waiting
    assert "1 added" in out


def people(count):
    rows = [person(姓名=f"人{n}", 证件号码=citizen_number(CAST.wang.birth.replace(year=1940 + n // 900), n % 900 + 1))
            for n in range(count)]  # fmt: skip
    return table(PERSON, *rows)


def load_in_a_process(database, path):
    url = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{database}").geturl()
    kept = {name: os.environ[name] for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "PATH")}
    environment = kept | {"DATABASE_URL": url, "PORTAL_PROFILE": "local", "PORTAL_ENV_FILE": os.devnull}
    return subprocess.Popen(
        [sys.executable, "manage.py", "load_feed", str(path)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def backend_busy_with(server, statement):
    """The process id of the server's side while it runs a statement that begins like this; None if it does not."""
    found = server.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
        "AND pid <> pg_backend_pid() AND query LIKE %s",
        [f"{statement}%"],
    ).fetchone()
    return found[0] if found else None


@pytest.mark.parametrize(
    ("statement", "sign", "code"),
    [
        ("COPY feed_raw_persons", signal.SIGKILL, -signal.SIGKILL),
        ("INSERT INTO registry_insuredperson", signal.SIGKILL, -signal.SIGKILL),
        ("COPY feed_raw_persons", signal.SIGTERM, STOPPED),
    ],
)
def test_a_load_killed_half_way_leaves_nothing_and_the_next_is_whole(fresh_database, run, inbox, statement, sign, code):
    """Fault X2: killed while the file is read, and while its rows are written."""
    count = 20_000
    path = inbox / "many.csv"
    path.write_bytes(people(count))
    before = InsuredPerson.objects.count(), Identifier.objects.count(), FeedFile.objects.count()
    connections["default"].close()
    load = load_in_a_process(fresh_database, path)
    with server(fresh_database) as watch:
        while not (backend := backend_busy_with(watch, statement)):
            assert load.poll() is None, load.stdout.read()
            time.sleep(0.002)
        load.send_signal(sign)
        said, _nothing = load.communicate()
        while watch.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend]).fetchone():
            time.sleep(0.02)
    assert load.returncode == code, said
    assert ("Stopped: what was under way is undone." in said) == (code == STOPPED)
    assert (InsuredPerson.objects.count(), Identifier.objects.count(), FeedFile.objects.count()) == before
    code, out, err = run(path, wait=30)  # The server may notice a moment later.
    assert (code, err) == (0, "")
    assert f"{count} added, 0 changed, 0 already there" in out


def test_a_lost_database_is_a_sentence_and_a_code(fresh_database, run, inbox):
    """Faults X4 and X6: the connection ends while the file is read."""
    path = inbox / "many.csv"
    path.write_bytes(people(20_000))
    before = InsuredPerson.objects.count(), FeedFile.objects.count()
    connections["default"].close()
    load = load_in_a_process(fresh_database, path)
    with server(fresh_database) as watch:
        while not (backend := backend_busy_with(watch, "COPY feed_raw_persons")):
            assert load.poll() is None, load.stdout.read()
            time.sleep(0.002)
        watch.execute("SELECT pg_terminate_backend(%s)", [backend])
    said, _nothing = load.communicate()
    assert load.returncode == 75, said
    assert "The database was lost: " in said
    assert "Traceback" not in said
    assert (InsuredPerson.objects.count(), FeedFile.objects.count()) == before


def test_two_loads_of_one_file_at_once_store_it_once(fresh_database, inbox):
    """Fault X8: one works, the other waits or says so."""
    path = inbox / "many.csv"
    path.write_bytes(people(2_000))
    before = InsuredPerson.objects.count()
    connections["default"].close()
    loads = [load_in_a_process(fresh_database, path) for _each in range(2)]
    threads = [threading.Thread(target=load.wait) for load in loads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [load.stdout.read() for load in loads]
    assert sorted(load.returncode for load in loads) in ([0, 0], [0, 75]), said
    assert InsuredPerson.objects.count() == before + 2_000
    assert FeedFile.objects.filter(name="many.csv", state="loaded").count() == 1


def test_a_newcomer_of_these_tests_is_nobody_of_the_cast():
    assert NEWCOMER[2] == NUMBER
    assert NUMBER not in {getattr(CAST, name).number for name in CAST.__dataclass_fields__}
