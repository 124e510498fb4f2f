"""Reading a CSV file line by line: encoding, characters, quotes, width. Memory does not grow with the file."""

import codecs
import csv
from itertools import chain

from django.utils.translation import gettext as _

from .characters import refused_characters
from .kinds import Reject
from .rejects import FileRefused
from .sheet import Sheet, character_reject, checked_header, width_reject

CHUNK_BYTES = 1 << 18
LINE_CHARACTERS = 20_000
NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030"}


def encoding_of(first_line):
    """The codec of a file that begins with these bytes. Headers are Chinese, so the first line is enough to know.

    A file damaged further down is then refused by its line, instead of being read in the other encoding.
    """
    for codec in NAMES:
        try:
            if any("一" <= character <= "鿿" for character in first_line.decode(codec)):
                return codec
        except UnicodeDecodeError:
            continue
    if first_line.removeprefix(codecs.BOM_UTF8).isascii():
        return "utf-8"
    raise FileRefused(_('This file is neither UTF-8 nor GB18030. In Excel, save it as "CSV UTF-8".'))


def _too_long(row):
    return FileRefused(_("this line is longer than %(count)s characters") % {"count": LINE_CHARACTERS}, row=row)


def _first_line(file):
    start = file.read(4 * LINE_CHARACTERS)
    file.seek(0)
    if not start:
        raise FileRefused(_("the file is empty"))
    line, newline, _rest = start.partition(b"\n")
    if not newline and len(start) == 4 * LINE_CHARACTERS:
        raise _too_long(1)
    return line


def _pieces(file, codec, advance):
    """Decoded text in pieces of whole lines, without the last line's end; everything before a damaged place, too."""
    decoder, rest, line, is_damaged = codecs.getincrementaldecoder(codec)(), "", 1, False
    while (data := file.read(CHUNK_BYTES)) and not is_damaged:
        text, is_damaged = _decoded(decoder, data, codec)
        advance(len(data))
        body, newline, rest = (rest + text).replace("\r\n", "\n").rpartition("\n")
        if len(rest) > LINE_CHARACTERS:
            raise _too_long(line + body.count("\n") + len(newline))
        if newline:
            yield body if line > 1 else body.removeprefix("\ufeff")
            line += body.count("\n") + 1
    if is_damaged or decoder.getstate()[0]:
        sentence = _("the file is damaged from here on: these bytes are not %(encoding)s")
        raise FileRefused(sentence % {"encoding": NAMES[codec]}, row=line)
    if rest:
        yield rest if line > 1 else rest.removeprefix("\ufeff")


def _decoded(decoder, data, codec):
    """The text of these bytes, and whether it ends at a damaged place."""
    try:
        return decoder.decode(data), False
    except UnicodeDecodeError as error:
        return error.object[: error.start].decode(codec), True


def _cells(line):
    """The cells of a line; csv.Error where a quotation mark stays open."""
    cells = next(csv.reader([line], strict=True)) if '"' in line else line.split(",")
    return [cell.strip() for cell in cells] if " " in line or "\u3000" in line else cells


def _row(number, line, header, width, is_clean):
    """(number, cells), a Reject, or None for a line without content."""
    if len(line) > LINE_CHARACTERS:
        raise _too_long(number)
    try:
        cells = _cells(line)
    except csv.Error:
        return Reject(number, "", "", _("a quotation mark is not closed; a cell cannot hold a line break"))
    if not cells[0] and not any(cells):
        return None
    if not is_clean and refused_characters(line):
        return character_reject(number, header, cells)
    if len(cells) != width:
        return width_reject(number, width, len(cells))
    if width > len(header) and any(cells[len(header) :]):
        return width_reject(number, len(header), width)
    return number, cells


def text_sheet(file, advance):
    """The Sheet of an open CSV file; `advance(bytes)` is called as it is read."""
    codec = encoding_of(_first_line(file))
    pieces = _pieces(file, codec, advance)
    first, *others = next(pieces).split("\n", 1)
    try:
        titles = [title.strip() for title in _cells(first)]
    except csv.Error as error:
        raise FileRefused(_("a quotation mark is not closed; a cell cannot hold a line break"), row=1) from error
    header = checked_header(titles)

    def rows(numeric):
        number = 1
        for piece in chain(others, pieces):
            is_clean = not refused_characters(piece)
            for line in piece.split("\n"):
                number += 1
                if row := _row(number, line, header, len(titles), is_clean):
                    yield row

    return Sheet(header, rows)
