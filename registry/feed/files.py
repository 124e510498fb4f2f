"""Feed files on disk: which they are, in what order they are read, and how one is opened."""

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from .characters import printable
from .kinds import Kind
from .rejects import FileRefused
from .text_file import text_sheet
from .workbook import ZIP_MAGIC, workbook_sheet

ENDINGS = {".csv", ".xlsx"}
OLD_WORKBOOK_MAGIC = b"\xd0\xcf\x11\xe0"


def shown_name(path):
    """The file's name for a report and a record: without its folder, without signs that a terminal would obey."""
    return printable(path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), 180)


def digest_of(file):
    """SHA-256 of an open file's bytes; the file is at its start again afterwards."""
    digest = hashlib.file_digest(file, "sha256").digest()
    file.seek(0)
    return digest


@contextmanager
def opened(path):
    """An open feed file; FileRefused where it is no ordinary file, or was written to while it was read."""
    if path.suffix.lower() not in ENDINGS:
        raise FileRefused(_("a feed file's name ends in .csv or .xlsx"))
    if not path.is_file():
        raise FileRefused(_("this is not an ordinary file"))
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileRefused(_("the file cannot be read: %(reason)s") % {"reason": error.strerror}) from error
    with file:
        before = os.fstat(file.fileno())
        yield file
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise FileRefused(_("the file was changed while it was read; deliver it again"))


@contextmanager
def sheet_of(path, file, advance):
    """The Sheet of an open feed file. What it is, its first bytes say; the ending must agree."""
    start = file.read(4)
    file.seek(0)
    if start == OLD_WORKBOOK_MAGIC:
        raise FileRefused(_("this is an old or locked Excel workbook; save it as XLSX without a password"))
    is_workbook = start == ZIP_MAGIC
    if is_workbook != (path.suffix.lower() == ".xlsx"):
        raise FileRefused(_("the content does not fit the ending of the file's name"))
    if is_workbook:
        with workbook_sheet(path, file, advance) as sheet:
            yield sheet
    else:
        yield text_sheet(file, advance)


def kind_of(header, kinds):
    """The kind whose columns these headers are; FileRefused naming what is missing and what is too much."""
    found = set(header)
    for kind in kinds:
        if kind.fits(found):
            return kind
    nearest = max(kinds, key=lambda kind: len(found & set(kind.titles)) / len(found | set(kind.titles)))
    if not found & set(nearest.titles):
        raise FileRefused(_("these column headers belong to no kind of feed file"), row=1)
    needed = {title for column in nearest.columns if found.intersection(column.titles) for title in column.titles}
    missing = [title for title in nearest.titles if title in (nearest.required_titles | needed) - found]
    extra = [title for title in header if title not in nearest.titles]
    sentence = _("the headers do not fit the template %(kind)s: missing %(missing)s, too many %(extra)s")
    values = {"kind": nearest.title, "missing": "、".join(missing) or "—", "extra": "、".join(extra) or "—"}
    raise FileRefused(sentence % values, row=1)


@dataclass(frozen=True)
class Waiting:
    """A file before its turn: its kind and header as its first line says them, None where nobody can read them."""

    path: Path
    kind: Kind | None
    header: tuple[str, ...] | None

    @property
    def size(self):
        """Bytes; 0 where the file is gone."""
        return self.path.stat().st_size if self.path.exists() else 0


def _looked_at(path, kinds):
    try:
        with opened(path) as file, sheet_of(path, file, lambda size: None) as sheet:
            return Waiting(path, kind_of(sheet.header, kinds), _shared(tuple(sheet.header)))
    except FileRefused:
        return Waiting(path, None, None)


@lru_cache(maxsize=256)
def _shared(header):
    """The first of equal headers, so that ten thousand files waiting do not keep one each in memory."""
    return header


def _place(file, kinds):
    """Sort key of a file in a folder: its kind's place in load order; files nobody can read come last.

    Kinds that feed one source share a place: contributions of a month come before those of the next, whoever paid.
    """
    if file.kind is None:
        return len(kinds), file.path.name
    sharing = [kind for kind in kinds if kind is file.kind or (kind.source and kind.source == file.kind.source)]
    return kinds.index(sharing[0]), file.path.name


def in_load_order(paths, kinds):
    """The feed files that `paths` name as Waiting: a file as it is given, a folder's files by kind and then by name."""
    files = []
    for path in map(Path, paths):
        if not path.is_dir():
            files.append(_looked_at(path, kinds) if path.suffix.lower() == ".csv" else Waiting(path, None, None))
            continue
        inside = [p for p in path.iterdir() if p.suffix.lower() in ENDINGS and not p.name.startswith((".", "~$"))]
        files += sorted((_looked_at(p, kinds) for p in inside), key=lambda file: _place(file, kinds))
    return files
