from collections import Counter

from accounts import corrections
from accounts.models import Correction
from registry.commands import PortalCommand
from registry.lock import only_writer


class Command(PortalCommand):
    help = "Post the approved corrections: each as a reversal and a right posting, in a transaction of its own."

    def add_arguments(self, parser):
        parser.add_argument(
            "--wait",
            type=float,
            default=0,
            metavar="SECONDS",
            help="wait so long for another command that writes the books",
        )

    def handle(self, *, wait, **options):
        outcomes = Counter()
        with only_writer(wait):
            approved = list(Correction.objects.to_post().values_list("pk", flat=True))
            with self.progress(len(approved), "correction") as bar:
                for pk in approved:
                    outcome = corrections.post(pk)
                    outcomes[outcome] += 1
                    if outcome != Correction.Outcome.POSTED:
                        self.stderr.write(f"Correction {pk}: {Correction.Outcome(outcome).label}")
                    bar.update()
        posted = outcomes.pop(Correction.Outcome.POSTED, 0)
        self.done(f"Corrections posted: {posted}; not posted: {outcomes.total()}.")
