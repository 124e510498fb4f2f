from datetime import date, timedelta

from django.core.management.base import CommandError
from django.utils import timezone

from accounts import seals
from accounts.models import LogSeal, Seal
from registry.commands import PortalCommand
from registry.lock import only_writer


class Command(PortalCommand):
    help = (
        "Seal what was posted or looked up and is not sealed yet, up to the end of yesterday or of the day named. "
        "Each day after the last seal gets its own, an empty day too; run twice, nothing changes.\n"
        "Example: manage.py seal_day --wait 600"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the last day (default: yesterday)"
        )
        parser.add_argument("--wait", type=int, default=0, metavar="SECONDS", help="for another writer (default: 0)")

    def handle(self, *, day, wait, **options):
        today = timezone.localdate()
        until = day or today - timedelta(days=1)
        entries = batches = looks = 0
        with only_writer(wait):
            try:
                days, log_days = seals.days_to_seal(until, today), seals.log_days_to_seal(until, today)
            except seals.DayIsNotOver:
                raise CommandError(f"{until} lies in the future; nothing was sealed.", returncode=2) from None
            with self.progress(None, "leaf") as bar:
                for each in days:
                    made = seals.seal(each, advance=bar.update)
                    entries, batches = entries + made.entries, batches + made.batches
                looks = sum(seals.seal_log(each, advance=bar.update).looks for each in log_days)
        self._report(days, entries, batches)
        log_seal = LogSeal.objects.order_by("day").last()
        self.done(
            f"Access log: {looks} look-ups sealed; the seal of {log_seal.day} is {bytes(log_seal.hash).hex()}."
            if log_days
            else f"Access log: nothing to seal; the seal of {log_seal.day} is {bytes(log_seal.hash).hex()}."
        )

    def _report(self, days, entries, batches):
        last = Seal.objects.order_by("day").last()
        known = f"the seal of {last.day} is {bytes(last.hash).hex()}."
        if not days:
            self.done(f"Nothing to seal: {last.day} is the last day sealed; {known}")
            return
        span = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}"
        self.done(f"Sealed {span}: {entries} entries in {batches} batches; {known}")
