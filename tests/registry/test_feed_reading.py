"""Reading files: characters, columns, CSV in pieces, workbooks in a child process."""

import calendar
import csv
import io
import re
import subprocess
import sys
import tracemalloc
import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from registry.feed import sheet_child, text_file
from registry.feed.characters import UNUSUAL, is_refused, printable
from registry.feed.columns import Code, Day, Money, Month, Name, Whole
from registry.feed.kinds import Reject
from registry.feed.rejects import FileRefused
from registry.feed.text_file import text_sheet
from registry.feed.workbook import workbook_sheet
from tests import malformed_workbooks

HEADER = ["姓名", "证件号码", "金额"]
RARE_NAMES = [
    "㙍",
    "𠮷",
    "𫖯",
    "䶮",
    "𬀩",
    "𬭚",
    "𰻝",
    "\U00031350",
    "\U0002ebf0",
    "买买提·吐尔逊",
    "Anna Schmidt",
    "王　明",
]


def read(data, advance=lambda size: None):
    sheet = text_sheet(io.BytesIO(data), advance)
    return sheet.header, list(sheet.rows(frozenset()))


def written(rows, encoding="utf-8", **options):
    out = io.StringIO()
    csv.writer(out, **options).writerows([HEADER, *rows])
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("name", RARE_NAMES)
def test_rare_han_and_names_of_minorities_are_welcome(name):
    assert not any(is_refused(character) for character in name)


def test_usual_characters_are_never_refused():
    usual = [chr(point) for point in range(0x10000) if not UNUSUAL.match(chr(point))]
    assert [c for c in usual if c != "\n" and unicodedata.category(c)[0] in "CZ" and c != " "] == []
    assert len(usual) > 27_000


def test_a_report_never_prints_what_a_terminal_obeys():
    assert printable("a\x1b[2Jb\u202ec\n") == "a<U+001B>[2Jb<U+202E>c<U+000A>"
    assert printable("长" * 100) == "长" * 80 + "…"


def test_days_are_those_of_the_calendar():
    pattern = re.compile(Day("日", "day").pattern)
    for year in range(1895, 2105):
        for month in range(14):
            for day in range(33):
                text = f"{year}-{month:02d}-{day:02d}"
                real = 1900 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
                assert bool(pattern.fullmatch(text)) == real, text


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        (Month("月", "m"), ["190001", "202612"], ["202600", "202613", "20261", "2026-1", "210001"]),
        (
            Money("元", "m"),
            ["0", "0.5", "640.00", "9999999999999.99"],
            ["-1", "-0.00", "00", "1.", ".5", "1.234", "1e3"],
        ),
        (Money("元", "m", signed=True), ["-640.00", "0.00"], ["--1", "-", "- 1", "1-"]),
        (Whole("级", "w", least=1, most=10), ["1", "10"], ["0", "11", "01", "1.0", ""]),
        (Whole("行", "w", least=1), ["1", "999999999"], ["0", "1000000000", "-1"]),
        (Code("号", "c", max_length=5), ["A-1", "职工1", "1=1"], ["", "=1", "+1", "-1", "@1", "a b", "a　b", "123456"]),
        (Name("名", "n", max_length=4), ["王小明", "A B"], ["", "=王", "@王", "+王", "-王", "王小明明明"]),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_patterns(column, right, wrong):
    assert [text for text in right if not re.fullmatch(column.pattern, text)] == []
    assert [text for text in wrong if re.fullmatch(column.pattern, text)] == []
    assert all(column.expected(text) for text in wrong)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_the_same_rows_however_they_are_written(encoding, end, quoting):
    rows = [["王小明", "99", "1.00"], ["卫䶮·𠮷", 'a"b,c', ""], ["", "x", " y "]]
    data = written(rows, encoding, lineterminator=end, quoting=quoting)
    assert read(data) == (HEADER, [(2, rows[0]), (3, rows[1]), (4, ["", "x", "y"])])


