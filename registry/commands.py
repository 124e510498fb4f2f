"""The base of the portal's management commands: a database role, progress on a terminal, exit codes.

Exit codes: 0 done, 1 refused (the input or the books are wrong), 2 usage, 75 try later (the database is away or busy),
130 stopped (Ctrl-C or SIGTERM).
"""

import signal
import sys
from contextlib import nullcontext

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import override
from tqdm import tqdm

from registry.lock import AnotherWriterIsRunning
from registry.roles import acting_as

TRY_LATER = 75
STOPPED = 130
ANOTHER_WRITER = "Another command is writing the books; nothing was done. Try again, or let it wait: --wait SECONDS."


class Refused(CommandError):
    """The command will not do it; the message says what is wrong and what to do. Nothing was written."""

    def __init__(self, message):
        super().__init__(message, returncode=1)


class PortalCommand(BaseCommand):
    """A command that runs as one database role (None: it needs no database) and ends with one sentence."""

    role = "job"
    requires_migrations_checks = False

    def run_from_argv(self, argv):
        """From the command line, SIGTERM ends the command as Ctrl-C does: undone, and with a sentence."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        super().run_from_argv(argv)

    def execute(self, *args, **options):
        try:
            with acting_as(self.role) if self.role else nullcontext(), override(None):
                return super().execute(*args, **options)
        except OperationalError as error:
            message = str(error).strip().splitlines()[0]
            raise CommandError(
                f"The database cannot be used now, nothing was done: {message}", returncode=TRY_LATER
            ) from error
        except AnotherWriterIsRunning as error:
            raise CommandError(ANOTHER_WRITER, returncode=TRY_LATER) from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped: what was under way is undone.", returncode=STOPPED) from error

    def progress(self, total, unit, label=""):
        """A progress bar on standard error, shown on a terminal only."""
        return tqdm(
            total=total, unit=unit, desc=label, unit_scale=True, file=sys.stderr, disable=not sys.stderr.isatty()
        )

    def done(self, sentence):
        self.stdout.write(self.style.SUCCESS(sentence))
