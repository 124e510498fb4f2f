"""The proof of the books: a list of small checks, each yielding what it finds wrong.

The mass tables have no foreign keys and the balances are kept, not computed: here both are proved from the rows
themselves. Every check is one or a few statements over whole tables; a person appears by her internal id alone.
"""

from django.db import transaction

from . import corrections, interest, ledger, lines, references, scans, statements, transfers
from .findings import FIRST, Finding

CHECKS = [
    *ledger.CHECKS,
    *lines.CHECKS,
    *references.CHECKS,
    *transfers.CHECKS,
    *corrections.CHECKS,
    *interest.CHECKS,
    *statements.CHECKS,
]
# Over what was booked since the last closed year: the statements stand for what was before.
RECENT = [
    ledger.balances_go_on_from_the_statements,
    *(check for check in ledger.CHECKS if check is not ledger.balances_equal_entries),
    *lines.CHECKS,
    references.references_lead_somewhere,
    references.persons_resolve_in_one_step,
    *corrections.CHECKS,
]
FIRST_OPEN = """
SELECT make_date(min(coalesce(year, 0)) + 1, 1, 1) FROM (SELECT DISTINCT scheme, area_code FROM accounts_account) held
LEFT JOIN (SELECT scheme, area_code, max(year) AS year FROM accounts_closedyear GROUP BY 1, 2) closed
USING (scheme, area_code) HAVING min(coalesce(year, 0)) > 0
"""
COUNTED = {
    "accounts": "SELECT count(*) FROM accounts_account",
    "batches": "SELECT count(*) FROM proving_batch",
    "entries": "SELECT coalesce(sum(entries), 0)::bigint FROM proof_posted",
    "fund entries": "SELECT count(*) FROM proving_fundentry",
    "contributions": "SELECT coalesce(sum(lines), 0)::bigint FROM proof_received",
    "benefits": "SELECT count(*) FROM proving_benefit",
    "movements": "SELECT count(*) FROM proving_movement",
    "spending": "SELECT count(*) FROM proving_spending",
    "corrections": "SELECT count(*) FROM accounts_correction",
    "interest credits": "SELECT count(*) FROM accounts_interestcredit",
    "statements": "SELECT count(*) FROM accounts_statement",
}


def prepare(cursor, since=None):
    """Make ready what the proof needs in this session: over everything, or over what was booked since a month."""
    scans.prepare(cursor, since)


def first_open_month(cursor):
    """The month since which some account's year is open: the first of January, or None where no year is closed."""
    cursor.execute(FIRST_OPEN)
    row = cursor.fetchone()
    return row and row[0]


def prove(cursor, advance=lambda check: None, *, checks=None, is_prepared=False):
    """Run the checks (all of them, or RECENT) and return the findings, at most 20 of each; `advance(check)` after each.

    `is_prepared`: `prepare` was called in this session, before a transaction that may only read.
    """
    if not is_prepared:
        prepare(cursor)
    findings = []
    with transaction.atomic():
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
        scans.scan(cursor)
        advance("the mass tables")
        for check in CHECKS if checks is None else checks:
            name = check.__name__.replace("_", " ")
            found = zip(range(FIRST), check(cursor), strict=False)
            findings += [Finding(name, sentence) for _number, sentence in found]
            advance(name)
    return findings


def count(cursor):
    """{what: number of rows} of what the checks went over; after `prove`, in its transaction."""
    cursor.execute("SELECT " + ", ".join(f"({question})" for question in COUNTED.values()))
    return dict(zip(COUNTED, cursor.fetchone(), strict=True))
