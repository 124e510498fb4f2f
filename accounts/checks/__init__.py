"""The proof of the books: a list of small checks, each yielding what it finds wrong.

The mass tables have no foreign keys and the balances are kept, not computed: here both are proved from the rows
themselves. Every check is one or a few statements over whole tables; a person appears by her internal id alone.
"""

from . import interest, ledger, lines, references, statements
from .findings import FIRST, Finding

CHECKS = [*ledger.CHECKS, *lines.CHECKS, *references.CHECKS, *interest.CHECKS, *statements.CHECKS]
COUNTED = {
    "accounts": "accounts_account",
    "batches": "accounts_batch",
    "entries": "accounts_entry",
    "fund entries": "accounts_fundentry",
    "contributions": "contributions_contribution",
    "benefits": "accounts_benefitpayment",
    "interest credits": "accounts_interestcredit",
    "statements": "accounts_statement",
}


def prove(cursor, advance=lambda check: None):
    """Run every check and return the findings, at most 20 of each; `advance(check)` is called after each."""
    cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
    findings = []
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        findings += [Finding(name, sentence) for _number, sentence in zip(range(FIRST), check(cursor), strict=False)]
        advance(name)
    return findings


def count(cursor):
    """{what: number of rows} of what the checks went over."""
    cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in COUNTED.values()))
    return dict(zip(COUNTED, cursor.fetchone(), strict=True))
