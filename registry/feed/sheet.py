"""A feed file opened for reading, whatever its format: a header and rows of text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .characters import place, printable, refused_characters
from .kinds import Reject
from .rejects import FileRefused

MOST_COLUMNS = 60


@dataclass(frozen=True)
class Sheet:
    """`rows(numeric titles)` yields (line number, cells) for each line with content, or a Reject for a broken one."""

    header: list[str]
    rows: Callable[[frozenset], Iterator]


def checked_header(cells):
    """The header's cells, without empty ones at the end; FileRefused where it cannot be one."""
    cells = list(cells)
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise FileRefused(_("the first line must hold the column headers; it is empty"), row=1)
    for cell in cells:
        if bad := refused_characters(cell):
            raise FileRefused(character_sentence(cell[bad[0]]), row=1, value=printable(cell))
    if len(cells) > MOST_COLUMNS:
        raise FileRefused(_("at most %(count)s columns") % {"count": MOST_COLUMNS}, row=1)
    if "" in cells:
        raise FileRefused(_("column %(place)s has no header") % {"place": cells.index("") + 1}, row=1)
    repeated = sorted({cell for cell in cells if cells.count(cell) > 1})
    if repeated:
        raise FileRefused(_("these headers stand there twice: %(names)s") % {"names": "、".join(repeated)}, row=1)
    return cells


def character_sentence(character):
    return _("the character %(place)s is not allowed here") % {"place": place(character)}


def character_reject(number, header, cells):
    """The complaint about the first refused character of a row; the cell itself is not shown."""
    for title, cell in zip(header, cells, strict=False):
        if bad := refused_characters(cell):
            return Reject(number, title, "", character_sentence(cell[bad[0]]))
    return Reject(number, "", "", _("a character that is not allowed"))


def width_reject(number, expected, found):
    sentence = _("this line has %(found)s cells, the header has %(expected)s")
    return Reject(number, "", "", sentence % {"found": found, "expected": expected})
