from datetime import timedelta
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from contributions import rules
from portal.population import employers, files, society
from portal.population.delivery import CannotDeliverError, delivery, size_of
from portal.population.horizon import Horizon
from registry.commands import PortalCommand, Refused
from registry.months import month, month_of, parse_month

USAGE = 2
EARLIEST_UNTIL = month(2022, 1)
MOST_YEARS = 36
FEWEST_ASSESSED, DEFAULT_ASSESSED = 4, 24


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
        parser.add_argument("--assessments", type=int, metavar="N", help="months with assessments (default 24)")
        parser.add_argument("--format", choices=sorted(files.FORMATS), default="csv")
        parser.add_argument("--encoding", choices=sorted(files.ENCODINGS), default="utf-8")
        parser.add_argument("--force", action="store_true", help="replace the feed files that are in DIR")

    def handle(self, *, people, years, out, assessments, until, **options):
        until = _until(until, month_of(month_of(timezone.localdate()) - timedelta(days=1)))
        assessed = min(DEFAULT_ASSESSED, years * 12) if assessments is None else assessments
        _check("people", people, society.FEWEST_PEOPLE, 4_000_000)
        _check("employers", options["employers"], employers.FEWEST, 999_999)
        _check("years", years, 1, MOST_YEARS)
        _check("assessments", assessed, FEWEST_ASSESSED, years * 12)
        try:
            with delivery(out, size_of(people, years * 12, options["format"]), replace=options["force"]) as place:
                folder = files.Folder(place, options["format"], options["encoding"])
                population = society.Society(
                    rules.read(),
                    Horizon(until, years),
                    folder,
                    people=people,
                    employer_count=options["employers"],
                    seed=options["seed"],
                    assessed_months=assessed,
                )
                with self.progress(population.steps, "step", "make_feed") as bar:
                    population.write(bar.update)
        except CannotDeliverError as error:
            raise Refused(str(error)) from error
        self.done(f"{len(folder.made)} files with {sum(folder.made.values()):,} lines are in {out}.")


def _until(text, last_complete):
    """The month to end with; CommandError for anything but a complete month from EARLIEST_UNTIL on."""
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
