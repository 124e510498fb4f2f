import sys
from pathlib import Path

from django.db import connection, transaction

from documents.takeout import OutputExists, record_of, write_record
from inquiries.models import StaffMember
from inquiries.opening import hand_out
from registry.commands import PortalCommand, Refused
from registry.identity import IdentityError, check_number, masked
from registry.models import InsuredPerson
from registry.models.persons import IdType

PAGE = "documents.export_record"


class Command(PortalCommand):
    help = (
        "Write one person's whole record into a zip file that she can check with verify.py (docs/export.md). The "
        "person sees in her log that it was handed out, and by whose office.\n"
        "Examples: manage.py export_record --person 4711 --by C1001 --out record.zip\n"
        "          manage.py export_record --person - --by C1001 --out record.zip < number.txt"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--person", required=True, metavar="ID", help="internal id; - reads an identity number from stdin"
        )
        parser.add_argument("--id-type", choices=IdType.values, default=IdType.CITIZEN.value, help="of that number")
        parser.add_argument("--by", required=True, metavar="STAFF_NO", help="the member of staff who hands it out")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.zip", help="a file that is not there yet")

    def handle(self, *, person, id_type, by, out, **options):
        if out.exists():
            raise Refused(f"{out} is there already; nothing was written.")
        member = StaffMember.objects.in_force().filter(staff_no=by).exclude(role=StaffMember.Role.AUDITOR).first()
        if member is None:
            raise Refused(f"No clerk or operator with the number {by} is in office; nothing was written.")
        person = _by_number(id_type, sys.stdin.readline()) if person == "-" else _by_id(person)
        hand_out(member, person, PAGE)
        with transaction.atomic(), connection.cursor() as cursor:
            if len(connection.savepoint_ids) == 0:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            record = record_of(person)
        try:
            digest = write_record(record, out)
        except OutputExists:
            raise Refused(f"{out} is there already; nothing was written.") from None
        except OSError as error:
            raise Refused(f"{out} cannot be written: {error.strerror}.") from error
        entries, leaves = (len(record["tables"][name][1]) for name in ("entries", "leaves"))
        self.done(f"{out}: {entries} entries, {leaves} of them sealed; SHA-256 {digest}.")


def _by_id(text):
    found = InsuredPerson.objects.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() else None
    if found is None:
        raise Refused(f"No insured person has the id {text}; nothing was written.")
    return found.merged_into or found


def _by_number(id_type, text):
    try:
        number = check_number(id_type, text.strip())
    except IdentityError as error:
        raise Refused(f"{masked(text.strip())} is not such a number ({error.code}); nothing was written.") from error
    found = InsuredPerson.objects.with_number(id_type, number).first()
    if found is None:
        raise Refused(f"No insured person has {masked(number)}; nothing was written.")
    return found
