import time
from datetime import date

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import F, Sum

from accounts import seals
from accounts.models import LogSeal, Seal
from registry.commands import PortalCommand, Refused


class Command(PortalCommand):
    help = (
        "Prove the seals: make every leaf and root anew from the ledger and the access log, and compare. Exit code 1 "
        "and the first bad row where something differs.\n"
        "Example: manage.py verify_seals --published 2026-11-20=9f0c…"
    )
    role = "read"

    def add_arguments(self, parser):
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="leaves from this day on only"
        )
        parser.add_argument("--person", type=int, metavar="ID", help="the leaves of one person only, by internal id")
        parser.add_argument(
            "--published",
            action="append",
            default=[],
            metavar="DAY=HASH",
            help="the seal of a day as it was printed or kept elsewhere; may be given several times",
        )
        parser.add_argument(
            "--published-log", action="append", default=[], metavar="DAY=HASH", help="the same of the access log"
        )

    def handle(self, *, since, person, published, published_log, **options):
        start = time.monotonic()
        published, published_log = ([_day_and_hash(text) for text in kept] for kept in (published, published_log))
        with transaction.atomic(), connection.cursor() as cursor:
            if len(connection.savepoint_ids) == 0:
                # One snapshot: what is sealed meanwhile is no finding.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            proof = seals.prove_person(person) if person else self._prove_all(since)
            proof.add(_differing(Seal, published))
            looks = seals.prove_looks_of(person) if person else self._prove_log(since)
            looks.add(_differing(LogSeal, published_log))
        proof.add(looks.findings)
        self._report(proof, time.monotonic() - start)
        if looks.last:
            self.done(
                f"The access log's seals are whole: {looks.looks} look-ups of {looks.days} days; "
                f"the seal of {looks.last.day} is {bytes(looks.last.hash).hex()}."
            )

    def _prove_all(self, since):
        of_days = Seal.objects.filter(day__gte=since) if since else Seal.objects
        leaves = of_days.aggregate(leaves=Sum(F("entries") + F("batches")))["leaves"]
        with self.progress(leaves, "leaf") as bar:
            return seals.prove(since, bar.update)

    def _prove_log(self, since):
        of_days = LogSeal.objects.filter(day__gte=since) if since else LogSeal.objects
        with self.progress(of_days.aggregate(looks=Sum("looks"))["looks"], "leaf") as bar:
            return seals.prove_log(since, bar.update)

    def _report(self, proof, seconds):
        for finding in proof.findings:
            self.stderr.write(finding)
        if proof.waiting:
            self.stderr.write(
                f"{proof.waiting} batches came too late for the seal of their day (posted from {proof.waiting_since} "
                "on); the next seal takes them in."
            )
        if proof.findings:
            raise Refused(f"The seals are broken. First: {proof.findings[0]}.")
        if proof.last is None:
            self.done("Nothing is sealed yet.")
            return
        self.done(
            f"The seals are whole: {proof.entries} entries and {proof.batches} batches of {proof.days} days, "
            f"{seconds:.1f} s; the seal of {proof.last.day} is {bytes(proof.last.hash).hex()}."
        )


def _day_and_hash(text):
    day, _equals, digest = text.partition("=")
    try:
        return date.fromisoformat(day), bytes.fromhex(digest)
    except ValueError:
        raise CommandError(f"{text}: a day and a hash are expected, like 2026-11-20=9f0c…", returncode=2) from None


def _differing(model, published):
    for day, digest in published:
        seal = model.objects.filter(day=day).first()
        if seal is None or bytes(seal.hash) != digest:
            yield f"seal of {day}: it is not the published one"
