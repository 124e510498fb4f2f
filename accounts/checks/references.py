"""What the rows name exists, and files come to their control totals."""

from .findings import found

PERSON, EMPLOYER = {"person_id": "registry_insuredperson"}, {"employer_id": "registry_employer"}
FILE, BATCH = {"feed_file_id": "registry_feedfile"}, {"batch_id": "accounts_batch"}
REFERENCES = {
    "contributions_assessment": PERSON | EMPLOYER | FILE,
    "contributions_contribution": PERSON | EMPLOYER | FILE | BATCH,
    "accounts_takeover": PERSON | FILE | BATCH,
    "accounts_benefitpayment": PERSON | FILE | BATCH,
    "accounts_batch": EMPLOYER | FILE,
    "accounts_interestcredit": PERSON | BATCH,
    "accounts_statement": PERSON,
    "accounts_account": PERSON,
}


def references_lead_somewhere(cursor):
    """Every person, employer, file and batch that a row names exists (the mass tables have no foreign keys)."""
    for table, targets in REFERENCES.items():
        lost = " OR ".join(f"{column} NOT IN (SELECT id FROM {target})" for column, target in targets.items())
        names = ", ".join(targets)
        told = ", ".join(f"{column} {{{column}}}" for column in targets)
        yield from found(
            cursor,
            f"SELECT DISTINCT {names} FROM {table} WHERE {lost}",
            f"{table}: a row names {told}; one of them does not exist",
        )


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
            SELECT feed_file_id, count(*) AS lines, sum(er_share + ind_share + subsidy + late_fee) AS total
            FROM contributions_contribution GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(er_share + ind_share) FROM contributions_assessment GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(amount + pooled_amount) FROM accounts_takeover GROUP BY feed_file_id
            UNION ALL
            SELECT feed_file_id, count(*), sum(from_pool + from_account) FROM accounts_benefitpayment
            GROUP BY feed_file_id
        )
        SELECT f.id, f.name, f.added, f.total, coalesce(l.lines, 0) AS lines, coalesce(l.total, 0) AS sum
        FROM registry_feedfile f LEFT JOIN line l ON l.feed_file_id = f.id
        WHERE f.state = 'loaded' AND f.kind = ANY (%s)
            AND (f.added <> coalesce(l.lines, 0) OR f.already_there = 0 AND f.total <> coalesce(l.total, 0))
        """,
        "file {id} ({name}): {added} lines and {total} yuan by its record, {lines} lines and {sum} yuan are there",
        [["employer_contributions", "personal_contributions", "subsidies", "assessments", "openings", "benefits"]],
    )


CHECKS = [
    references_lead_somewhere,
    persons_resolve_in_one_step,
    files_add_up,
]
