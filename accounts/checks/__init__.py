"""The proof of the books: a list of small checks, each yielding what it finds wrong.

The mass tables have no foreign keys and the balances are kept, not computed: here both are proved from the rows
themselves. Every check is one or a few statements over whole tables; a person appears by her internal id alone.
"""

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


def prove(cursor, advance=lambda check: None, *, is_prepared=False):
    """Run every check and return the findings, at most 20 of each; `advance(check)` is called after each.

    `is_prepared`: `prepare` was called in this session, before a transaction that may only read.
    """
    if not is_prepared:
        prepare(cursor)
    cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
    scans.scan(cursor)
    advance("the mass tables")
    findings = []
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        findings += [Finding(name, sentence) for _number, sentence in zip(range(FIRST), check(cursor), strict=False)]
        advance(name)
    return findings


def count(cursor):
    """{what: number of rows} of what the checks went over; after `prove`, in its transaction."""
    cursor.execute("SELECT " + ", ".join(f"({question})" for question in COUNTED.values()))
    return dict(zip(COUNTED, cursor.fetchone(), strict=True))
