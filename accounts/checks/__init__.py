"""The proof of the books: a list of small checks, each yielding what it finds wrong.

The mass tables have no foreign keys and the balances are kept, not computed: here both are proved from the rows
themselves. Every check is one or a few statements over whole tables; a person appears by her internal id alone.
"""

from contextlib import nullcontext

from django.db import transaction

from . import corrections, hands, interest, ledger, lines, references, scans, statements, transfers
from .findings import FIRST, Finding
from .hands import Part

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
    references.contributions_lead_somewhere,
    references.persons_resolve_in_one_step,
    *corrections.CHECKS,
]
# Checks that read the same sums stay on one connection, which makes the sums. All others read the tables themselves.
BY_BATCH = (
    ledger.batches_sum_to_zero,
    ledger.sides_fit_their_batch,
    lines.lines_reach_the_accounts,
    lines.funds_hold_the_rest,
    lines.quotas_are_as_published,
    references.contributions_lead_somewhere,
    references.files_add_up,
)
BY_ACCOUNT = (
    ledger.balances_equal_entries,
    ledger.balances_go_on_from_the_statements,
    interest.interest_starts_from_the_balance,
    statements.statements_equal_entries,
)
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


def first_open_month(cursor):
    """The month since which some account's year is open: the first of January, or None where no year is closed."""
    cursor.execute(FIRST_OPEN)
    row = cursor.fetchone()
    return row and row[0]


def prove(cursor, **options):
    """The findings of `prove_and_count`; options as there."""
    return prove_and_count(cursor, **options)[0]


def prove_and_count(cursor, advance=lambda: None, *, checks=CHECKS, since=None, connections=1):
    """Run the checks (CHECKS, or RECENT with the month `since` which); return their findings and what they went over.

    At most 20 Findings of each check, in the order of the checks, and {what: number of rows}. `advance()` after each
    check. More than one connection asks for a transaction of REPEATABLE READ without savepoints, whose snapshot the
    others read. The caller rolls it back: nothing of the proof is to stay but what it says.
    """
    found, counts = {}, {}

    def run(check, cursor):
        if check is count:
            counts.update(count(cursor))
        else:
            name = check.__name__.replace("_", " ")
            first = zip(range(FIRST), check(cursor), strict=False)
            found[check] = [Finding(name, sentence) for _number, sentence in first]
            advance()

    def make_ready(cursor):
        scans.prepare(cursor, since)

    with transaction.atomic() if connections == 1 else nullcontext():
        hands.work(cursor, _parts(checks), run, make_ready, connections)
    return [finding for check in checks for finding in found[check]], counts


def _parts(checks):
    """What connections take one by one, the longest first."""
    summed = {*BY_BATCH, *BY_ACCOUNT}
    return [
        Part((*(check for check in checks if check in BY_BATCH), count), scans.by_batch),
        Part(tuple(check for check in checks if check in BY_ACCOUNT), scans.by_account),
        *(Part((check,)) for check in checks if check not in summed),
    ]


def count(cursor):
    """{what: number of rows} of what the checks go over; after `scans.by_batch`."""
    cursor.execute("SELECT " + ", ".join(f"({question})" for question in COUNTED.values()))
    return dict(zip(COUNTED, cursor.fetchone(), strict=True))
