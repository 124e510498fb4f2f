"""The file of a record: canonical JSON, one CSV per table, words, the program that checks it, a list of contents.

The same record gives the same bytes: fixed order, fixed dates inside the zip, no clock. It is written member by member
into a file of its own beside the target, and takes the target's name only when it is whole.
"""

import csv
import hashlib
import io
import json
import os
import re
import zipfile
from contextlib import contextmanager
from pathlib import Path

README = Path(__file__).with_name("readme.txt")
PROGRAM = Path(__file__).resolve().parent.parent.parent / "verify.py"
EPOCH = (1980, 1, 1, 0, 0, 0)
PRIVATE = 0o600
# A spreadsheet takes a text that begins so for a formula; plain numbers are none.
FORMULA = re.compile(r"[=+\-@\t\r](?!\d[\d.]*$)")


class OutputExists(Exception):
    """The target is there already; it is never overwritten."""


def write_record(record, path):
    """Write the record (of `record_of`) to the zip file `path`, readable by its owner alone.

    Returns the SHA-256 of the file's bytes. Raises OutputExists, or OSError where the place cannot be written to.
    """
    path = Path(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE), "w+b") as file:
            _write(record, file)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        try:
            # A link, unlike a rename, never replaces what is there.
            os.link(part, path)
        except FileExistsError:
            raise OutputExists(path) from None
    finally:
        part.unlink(missing_ok=True)
    return digest


def record_file(record):
    """The same zip as bytes, for handing out at once."""
    file = io.BytesIO()
    _write(record, file)
    return file.getvalue()


def _write(record, file):
    digests = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with _member(archive, "README.txt", digests) as out:
            out.write(README.read_bytes())
        with _member(archive, "record.json", digests) as out:
            out.write(
                canonical_json(record | {"tables": {name: rows for name, (_c, rows) in record["tables"].items()}})
            )
        for name, (columns, rows) in record["tables"].items():
            with _member(archive, f"{name}.csv", digests) as out:
                _write_csv(out, columns, rows)
        with _member(archive, PROGRAM.name, digests) as out:
            out.write(PROGRAM.read_bytes())
        with _member(archive, "manifest.json", {}) as out:
            out.write(canonical_json({"sha256": digests}))


def canonical_json(value):
    """UTF-8, names in order, no blanks, a newline at the end."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


class _Hashing:
    """What is written goes on and is hashed on the way."""

    def __init__(self, out):
        self._out, self._hash = out, hashlib.sha256()

    def write(self, data):
        self._hash.update(data)
        return self._out.write(data)

    def hexdigest(self):
        return self._hash.hexdigest()


@contextmanager
def _member(archive, name, digests):
    about = zipfile.ZipInfo(name, EPOCH)
    about.compress_type = zipfile.ZIP_DEFLATED
    about.external_attr = PRIVATE << 16
    about.create_system = 3
    with archive.open(about, "w") as out:
        hashing = _Hashing(out)
        yield hashing
    digests[name] = hashing.hexdigest()


def _write_csv(out, columns, rows):
    """With a byte order mark, so that spreadsheets read the Chinese as it is."""
    out.write(b"\xef\xbb\xbf")
    for row in (list(columns), *([_cell(row[name]) for name in columns] for row in rows)):
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(row)
        out.write(line.getvalue().encode())


def _cell(value):
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if FORMULA.match(text) else text
