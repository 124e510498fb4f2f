"""The folder in which the files appear: all of them when they are finished, or none."""

import re
import shutil
from contextlib import contextmanager

OUR_FILES = re.compile(r"\d\d-[\w-]+\.(csv|xlsx)", re.ASCII)
BYTES_PER_LINE = {"csv": 180, "xlsx": 60}
LINES_PER_PERSON_AND_MONTH = 5


class CannotDeliverError(Exception):
    """The files can't be put there; the message is one sentence. Nothing was written."""


def size_of(people, months, format_name):
    """About how many bytes the files will take."""
    return people * months * LINES_PER_PERSON_AND_MONTH * BYTES_PER_LINE[format_name]


@contextmanager
def delivery(out, needed, *, replace=False):
    """Give an empty hidden folder beside `out` (a Path); at the end its files move into `out`, after an error they go.

    needed: bytes that must be free. replace: whether `out` may hold feed files, which then give way.
    Raises CannotDeliverError where `out` is a file, holds something or lies on too small a disk.
    """
    _require_free(out, replace)
    _require_room(out, needed)
    staging = out.absolute().with_name(f".{out.absolute().name}.unfinished")
    # Left behind by a run that was killed.
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        yield staging
        _move(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _require_free(out, replace):
    if out.exists() and not out.is_dir():
        raise CannotDeliverError(f"{out} is not a folder: name another.")
    if out.exists() and any(out.iterdir()) and not replace:
        raise CannotDeliverError(f"{out} is not empty: name another folder, or replace its feed files with --force.")


def _require_room(out, needed):
    place = next(p for p in (out.absolute(), *out.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise CannotDeliverError(
            f"About {needed >> 20:,} MB are needed on the disk of {place}, only {free >> 20:,} MB are free."
        )


def _move(staging, out):
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        if OUR_FILES.fullmatch(old.name):
            old.unlink()
    for made in sorted(staging.iterdir()):
        made.replace(out / made.name)
