import json
import time

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

    def handle(self, *, as_json, keeps, recent, **options):
        start = time.monotonic()
        chosen = checks.RECENT if recent else checks.CHECKS
        with connection.cursor() as cursor:
            since = checks.first_open_month(cursor) if recent else None
            if recent and since is None:
                raise Refused("No year is closed for every account yet (issue_statements): prove without --recent.")
            checks.prepare(cursor, since)
        with transaction.atomic(), connection.cursor() as cursor:
            if len(connection.savepoint_ids) == 0:
                # One snapshot for all checks: a load that commits meanwhile is no finding.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            with self.progress(len(chosen) + 1, "check") as bar:
                findings = checks.prove(cursor, lambda name: bar.update(), checks=chosen, is_prepared=True)
            counts = checks.count(cursor)
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
