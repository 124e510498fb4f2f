"""What the rows name exists, and files come to their control totals."""

from .findings import found
from .scans import VIEWS

PERSON, EMPLOYER = {"person_id": "registry_insuredperson"}, {"employer_id": "registry_employer"}
FILE, BATCH = {"feed_file_id": "registry_feedfile"}, {"batch_id": "accounts_batch"}
REFERENCES = {
    "proving_assessment": PERSON | EMPLOYER | FILE,
    "proving_contribution": PERSON,
    "proving_takeover": PERSON | FILE | BATCH,
    "proving_benefit": PERSON | FILE | BATCH,
    "proving_movement": PERSON | FILE | BATCH,
    "proving_spending": PERSON | FILE | BATCH,
    "proving_closure": PERSON | FILE | BATCH,
    "accounts_transfer": PERSON,
    "accounts_transferevent": PERSON | FILE,
    "proving_batch": EMPLOYER | FILE,
    "accounts_interestcredit": PERSON | BATCH,
    "accounts_statement": PERSON,
    "accounts_account": PERSON,
    "accounts_correction": PERSON,
}

# The kinds of files whose lines are history and stay as they came.
WITH_LINES = ["employer_contributions", "personal_contributions", "subsidies", "assessments", "openings", "benefits"]
WITH_LINES += ["account_movements", "spending", "closures", "transfers"]


def references_lead_somewhere(cursor):
    """Every person, employer, file and batch that a row names exists (the mass tables have no foreign keys)."""
    for table, targets in REFERENCES.items():
        yield from _lost(cursor, table, targets)


def contributions_lead_somewhere(cursor):
    """So does every employer, file and batch that a contribution names."""
    yield from _lost(cursor, "proof_received", EMPLOYER | FILE | BATCH)


def _lost(cursor, table, targets):
    """What rows of a table name, {column: table it leads to}, and what does not exist."""
    lost = " OR ".join(
        f"{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {target} t WHERE t.id = r.{column})"
        for column, target in targets.items()
    )
    names = ", ".join(targets)
    told = ", ".join(f"{column} {{{column}}}" for column in targets)
    yield from found(
        cursor,
        f"SELECT DISTINCT {names} FROM {table} r WHERE {lost}",
        f"{_table_of(table)}: a row names {told}; one of them does not exist",
    )


def _table_of(view):
    return VIEWS[view][0] if view in VIEWS else {"proof_received": "contributions_contribution"}.get(view, view)


def persons_resolve_in_one_step(cursor):
    """A person who was merged into another leads to one who was not."""
    yield from found(
        cursor,
        """
        SELECT p.id, p.merged_into_id FROM registry_insuredperson p JOIN registry_insuredperson o
        ON o.id = p.merged_into_id WHERE o.merged_into_id IS NOT NULL
        """,
        "person {id} was merged into {merged_into_id}, who was merged too",
    )


def files_add_up(cursor):
    """What a file is said to have added is there; a file of new lines alone comes to its control total."""
    yield from found(
        cursor,
        """
        WITH line AS (
            SELECT feed_file_id, sum(lines) AS lines, sum(paid + subsidy + late_fee) AS total
            FROM proof_received GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(er_share + ind_share) FROM proving_assessment GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(amount + pooled_amount) FROM proving_takeover GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(from_pool + from_account) FROM proving_benefit
            GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(amount + pooled_amount) FROM proving_movement GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(from_pool + from_account) FROM proving_spending GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(amount) FROM proving_closure GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), NULL FROM accounts_transferevent GROUP BY feed_file_id
        )
        SELECT f.id, f.name, f.added, f.total, coalesce(l.lines, 0) AS lines, coalesce(l.total, 0) AS sum
        FROM registry_feedfile f LEFT JOIN line l ON l.feed_file_id = f.id
        WHERE f.state = 'loaded' AND f.kind = ANY (%s)
            AND (f.added <> coalesce(l.lines, 0) OR f.already_there = 0 AND f.total <> coalesce(l.total, 0))
        """,
        "file {id} ({name}): {added} lines and {total} yuan by its record, {lines} lines and {sum} yuan are there",
        [WITH_LINES],
    )


CHECKS = [
    references_lead_somewhere,
    contributions_lead_somewhere,
    persons_resolve_in_one_step,
    files_add_up,
]