def test_lines_without_content_are_counted_and_skipped():
    header, rows = read("姓名,金额\n\n,\n王,1\n\n".encode())
    assert (header, rows) == (["姓名", "金额"], [(4, ["王", "1"])])


def test_a_file_ends_with_or_without_a_line_end():
    assert read("姓名,金额\n王,1".encode())[1] == read("姓名,金额\n王,1\n".encode())[1] == [(2, ["王", "1"])]


def test_all_of_the_file_is_told_as_progress():
    seen = []
    data = written([["王", "1", "2"]] * 5_000)
    read(data, seen.append)
    assert sum(seen) == len(data)


def test_memory_does_not_grow_with_the_file(tmp_path):
    peaks = []
    for lines in (20_000, 200_000):
        path = tmp_path / f"{lines}.csv"
        path.write_bytes(written([["王小明", "990101198403070018", "640.00"]] * lines))
        with path.open("rb") as file:
            tracemalloc.start()
            count = sum(1 for _row in text_sheet(file, lambda size: None).rows(frozenset()))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert count == lines
    assert peaks[1] < 1.1 * peaks[0] < 20_000_000


@given(
    rows=st.lists(
        st.lists(st.text("王·a,\"' 0\u3000é𠮷", min_size=1, max_size=8), min_size=3, max_size=3), max_size=30
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    size=st.integers(1, 64),
)
@examples(max_examples=300)
def test_pieces_may_end_anywhere(rows, encoding, size):
    whole = [(n, [cell.strip() for cell in row]) for n, row in enumerate(rows, 2) if any(cell.strip() for cell in row)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "CHUNK_BYTES", size)
        assert read(written(rows, encoding)) == (HEADER, whole)


@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")))
@examples(max_examples=2_000)
def test_no_bytes_can_do_more_than_be_refused(data):
    for start in (b"", "姓名,金额\n".encode(), "姓名,金额\n".encode("gb18030")):
        try:
            header, rows = read(start + data)
        except FileRefused as refusal:
            assert refusal.reject.expected
            continue
        assert header
        for row in rows:
            assert isinstance(row, Reject) or not any(is_refused(c) for cell in row[1] for c in cell)


def workbook(tmp_path, data):
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with path.open("rb") as file, workbook_sheet(path, file, lambda size: None) as sheet:
        return sheet.header, list(sheet.rows(frozenset({"上级区划代码"})))


def test_a_workbook_gives_text_and_the_numbers_it_may(tmp_path):
    rows = [["990000", " 示例省 ", 12.5, "否"], ["", "", "", ""], ["990100", "示例市", 640, "是"]]
    header, found = workbook(tmp_path, malformed_workbooks.book(*rows))
    assert header == malformed_workbooks.HEADER
    assert found == [(2, ["990000", "示例省", "12.5", "否"]), (4, ["990100", "示例市", "640", "是"])]


def test_a_table_begins_in_the_first_cell(tmp_path):
    with pytest.raises(FileRefused, match="the first line must hold the column headers"):
        workbook(tmp_path, malformed_workbooks.book(malformed_workbooks.ROW, header=[]))


def test_the_child_dies_by_its_limits_and_nobody_else(tmp_path):
    """The check beforehand cannot see every far cell; the reader then asks for hundreds of gigabytes and aborts."""
    path = tmp_path / "far.xlsx"
    path.write_bytes(malformed_workbooks.far_cell_first())
    child = subprocess.run(
        [sys.executable, "-I", sheet_child.__file__, str(path)], capture_output=True, check=False, env={}
    )
    assert child.returncode != 0
    assert b"end" not in child.stdout


def test_the_child_knows_no_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do not hand on")
    seen = {}
    real = subprocess.Popen

    def popen(*args, **options):
        seen.update(options)
        return real(*args, **options)

    monkeypatch.setattr(subprocess, "Popen", popen)
    workbook(tmp_path, malformed_workbooks.book(malformed_workbooks.ROW))
    assert seen["env"] == {}
