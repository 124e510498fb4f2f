"""The second wall: which rows of which table the web role sees, whatever a page asks. Built by `manage.py grant_roles`.

The policies compare each row with the open inquiry that the transaction names (inquiries/wall_functions.py): without
one there are no rows of anybody. The job and the read role stand before no wall (docs/roles.sql), nor does the owner.
A table with a column that names a person has a wall here, or a reason why it needs none (tests/portal/test_walls.py).
"""

import hashlib

from django.apps import apps
from django.db import connection

from accounts import wall_functions as of_accounts
from contributions import wall_functions as of_contributions
from inquiries import look_guards as of_looks
from inquiries import wall_functions as of_inquiries

# Each function stands in a sub-select of its own: carried out once per statement, and only where it is needed.
OF_THE_BOOKS = "(SELECT inquiry_books()) IS NOT NULL"
OF_THE_EMPLOYER = "employer_id = (SELECT inquiry_employer())"


def hers(column="person_id"):
    return f"{column} = ANY ((SELECT inquiry_persons())::bigint[])"


def rows(condition):
    """A wall for reading and writing alike."""
    return {"wall": f"USING ({condition})"}


PERSON = rows(hers())
BOOKED = rows(f"{hers()} OR {OF_THE_BOOKS}")
PAID_IN = rows(f"{hers()} OR {OF_THE_EMPLOYER} OR {OF_THE_BOOKS}")
# A row of the log is written in the name of the open inquiry alone: its user, its employer, and its person where it
# has one. Auditors read the log with the books, a visit's clerk what was shown during it. What a legal order of secrecy
# delays is not read before its day.
DELAYED = "inquiry_id = ANY ((SELECT delayed_inquiries())::bigint[])"
IN_ITS_NAME = (
    "ARRAY[inquiry_id, user_id] = (SELECT inquiry_key())"
    " AND employer_id IS NOT DISTINCT FROM (SELECT inquiry_employer())"
)
LOOKED = {
    "wall": f"FOR SELECT USING ({hers()} AND NOT {DELAYED} OR (SELECT inquiry_books()) = 'auditor'"
    " OR visit_id = (SELECT inquiry_visit()))",
    "wall_write": f"FOR INSERT WITH CHECK ({IN_ITS_NAME} AND ((SELECT inquiry_persons()) IS NULL OR {hers()}))",
}

WALLS = {
    "registry": {
        "InsuredPerson": rows(f"{hers('id')} OR {OF_THE_BOOKS}"),
        "Identifier": BOOKED,
        "Card": PERSON,
        "EmploymentSpell": PERSON,
        "Enrolment": PERSON,
        "EnrolmentEvent": rows("enrolment_id = ANY ((SELECT inquiry_enrolments())::bigint[])"),
        "Flag": PERSON,
        "VocationalSkill": PERSON,
        "UnemploymentRegistration": PERSON,
        "WorkInjury": PERSON,
        "OccupationalDisease": PERSON,
        "Disability": PERSON,
    },
    "inquiries": {"AccessLog": LOOKED, "LookQuestion": BOOKED, "DelayedDisplay": rows(OF_THE_BOOKS)},
    "contributions": {"Assessment": PAID_IN, "Contribution": PAID_IN},
    "accounts": {
        "Account": PERSON,
        "Entry": BOOKED,
        "Reversal": BOOKED,
        "BenefitPayment": BOOKED,
        "Takeover": BOOKED,
        "Movement": BOOKED,
        "Spending": BOOKED,
        "Closure": BOOKED,
        "Transfer": PERSON,
        "TransferEvent": PERSON,
        "Correction": PERSON,
        "CorrectionLine": rows("correction_id = ANY ((SELECT inquiry_corrections())::bigint[])"),
        "SealedLeaf": PERSON,
        "LogLeaf": PERSON,
        "InterestCredit": BOOKED,
        "Statement": PERSON,
    },
}
WITHOUT_WALL = {
    "User": "Whoever signs in is found by the keyed hash of number and door, before there is an inquiry.",
    "Inquiry": "It is what the wall compares with; its token opens it, and only to the user who opened it.",
    "Mandate": "A proxy finds it by the key she signs in with, a second clerk by its visit, before an inquiry.",
    "Notice": "The inbox is read without an inquiry, by its owner's key alone; it names no personal number.",
    "PhoneCode": "The 12333 desk enters it before there is an inquiry; it holds a hash, and nothing of the record.",
    "Visit": "The clerk's own day, before and after the inquiry; it is listed by number and purpose.",
}

FUNCTIONS = [
    *of_inquiries.FUNCTIONS,
    *of_looks.FUNCTIONS,
    *of_looks.COUNT,
    *of_contributions.FUNCTIONS,
    *of_accounts.FUNCTIONS,
]
VIEWS = ["merged_person"]
WEB, EVERYBODY = "portal_web", "portal_web, portal_job, portal_read"
# Without this the job role would find empty tables, and a proof of the books nothing to prove.
HELD_UP = """
SELECT rolname FROM pg_roles WHERE rolname IN ('portal_job', 'portal_read') AND NOT rolbypassrls AND NOT rolsuper
"""
STANDING = """
SELECT c.relname, p.polname, CASE WHEN c.relrowsecurity THEN obj_description(p.oid, 'pg_policy') END
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'public'::regnamespace
"""


class RolesOutOfDate(Exception):
    """The job or the read role stands before the wall; docs/roles.sql was not run for this release."""


def tables():
    """{table: {policy: its clauses}} of every table behind the wall."""
    return {
        apps.get_model(app, name)._meta.db_table: policies
        for app, models in WALLS.items()
        for name, policies in models.items()
    }


def standing():
    """{table: {policy: digest of its clauses}} as the database has it."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        for table, policy, digest in cursor.fetchall():
            found.setdefault(table, {})[policy] = digest
    return found


def planned():
    """{table: {policy: digest of its clauses}} as the list above wants it."""
    return {
        table: {name: _digest(clauses) for name, clauses in policies.items()} for table, policies in tables().items()
    }


def apply():
    """Build what differs, as the owner of the tables: a wall that stands is not touched, so nobody waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_UP)
        held_up = [role for (role,) in cursor.fetchall()]
        if held_up:
            raise RolesOutOfDate(", ".join(held_up))
        cursor.execute("; ".join(_statements()))


def _statements():
    for function in FUNCTIONS:
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {WEB}"
    for view in VIEWS:
        yield f"GRANT SELECT ON {view} TO {EVERYBODY}"
    before, wanted = standing(), planned()
    for table, policies in tables().items():
        if before.get(table) == wanted[table]:
            continue
        for name in before.get(table, {}):
            yield f'DROP POLICY "{name}" ON "{table}"'
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        for name, clauses in policies.items():
            yield f'CREATE POLICY "{name}" ON "{table}" {clauses}'
            yield f'COMMENT ON POLICY "{name}" ON "{table}" IS \'{wanted[table][name]}\''


def _digest(clauses):
    return hashlib.sha256(clauses.encode()).hexdigest()
