"""Small files that are posted together leave, and are told, exactly what each of them alone would."""

import io
import random
import re
import signal
import time

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction

from registry.feed import together
from registry.models import FeedFile
from tests.cast import CAST, citizen_number
from tests.malformed_rows import paid, slip

from .made_feed import make
from .test_load_feed import load_in_a_process, server

FILE = "(SELECT f.name FROM registry_feedfile f WHERE f.id = {}.feed_file_id)"
BATCH = (
    f"(SELECT concat_ws('|', regexp_replace(b.source_ref, 'file/[0-9]+', 'file'), b.employer_id, {FILE.format('b')}) "
    "FROM accounts_batch b WHERE b.id = {}.batch_id)"
)
LEFT_BEHIND = {
    "file": "SELECT digest, name, kind, agency_id, area_id, state, lines, added, already_there, refused_lines, total "
    "FROM registry_feedfile",
    "contribution": f"SELECT to_jsonb(c) - 'batch_id' - 'feed_file_id', {FILE.format('c')}, {BATCH.format('c')} "
    "FROM contributions_contribution c",
    "assessment": f"SELECT to_jsonb(a) - 'feed_file_id', {FILE.format('a')} FROM contributions_assessment a",
    "entry": f"SELECT to_jsonb(e) - 'batch_id', {BATCH.format('e')} FROM accounts_entry e",
    "fund": f"SELECT {BATCH.format('e')}, a.kind, e.amount FROM accounts_fundentry e "
    "JOIN accounts_fundaccount a ON a.id = e.fund_account_id",
    "account": "SELECT person_id, scheme, area_code, status, opened_month, closed_month, last_booked_month, year, "
    "current_year, prior_years FROM accounts_account",
    "doubt": "SELECT agency_id, area_id, kind, refused_at IS NOT NULL FROM registry_sourcestate",
}
HEADER = paid().splitlines()[0]
# The file names of make_feed begin with the kind's place in load order; from here on they hold money.
MONEY_FROM = 14
NOBODY = citizen_number(CAST.chen.birth, 991)


def one(control=(), **cells):
    """A file of one slip whose control row agrees with it, unless `control` says otherwise."""
    row = slip(**cells)
    money = {title: cells[title] for title in ("缴费基数", "个人缴费金额") if title in cells}
    return paid(row, **money | dict(control))


def good(number, **cells):
    return one(征集流水号=f"G{number}", **cells)


MANY = {
    **{f"good {number}": good(number) for number in range(8)},
    "good 1 in another encoding": good(1).decode().encode("gb18030"),
    "good 2 again": good(2),
    "good 3 with another day": good(3, 到账日期="2024-06-09"),
    "line 2 of a slip": good(4, 行号="2"),
    "line 3 of a slip": good(4, 行号="3"),
    "another month": good(10, 对应费款所属期="202312", 记账年月="202401"),
    "no money due": good(11, 个人缴费金额="1599.00"),
    "wrong cell": good(12, 个人缴费金额="1.005"),
    "wrong control row": one({"个人缴费金额": "1.00"}, 征集流水号="G13"),
    "cut off": good(14).rpartition("合计".encode())[0],
    "damaged": good(15) + b"\xff\xff\n",
    "nobody": good(16, 证件号码=NOBODY),
    "two agencies": paid(
        slip(征集流水号="G17"),
        slip(征集流水号="G17", 行号="2", 机构编码="MI110000"),
        行号="2",
        缴费基数="16000.00",
        个人缴费金额="3200.00",
    ),
    "much comes": good(18, 缴费类型="补缴", 缴费基数="1000000.00", 个人缴费金额="200000.00"),
    "much goes": good(19, 缴费类型="退费", 缴费基数="-1000000.00", 个人缴费金额="-200000.00"),
    "no lines": b"\n".join([HEADER, paid(行号="0", 缴费基数="0", 个人缴费金额="0").splitlines()[-1], b""]),
}


def timeless(said):
    """What the command said, without how long it took and when."""
    return re.sub(r"in \d+\.\d s|rejects-[\d-]+|on \d{4}-[\d :-]+", "…", said)


@pytest.fixture
def left_behind(db, as_job, tmp_path):
    """Load a folder and undo it; gives what the command said and what stood in the tables."""

    def run(folder):
        out, err = io.StringIO(), io.StringIO()
        with as_job(), transaction.atomic():
            try:
                call_command("load_feed", folder, rejects=tmp_path / "rejects", stdout=out, stderr=err)
            except CommandError as error:
                err.write(str(error))
            tables = rows()
            transaction.set_rollback(True)
        return timeless(f"{out.getvalue()}\n{err.getvalue()}").splitlines(), tables

    return run


def rows():
    with connection.cursor() as cursor:
        return {name: _sorted(cursor, query) for name, query in LEFT_BEHIND.items()}


