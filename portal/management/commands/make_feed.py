import re
import shutil
from datetime import timedelta
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from contributions import rules
from portal.population import employers, files, society
from portal.population.horizon import Horizon
from registry.commands import PortalCommand, Refused
from registry.months import month, month_of, parse_month

USAGE = 2
EARLIEST_UNTIL = month(2022, 1)
MOST_YEARS = 36
FEWEST_ASSESSED = 4
OUR_FILES = re.compile(r"\d\d-[\w-]+\.(csv|xlsx)")
BYTES_PER_LINE = {"csv": 220, "xlsx": 60}
LINES_PER_MONTH = 6


class Command(PortalCommand):
    help = (
        "Write feed files (docs/feed.md) of an invented population under the real rules; every identity number begins "
        "with 99. The same arguments give the same bytes. Needs no database.\n"
        "Example: manage.py make_feed --people 200 --employers 12 --years 10 --seed 7 --out var/feed"
    )
    role = None
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--people", type=int, required=True, metavar="N")
        parser.add_argument("--employers", type=int, required=True, metavar="M")
        parser.add_argument("--years", type=int, required=True, metavar="Y", help="whole years up to --until")
        parser.add_argument("--seed", type=int, required=True, metavar="S")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder, empty or not there yet")
        parser.add_argument("--until", metavar="YYYY-MM", help="last complete month (default: the month before this)")
        parser.add_argument("--assessments", type=int, default=24, metavar="N", help="months with assessments (24)")
        parser.add_argument("--format", choices=sorted(files.FORMATS), default="csv")
        parser.add_argument("--encoding", choices=sorted(files.ENCODINGS), default="utf-8")
        parser.add_argument("--force", action="store_true", help="replace the feed files that are in DIR")

    def handle(self, *, people, years, seed, out, **options):
        last_complete = month_of(month_of(timezone.localdate()) - timedelta(days=1))
        until = _until(options["until"], last_complete)
        _check("people", people, society.FEWEST_PEOPLE, 5_000_000)
        _check("employers", options["employers"], employers.FEWEST, 999_999)
        _check("years", years, 1, MOST_YEARS)
        _check("assessments", options["assessments"], FEWEST_ASSESSED, years * 12)
        staging = _staging(out, options["force"])
        _check_disk(out, people * years * 12 * LINES_PER_MONTH * BYTES_PER_LINE[options["format"]])
        staging.mkdir(parents=True)
        try:
            folder = files.Folder(staging, options["format"], options["encoding"])
            population = society.Society(
                rules.read(),
                Horizon(until, years),
                folder,
                people=people,
                employer_count=options["employers"],
                seed=seed,
                assessed_months=options["assessments"],
            )
            with self.progress(population.steps, "step", "make_feed") as bar:
                population.write(bar.update)
            _move(staging, out)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        self.done(f"{len(folder.made)} files with {sum(folder.made.values()):,} lines are in {out}.")


def _until(text, last_complete):
    try:
        until = parse_month(text) if text else last_complete
    except ValueError:
        raise CommandError(f"--until {text}: write a month like 2026-10.", returncode=USAGE) from None
    if not EARLIEST_UNTIL <= until <= last_complete:
        raise CommandError(
            f"--until must lie between {EARLIEST_UNTIL:%Y-%m} and {last_complete:%Y-%m}, the last complete month.",
            returncode=USAGE,
        )
    return until


def _check(option, value, least, most):
    if not least <= value <= most:
        raise CommandError(f"--{option} must lie between {least} and {most:,}, not {value}.", returncode=USAGE)


def _staging(out, force):
    """The hidden folder beside `out` in which the files are made; they move into place only when all are finished."""
    if out.exists() and not out.is_dir():
        raise Refused(f"{out} is not a folder: name another with --out.")
    if out.exists() and any(out.iterdir()) and not force:
        raise Refused(f"{out} is not empty: name another folder, or replace its feed files with --force.")
    staging = out.absolute().with_name(f".{out.absolute().name}.unfinished")
    shutil.rmtree(staging, ignore_errors=True)
    return staging


def _check_disk(out, needed):
    place = next(p for p in (out.absolute(), *out.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise Refused(f"About {needed >> 20:,} MB are needed on the disk of {place}, only {free >> 20:,} MB are free.")


def _move(staging, out):
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        if OUR_FILES.fullmatch(old.name):
            old.unlink()
    for made in sorted(staging.iterdir()):
        made.replace(out / made.name)
