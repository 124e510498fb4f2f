"""Reading an XLSX workbook: looked over without unpacking it, then read by a child process with limited memory.

The reader is fast, but one far-away cell makes it ask for hundreds of gigabytes and abort, which no exception can
catch; so it never runs in a process of ours that matters.
"""

import json
import re
import struct
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from zlib import error as ZlibError

from django.utils.translation import gettext as _

from . import sheet_child
from .characters import refused_characters
from .kinds import Reject
from .rejects import FileRefused
from .sheet import Sheet, character_reject, checked_header, width_reject

ZIP_MAGIC = b"PK\x03\x04"
MOST_FILE_BYTES = 100_000_000
MOST_UNPACKED_BYTES = 500_000_000
MOST_ENTRIES = 500
MOST_DIRECTORY_BYTES = 200_000
MOST_RATIO = 200
RATIO_FREE_BYTES = 20_000_000
MOST_CELLS = 2_000_000
MOST_LINE_BYTES = 500_000
PIECE_BYTES = 1 << 20
OVERLAP_BYTES = 16

DIRECTORY_END = struct.Struct("<4s4H2LH")
POSITION = re.compile(rb"([A-Za-z]{1,3})?([0-9]{1,7})")
DIMENSION = re.compile(rb"""dimension ref=["'](?:[A-Z]{1,3}[0-9]{1,7}:)?([A-Z]{1,3})([0-9]{1,7})["']""")


def _damaged():
    return FileRefused(_("this workbook is damaged and cannot be read"))


def _too_large():
    sentence = _("this workbook is too large or spreads its cells too far; deliver it as CSV")
    return FileRefused(sentence)


def _check_directory(file):
    """Refuse a zip directory that is itself a bomb before zipfile reads it."""
    size = file.seek(0, 2)
    if size > MOST_FILE_BYTES:
        raise _too_large()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < DIRECTORY_END.size:
        raise _damaged()
    _sign, _disk, _first, _here, entries, directory_bytes, _offset, _comment = DIRECTORY_END.unpack_from(tail, at)
    if entries > MOST_ENTRIES or directory_bytes > MOST_DIRECTORY_BYTES:
        raise _too_large()


def _check_entries(archive):
    """Names, locks and declared sizes, before anything is unpacked."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(".." in name or name.startswith(("/", "\\")) for name in names):
        raise _damaged()
    if "xl/workbook.xml" not in names or not any(name.startswith("xl/worksheets/") for name in names):
        raise FileRefused(_("this is not an Excel workbook"))
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(_("this is an old or locked Excel workbook; save it as XLSX without a password"))
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > RATIO_FREE_BYTES and unpacked > MOST_RATIO * packed):
        raise _too_large()


def _column_number(letters):
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _Extent:
    """How far the cells of a sheet reach, and at most how many there are; read at the speed of memory.

    A sheet that hides a far cell among near ones gets past here and then fails against the child's limits.
    """

    def __init__(self):
        self.cells, self.last_row, self.last_column = 0, 1, 1

    def look(self, piece):
        if b"<f>" in piece or b"<f " in piece or b":f>" in piece or b":f " in piece:
            raise FileRefused(_("the cells must hold values, not formulas"))
        self.cells += piece.count(b"<c") + piece.count(b":c ")
        if (at := piece.find(b"dimension ref=")) >= 0 and (dimension := DIMENSION.match(piece, at)):
            self._reach(*dimension.groups())
        for sign in (b' r="', b" r='"):
            if position := POSITION.match(piece, piece.rfind(sign) + len(sign)):
                self._reach(*position.groups())
        if self.cells > MOST_CELLS or self.last_row * self.last_column > MOST_CELLS:
            raise _too_large()

    def _reach(self, letters, digits):
        self.last_column = max(self.last_column, _column_number(letters or b""))
        self.last_row = max(self.last_row, int(digits))


def _check_content(archive):
    """A streaming pass over every part; a part's real size counts, not the size its entry declares."""
    unpacked = 0
    for entry in archive.infolist():
        name = entry.filename.lower()
        extent, tail = _Extent(), b""
        with archive.open(entry) as part:
            while piece := part.read(PIECE_BYTES):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED_BYTES:
                    raise _too_large()
                seen = tail + piece
                if name.endswith((".xml", ".rels")) and (b"\0" in piece or b"<!DOCTYPE" in seen or b"<!ENTITY" in seen):
                    raise FileRefused(_("this workbook holds declarations that no Excel writes"))
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    extent.look(seen)
                tail = piece[-OVERLAP_BYTES:]


def check_workbook(file):
    """Raise FileRefused for an open workbook that is damaged, hostile or too large to be read."""
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive)
            _check_content(archive)
    except (zipfile.BadZipFile, ZlibError, NotImplementedError, EOFError, OSError, UnicodeDecodeError) as error:
        raise _damaged() from error
    finally:
        file.seek(0)


def _answer(pipe):
    """The next JSON line of the child; None where it ended without having said so."""
    line = pipe.readline(MOST_LINE_BYTES)
    if len(line) == MOST_LINE_BYTES:
        raise _too_large()
    return json.loads(line) if line.endswith(b"\n") else None


@contextmanager
def _child(path):
    """The pipe from a child that reads the workbook; whatever happens, it is gone afterwards."""
    command = [sys.executable, "-I", str(Path(sheet_child.__file__)), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}) as child:
        try:
            yield child.stdout
        finally:
            child.kill()


def _text(cell, title, numeric):
    """A cell of a workbook as text; ValueError with a sentence where it is not one."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool) or cell is None or isinstance(cell, dict):
        raise ValueError(_("the cell must be text: format the column as text and fill it in again"))
    if title not in numeric:
        raise ValueError(
            _(
                "a spreadsheet turned this number into a figure and its last digits are lost: "
                "format the column as text and fill it in again"
            )
        )
    return repr(cell).removesuffix(".0")


def _row(number, cells, header, numeric):
    """(number, cells as text), a Reject, or None for a row without content."""
    if not any(cell != "" for cell in cells):
        return None
    if any(cell != "" for cell in cells[len(header) :]):
        return width_reject(number, len(header), len(cells))
    texts = []
    for title, cell in zip(header, cells, strict=False):
        try:
            texts.append(_text(cell, title, numeric))
        except ValueError as error:
            return Reject(number, title, "", str(error))
    texts += [""] * (len(header) - len(texts))
    if refused_characters("".join(texts)):
        return character_reject(number, header, texts)
    return number, texts


@contextmanager
def workbook_sheet(path, file, advance):
    """The Sheet of an open workbook: its first sheet, every cell of it text, except money and counts."""
    check_workbook(file)
    with _child(path) as pipe:
        first = _answer(pipe)
        if first is None:
            raise _too_large()
        if first == sheet_child.DAMAGED:
            raise _damaged()
        if first == sheet_child.END:
            raise FileRefused(_("the first line must hold the column headers; it is empty"), row=1)
        if not all(isinstance(cell, str) for cell in first):
            raise FileRefused(_("the column headers must be text"), row=1)
        header = checked_header(cell.strip() for cell in first)

        def rows(numeric):
            number = 1
            while True:
                cells = _answer(pipe)
                if cells is None:
                    raise _too_large()
                if cells == sheet_child.END:
                    advance(path.stat().st_size)
                    return
                number += 1
                if row := _row(number, cells, header, numeric):
                    yield row

        yield Sheet(header, rows)