def _sorted(cursor, query):
    cursor.execute(query)
    return sorted(map(repr, ([bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall())))


def put(folder, files, order):
    folder.mkdir()
    for place, name in enumerate(order):
        (folder / f"{place:03} {name}.csv").write_bytes(files[name])
    return folder


def alone(monkeypatch):
    monkeypatch.setattr(together, "MOST_BYTES_OF_A_FILE", -1)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_wrong_with_some_each_is_loaded_or_refused_as_if_alone(left_behind, tmp_path, monkeypatch, seed):
    order = sorted(MANY)
    random.Random(seed).shuffle(order)
    folder = put(tmp_path / "inbox", MANY, order)
    found = left_behind(folder)
    alone(monkeypatch)
    assert found == left_behind(folder)
    assert sum("REFUSED" in line for line in found[0]) >= 8


def test_an_invented_population_comes_in_the_same(left_behind, run, tmp_path, monkeypatch):
    folder = make(tmp_path / "made", years=2)
    # The registers stay, so that a person has the same number in both runs.
    assert run(*(path for path in sorted(folder.iterdir()) if int(path.name[:2]) < MONEY_FROM))[0] == 0
    found = left_behind(folder)
    alone(monkeypatch)
    assert found == left_behind(folder)
    assert "0 refused" in found[0][-2]


def test_lines_known_before_are_counted_for_each_file(left_behind, run, tmp_path, monkeypatch):
    first = {f"good {number}": good(number) for number in range(6)}
    assert run(put(tmp_path / "first", first, sorted(first)))[0] == 0
    total = {"行号": "2", "缴费基数": "16000.00", "个人缴费金额": "3200.00"}
    again = {}
    for number in range(5):
        known, new = slip(征集流水号=f"G{number}"), slip(征集流水号=f"G{number}", 行号=f"{2 + number}")
        again[f"again {number}"] = paid(known, new, **total)
    again["again 5"] = good(5).decode().encode("gb18030")
    folder = put(tmp_path / "second", again, sorted(again))
    found = left_behind(folder)
    alone(monkeypatch)
    assert found == left_behind(folder)
    assert sum("1 added, 0 changed, 1 already there" in line for line in found[0]) == 5


def transactions():
    """Number of transactions, those within another counted, that wrote the files of this test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM registry_feedfile WHERE name LIKE '___ good%'")
        return cursor.fetchone()[0]


def test_good_files_share_a_transaction_and_one_bad_one_costs_few_more(db, run, tmp_path):
    good_ones = {f"good {number:02}": good(number) for number in range(32)}
    assert run(put(tmp_path / "good", good_ones, sorted(good_ones)))[0] == 0
    assert transactions() == 1
    others = {f"good {number:02}": good(100 + number) for number in range(32)}
    folder = put(tmp_path / "mixed", others | {"good 20": good(120, 个人缴费金额="1.00")}, sorted(others))
    code, out, _err = run(folder)
    assert code == 1
    assert out.count(": personal_contributions, 1 line: 1 added") == 31
    # Halved until the bad one stands alone: 16, 4, (refused), 1, 2, 8.
    assert transactions() == 1 + 6


def turned(data):
    """The same file with its columns in the opposite order; its control row begins with the same word."""
    lines = [line.split(",") for line in data.decode().splitlines()]
    lines[-1][0], lines[-1][-1] = lines[-1][-1], lines[-1][0]
    return "\n".join(",".join(reversed(line)) for line in lines).encode()


def test_large_groups_and_files_of_another_form_stay_apart(db, run, tmp_path, monkeypatch):
    files = {f"good {number}": good(number) for number in range(8)}
    files |= {f"good {number}": turned(files[f"good {number}"]) for number in (4, 5)}
    assert run(put(tmp_path / "one", files, sorted(files)))[0] == 0
    assert transactions() == 3
    monkeypatch.setattr(together, "MOST_BYTES_OF_A_GROUP", 2 * len(good(10)))
    files = {f"good {number}": good(number) for number in range(10, 14)}
    assert run(put(tmp_path / "two", files, sorted(files)))[0] == 0
    assert transactions() == 3 + 2


def test_a_dry_run_stores_nothing_and_finds_what_came_before(db, run, tmp_path):
    folder = put(tmp_path / "inbox", MANY, sorted(MANY))
    before = rows()
    _code, out, err = run(folder, dry_run=True)
    assert rows() == before
    _code, really, _err = run(folder)
    assert timeless(out) == timeless(really)
    assert "Dry run" in err


def waiting_for_a_lock(server):
    """The process id of the server's side that a lock holds up; None if there is none."""
    found = server.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    return found[0] if found else None


@pytest.mark.parametrize("table", ["accounts_batch", "contributions_contribution", "registry_feedfile"])
def test_a_killed_load_leaves_each_file_untouched_or_complete(fresh_database, run, tmp_path, table):
    """Fault X2 in company: no file is there in part, and the rerun loads what is missing, once."""
    lines = 40
    files = {}
    for number in range(300):
        each = [slip(征集流水号=f"K{number}", 行号=line) for line in range(1, lines + 1)]
        total = {"行号": lines, "缴费基数": f"{8000 * lines}", "个人缴费金额": f"{1600 * lines}"}
        files[f"good {number:03}"] = paid(*each, **total)
    folder = put(tmp_path / "inbox", files, sorted(files))
    with server(fresh_database) as watch:
        connections["default"].close()
        with server(fresh_database) as holding, holding.transaction():
            holding.execute(f"LOCK TABLE {table} IN SHARE MODE")
            load = load_in_a_process(fresh_database, folder)
            while not (backend := waiting_for_a_lock(watch)):
                assert load.poll() is None, load.stdout.read()
                time.sleep(0.02)
            load.send_signal(signal.SIGKILL)
            load.communicate()
        while watch.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend]).fetchone():
            time.sleep(0.02)
        per_file = "SELECT count(*) FROM contributions_contribution WHERE slip_no LIKE 'K%' GROUP BY feed_file_id"
        there = watch.execute(per_file).fetchall()
    recorded = FeedFile.objects.filter(name__contains=" good ").count()
    assert len(there) == recorded < len(files)
    assert set(there) <= {(lines,)}
    code, out, err = run(folder, wait=30)
    assert (code, err) == (0, "")
    assert f"{len(files) - recorded} files loaded (lines: {lines * (len(files) - recorded)} added" in out
    assert FeedFile.objects.filter(name__contains=" good ").count() == len(files)
