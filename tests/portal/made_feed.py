"""The files that make_feed wrote once for a small population, and how to read them."""

import csv

from django.core.management import call_command

ARGUMENTS = {"people": 48, "employers": 9, "years": 3, "seed": 7, "until": "2026-06"}


def make(out, **changes):
    """Run make_feed with a few arguments changed; gives its folder."""
    call_command("make_feed", out=out, verbosity=0, stdout=None, stderr=None, **ARGUMENTS | changes)
    return out


def rows_of(folder, kind, encoding="utf-8-sig"):
    """The rows of all files of a kind as dictionaries, control rows left out."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        if kind in path.stem.split("-"):
            with path.open(encoding=encoding, newline="") as file:
                rows += [row for row in csv.DictReader(file) if next(iter(row.values())) != "合计"]
    return rows
