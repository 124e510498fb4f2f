"""Load the files that agencies and the tax collector deliver (docs/feed.md)."""

import argparse
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError

from portal.feed import ALL_KINDS
from registry.commands import TRY_LATER, PortalCommand, Refused
from registry.feed.rejects import Report, sentence
from registry.feed.run import line_of, load_files

SHOWN_PER_FILE, SHOWN_AT_MOST = 20, 200
EXAMPLES = """\
examples:
  load_feed /srv/inbox                     every CSV and XLSX file of a folder, in the order they need each other
  load_feed persons.csv cards.xlsx         these files, in this order
  load_feed --dry-run /srv/inbox           check everything, store nothing
  load_feed --wait 600 /srv/inbox          wait up to ten minutes for another load to end

A file is loaded whole or not at all; delivered again, it posts nothing twice.
exit codes: 0 all loaded, 1 a file was refused, 2 usage, 75 try later (another load is running, the database is away),
130 stopped (Ctrl-C, SIGTERM)
"""


class Command(PortalCommand):
    help = "Load feed files: CSV (UTF-8 or GB18030) or XLSX, recognised by their column headers (docs/feed.md)."
    role = "job"

    def create_parser(self, *args, **kwargs):
        return super().create_parser(
            *args, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="a file, or a folder of files")
        parser.add_argument("--dry-run", action="store_true", help="check everything, then undo it")
        parser.add_argument("--wait", type=int, default=0, metavar="SECONDS", help="for another writer (default: 0)")
        parser.add_argument(
            "--rejects",
            type=Path,
            default=settings.BASE_DIR / "var" / "rejects",
            metavar="DIR",
            help="where the report on refused files goes (default: var/rejects)",
        )

    def handle(self, *, paths, dry_run, wait, rejects, verbosity, **options):
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            raise CommandError(f"There is no file or folder {', '.join(missing)}; nothing was loaded.", returncode=2)
        self.shown, self.verbosity, start = 0, verbosity, time.monotonic()
        with Report(rejects) as self.report:
            try:
                summary = load_files(paths, ALL_KINDS, self, wait_seconds=wait, is_dry_run=dry_run)
            except OperationalError as error:
                reason = str(error).strip().splitlines()[0]
                raise CommandError(
                    f"The database was lost: {reason} Nothing of the file under way was stored; load it again.",
                    returncode=TRY_LATER,
                ) from error
        result = summary.sentence(time.monotonic() - start, dry_run)
        if summary.refused:
            raise Refused(f"{result} Report: {self.report.path}")
        if verbosity:
            self.done(result)

    def tell(self, load):
        """One line about the file; of a refused one the first complaints, and all of them in the report."""
        if load.is_refused:
            self.report.add(load.name, load.rejects)
            self.stderr.write(self.style.ERROR(line_of(load)))
            shown = load.rejects.kept[: min(SHOWN_PER_FILE, SHOWN_AT_MOST - self.shown)]
            self.shown += len(shown)
            for reject in shown:
                self.stderr.write(f"  {sentence(reject)}")
        elif self.verbosity:
            self.stdout.write(line_of(load))
