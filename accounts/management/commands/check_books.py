import json
import time
from contextlib import contextmanager

from django.db import connection, transaction

from accounts import checks, proofs
from registry.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = "Prove the books: balances equal entries, batches sum to zero, every line and file is accounted for."
    role = "read"

    def add_arguments(self, parser):
        parser.add_argument("--json", dest="as_json", action="store_true", help="print all as JSON")
        parser.add_argument(
            "--without-record",
            dest="keeps",
            action="store_false",
            help="write nothing, not even that the books were proved (for who may only read)",
        )

        parser.add_argument(
            "--recent",
            action="store_true",
            help="prove only what was booked since the last year closed everywhere, from its statements on",
        )

        parser.add_argument(
            "--connections",
            type=int,
            default=2,
            metavar="N",
            help="that prove at the same time, all in one snapshot; each keeps one processor of the database busy (2)",
        )

    def handle(self, *, as_json, keeps, recent, connections, **options):
        start = time.monotonic()
        chosen = checks.RECENT if recent else checks.CHECKS
        with _one_snapshot() as is_own, connection.cursor() as cursor:
            since = checks.first_open_month(cursor) if recent else None
            if recent and since is None:
                raise Refused("No year is closed for every account yet (issue_statements): prove without --recent.")
            with self.progress(len(chosen), "check") as bar:
                findings, counts = checks.prove_and_count(
                    cursor, bar.update, checks=chosen, since=since, connections=max(1, connections) if is_own else 1
                )
        seconds = time.monotonic() - start
        if keeps:
            proofs.keep(findings, counts, len(chosen), seconds)
        self._report(
            findings, counts, f"{len(chosen)} checks" + (f" since {since:%Y-%m}" if since else ""), seconds, as_json
        )

    def _report(self, findings, counts, proved, seconds, as_json):
        if as_json:
            told = [{"check": f.check, "finding": f.sentence} for f in findings]
            text = {"in_order": not findings, "findings": told, "counts": counts, "seconds": round(seconds, 3)}
            self.stdout.write(json.dumps(text, ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                self.stderr.write(f"{finding.check}: {finding.sentence}")
        if findings:
            failed = sorted({f.check for f in findings})
            raise Refused(f"The books are not in order. Failed: {', '.join(failed)}.")
        if not as_json:
            things = ", ".join(f"{number} {name}" for name, number in counts.items())
            self.done(f"The books are in order: {proved} over {things}; {seconds:.1f} s.")


@contextmanager
def _one_snapshot():
    """A transaction in which a load that commits meanwhile is no finding, and of which nothing stays.

    Whether it is one of our own; inside another (of a test) nothing is changed.
    """
    if connection.in_atomic_block:
        yield False
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield True
        transaction.set_rollback(True)
