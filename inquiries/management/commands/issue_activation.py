import sys

from django.db import transaction

from inquiries import activation, staffing
from inquiries.models import User
from registry.commands import PortalCommand, Refused
from registry.identity import IdentityError, check_citizen_number, masked
from registry.models import InsuredPerson


class Command(PortalCommand):
    help = (
        "Issue one-time activation codes after a document check. Numbers are read from a file or from standard input, "
        "one per line (never from the command line, where others could read them). Prints masked number and code.\n"
        "Example: manage.py issue_activation --kind person --numbers numbers.txt"
    )

    def add_arguments(self, parser):
        parser.add_argument("--kind", choices=User.Kind.values, default=User.Kind.PERSON.value)
        parser.add_argument(
            "--numbers", default="-", metavar="FILE", help="file with one number per line; - reads stdin"
        )
        parser.add_argument(
            "--lost-factors",
            action="store_true",
            help="the use of these codes also removes the second factors (phone, app, passkeys, codes on paper)",
        )

    def handle(self, *, kind, numbers, lost_factors, **options):
        lines = sys.stdin if numbers == "-" else _lines(numbers)
        found = [(line.strip(), number) for number, line in enumerate(lines, 1) if line.strip()]
        with transaction.atomic():
            users = [(text, _user(kind, text, line)) for text, line in found]
            for text, user in users:
                self.stdout.write(f"{masked(text)}\t{activation.issue(user, drops_factors=lost_factors)}")
                if kind == User.Kind.STAFF:
                    staffing.note_code_by_command(user)
        self.done(f"{len(users)} activation codes issued; each is good for 72 hours and once.")


def _lines(path):
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.readlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}") from error


def _user(kind, text, line):
    """The user of this number; for an insured person it is made when first needed."""
    if kind != User.Kind.PERSON:
        try:
            return User.objects.with_login(kind, text)
        except User.DoesNotExist:
            raise Refused(
                f"Line {line}: {masked(text)} is not known at this door; load staff or agents first."
            ) from None
    try:
        number = check_citizen_number(text)
    except IdentityError as error:
        raise Refused(f"Line {line}: {masked(text)} is not a citizen number ({error.code}).") from error
    person = InsuredPerson.objects.with_number("citizen", number).first()
    if person is None:
        raise Refused(f"Line {line}: no insured person has {masked(text)}.")
    return activation.user_for_person(person, number)
