"""The proof of the books: a list of small checks, each yielding what it finds wrong.

The mass tables have no foreign keys and the balances are kept, not computed: here both are proved from the rows
themselves. Every check is one or a few statements over whole tables; a person appears by her internal id alone.
"""

from dataclasses import dataclass

FIRST = 20

# The batches whose money comes line by line from files, and where those lines stand.
LINES = """
    SELECT person_id, batch_id, feed_row, to_account AS amount FROM contributions_contribution WHERE to_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, amount FROM accounts_takeover WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM accounts_benefitpayment WHERE from_account <> 0
"""
KINDS_OF_BATCH = {
    "contribution": ("contrib_ind", "contrib_emp"),
    "subsidy": ("subsidy",),
    "opening": ("opening",),
    "transfer_in": ("transfer_in",),
    "benefit": ("pension_payout", "medical_spend", "benefit_payout", "refund"),
}
# Entries of these kinds come from lines of files; the other kinds have batches of their own.
KINDS_FROM_LINES = tuple(kind for kinds in KINDS_OF_BATCH.values() for kind in kinds)


@dataclass(frozen=True)
class Finding:
    """What one check found wrong, as a sentence that names the offender."""

    check: str
    sentence: str


def _find(cursor, query, sentence, params=()):
    """Yield `sentence`, filled with the row's columns, for each of the first rows that `query` finds."""
    cursor.execute(f"SELECT * FROM ({query}) found LIMIT {FIRST}", params)
    names = [column.name for column in cursor.description]
    for row in cursor.fetchall():
        yield sentence.format(**dict(zip(names, row, strict=True)))


def balances_equal_entries(cursor):
    """Each account's balance, year and months follow from its entries; none is without the other."""
    yield from _find(
        cursor,
        """
        WITH proved AS (
            SELECT e.person_id, e.scheme, e.area_code, a.id, sum(e.amount) AS balance,
                sum(e.amount) FILTER (WHERE e.booked_month >= make_date(a.year, 1, 1)) AS current_year,
                min(e.booked_month) AS first, max(e.booked_month) AS last
            FROM accounts_entry e LEFT JOIN accounts_account a USING (person_id, scheme, area_code)
            GROUP BY 1, 2, 3, 4
        )
        SELECT coalesce(a.person_id, p.person_id) AS person_id, coalesce(a.scheme, p.scheme) AS scheme,
            coalesce(a.area_code, p.area_code) AS area_code, coalesce(a.balance::text, 'nothing') AS balance,
            coalesce(p.balance::text, 'nothing') AS proved, a.year, extract(year FROM p.last) AS proved_year
        FROM accounts_account a FULL JOIN proved p ON p.id = a.id
        WHERE (a.year, a.current_year, a.prior_years, a.opened_month, a.last_booked_month) IS DISTINCT FROM
            (extract(year FROM p.last), p.current_year, p.balance - p.current_year, p.first, p.last)
        """,
        "account of person {person_id}, {scheme} in {area_code}: it says {balance} ({year}), "
        "its entries come to {proved} ({proved_year})",
    )


def batches_sum_to_zero(cursor):
    """The entries and fund entries of each batch sum to zero."""
    yield from _find(
        cursor,
        """
        SELECT batch_id, source_ref, rest FROM (
            SELECT batch_id, sum(amount) AS rest FROM (
                SELECT batch_id, amount FROM accounts_entry UNION ALL SELECT batch_id, amount FROM accounts_fundentry
            ) sides GROUP BY batch_id HAVING sum(amount) <> 0
        ) s LEFT JOIN accounts_batch b ON b.id = s.batch_id
        """,
        "batch {batch_id} ({source_ref}): {rest} yuan are left over",
    )


def sides_fit_their_batch(cursor):
    """Both sides of a batch are of its scheme, area and month, and its entries of a kind that belongs there."""
    kinds = " ".join(f"WHEN '{batch}' THEN e.kind NOT IN {(*kinds, '')}" for batch, kinds in KINDS_OF_BATCH.items())
    yield from _find(
        cursor,
        f"""
        SELECT e.person_id, e.kind, e.amount, e.batch_id, b.source_ref
        FROM accounts_entry e LEFT JOIN accounts_batch b ON b.id = e.batch_id
        WHERE b.id IS NULL OR b.booked_month <> e.booked_month OR b.scheme <> e.scheme OR b.area_code <> e.area_code
            OR CASE b.kind {kinds} ELSE e.kind = ANY (%s) END
        """,
        "entry of person {person_id}, {kind} {amount}: it does not belong into batch {batch_id} ({source_ref})",
        [list(KINDS_FROM_LINES)],
    )
    yield from _find(
        cursor,
        """
        SELECT f.batch_id, b.source_ref, f.amount, a.kind FROM accounts_fundentry f
        LEFT JOIN accounts_batch b ON b.id = f.batch_id LEFT JOIN accounts_fundaccount a ON a.id = f.fund_account_id
        WHERE (b.scheme, b.area_code) IS DISTINCT FROM (a.scheme, a.area_code) OR b.id IS NULL
        """,
        "fund entry {amount} to {kind}: it does not belong into batch {batch_id} ({source_ref})",
    )


def lines_reach_the_accounts(cursor):
    """Each line of a file that moves money of an account has entries of that amount, and each such entry its line."""
    yield from _find(
        cursor,
        f"""
        SELECT person_id, batch_id, feed_row, sum(amount) AS rest FROM (
            {LINES}
            UNION ALL
            SELECT person_id, batch_id, feed_row, -amount FROM accounts_entry WHERE kind = ANY (%s)
        ) both_sides GROUP BY person_id, batch_id, feed_row HAVING sum(amount) <> 0
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: "
        "the line of the file and the entries differ by {rest} yuan",
        [list(KINDS_FROM_LINES)],
    )


def funds_hold_the_rest(cursor):
    """What the lines of a batch did not bring to accounts stands in fund entries, each on its right fund account."""
    yield from _find(
        cursor,
        """
        WITH paid AS (
            SELECT batch_id, sum(er_share + ind_share) AS paid, sum(subsidy) AS subsidy, sum(late_fee) AS late_fee,
                sum(to_account) AS to_account
            FROM contributions_contribution GROUP BY batch_id
        ), taken_over AS (
            SELECT batch_id, kind, sum(amount) AS amount, sum(pooled_amount) AS pooled_amount
            FROM accounts_takeover GROUP BY batch_id, kind
        ), spent AS (
            SELECT batch_id, sum(from_pool) AS from_pool, sum(from_account) AS from_account
            FROM accounts_benefitpayment GROUP BY batch_id
        ), side AS (
            SELECT batch_id, f.kind, f.amount FROM paid CROSS JOIN LATERAL (VALUES
                ('pooled', paid + subsidy - to_account), ('clearing', -paid - late_fee),
                ('state_subsidy', -subsidy), ('late_fees', late_fee)) f (kind, amount)
            UNION ALL
            SELECT batch_id, f.kind, f.amount FROM taken_over t CROSS JOIN LATERAL (VALUES
                ('pooled', pooled_amount),
                (CASE t.kind WHEN 'opening' THEN 'taken_over' ELSE 'transfers' END, -amount - pooled_amount)
            ) f (kind, amount)
            UNION ALL
            SELECT batch_id, f.kind, f.amount FROM spent CROSS JOIN LATERAL (VALUES
                ('pooled', -from_pool), ('benefits', from_pool + from_account)) f (kind, amount)
            UNION ALL
            SELECT f.batch_id, a.kind, -f.amount FROM accounts_fundentry f
            JOIN accounts_fundaccount a ON a.id = f.fund_account_id
            JOIN accounts_batch b ON b.id = f.batch_id AND b.kind = ANY (%s)
        )
        SELECT s.batch_id, b.source_ref, s.kind, s.rest FROM (
            SELECT batch_id, kind, sum(amount) AS rest FROM side GROUP BY batch_id, kind HAVING sum(amount) <> 0
        ) s LEFT JOIN accounts_batch b ON b.id = s.batch_id
        """,
        "batch {batch_id} ({source_ref}): its lines and its fund entries to {kind} differ by {rest} yuan",
        [list(KINDS_OF_BATCH)],
    )


def contributions_follow_their_rule(cursor):
    """Each contribution brought to the account what the rule it names says, and that rule is one of its month."""
    yield from _find(
        cursor,
        """
        SELECT c.person_id, c.slip_no, c.line, c.to_account, c.rule_id,
            account_share(base, er_share, er_rate, er_to_account, rounding_mode)
            + account_share(base, ind_share, ind_rate, ind_to_account, rounding_mode)
            + account_share(subsidy, subsidy, 1, subsidy_to_account, rounding_mode) AS due
        FROM contributions_contribution c LEFT JOIN contributions_contributionrule r ON r.id = c.rule_id
        WHERE CASE WHEN c.kind = 'transferred_in' THEN c.to_account <> 0 OR c.rule_id IS NOT NULL
            ELSE r.id IS NULL OR r.scheme <> c.scheme OR r.category <> c.category OR NOT r.period @> c.period
                OR c.to_account <> account_share(base, er_share, er_rate, er_to_account, rounding_mode)
                    + account_share(base, ind_share, ind_rate, ind_to_account, rounding_mode)
                    + account_share(subsidy, subsidy, 1, subsidy_to_account, rounding_mode) END
        """,
        "contribution of person {person_id}, slip {slip_no} line {line}: {to_account} went to the account, "
        "{due} by rule {rule_id}",
    )


def accounts_have_a_rule(cursor):
    """Personal accounts exist only where a rule that is or was in force routes money to them."""
    yield from _find(
        cursor,
        """
        WITH held AS MATERIALIZED (
            SELECT scheme, area_code, count(*) AS accounts FROM accounts_account GROUP BY 1, 2
        )
        SELECT * FROM held WHERE NOT account_possible(area_code, scheme)
        """,
        "{accounts} accounts of {scheme} in {area_code}: no rule routes money to them",
    )


def balances_are_not_negative(cursor):
    """No personal account is below zero."""
    yield from _find(
        cursor,
        "SELECT person_id, scheme, area_code, balance FROM accounts_account WHERE current_year + prior_years < 0",
        "account of person {person_id}, {scheme} in {area_code}: {balance}",
    )


PERSON, EMPLOYER = {"person_id": "registry_insuredperson"}, {"employer_id": "registry_employer"}
FILE, BATCH = {"feed_file_id": "registry_feedfile"}, {"batch_id": "accounts_batch"}
REFERENCES = {
    "contributions_assessment": PERSON | EMPLOYER | FILE,
    "contributions_contribution": PERSON | EMPLOYER | FILE | BATCH,
    "accounts_takeover": PERSON | FILE | BATCH,
    "accounts_benefitpayment": PERSON | FILE | BATCH,
    "accounts_batch": EMPLOYER | FILE,
    "accounts_account": PERSON,
}


def references_lead_somewhere(cursor):
    """Every person, employer, file and batch that a row names exists (the mass tables have no foreign keys)."""
    for table, targets in REFERENCES.items():
        lost = " OR ".join(f"{column} NOT IN (SELECT id FROM {target})" for column, target in targets.items())
        names = ", ".join(targets)
        told = ", ".join(f"{column} {{{column}}}" for column in targets)
        yield from _find(
            cursor,
            f"SELECT DISTINCT {names} FROM {table} WHERE {lost}",
            f"{table}: a row names {told}; one of them does not exist",
        )


def persons_resolve_in_one_step(cursor):
    """A person who was merged into another leads to one who was not."""
    yield from _find(
        cursor,
        """
        SELECT p.id, p.merged_into_id FROM registry_insuredperson p JOIN registry_insuredperson o
        ON o.id = p.merged_into_id WHERE o.merged_into_id IS NOT NULL
        """,
        "person {id} was merged into {merged_into_id}, who was merged too",
    )


def files_add_up(cursor):
    """What a file is said to have added is there; a file of new lines alone comes to its control total."""
    yield from _find(
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


def reversals_undo_one_entry(cursor):
    """A reversal names an entry that exists, and stands for the opposite amount on the same account."""
    yield from _find(
        cursor,
        """
        SELECT r.person_id, r.batch_id, r.line, r.by_batch_id FROM accounts_reversal r
        LEFT JOIN accounts_entry undone USING (person_id, booked_month, scheme, area_code, kind, batch_id, line)
        LEFT JOIN accounts_entry undoing ON undoing.person_id = r.person_id
            AND undoing.booked_month = r.by_booked_month AND undoing.scheme = r.scheme
            AND undoing.area_code = r.area_code AND undoing.kind = 'reversal'
            AND undoing.batch_id = r.by_batch_id AND undoing.line = r.by_line
        WHERE undone.amount + undoing.amount IS DISTINCT FROM 0 OR undone.period <> undoing.period
        UNION ALL
        SELECT e.person_id, e.batch_id, e.line, e.batch_id FROM accounts_entry e
        LEFT JOIN accounts_reversal r ON r.person_id = e.person_id AND r.by_batch_id = e.batch_id AND r.by_line = e.line
        WHERE e.kind = 'reversal' AND r.person_id IS NULL
        """,
        "person {person_id}: entry of batch {batch_id}, line {line}, and its reversal in batch {by_batch_id} differ",
    )


CHECKS = [
    balances_equal_entries,
    batches_sum_to_zero,
    sides_fit_their_batch,
    lines_reach_the_accounts,
    funds_hold_the_rest,
    contributions_follow_their_rule,
    accounts_have_a_rule,
    balances_are_not_negative,
    references_lead_somewhere,
    persons_resolve_in_one_step,
    files_add_up,
    reversals_undo_one_entry,
]
COUNTED = {
    "accounts": "accounts_account",
    "batches": "accounts_batch",
    "entries": "accounts_entry",
    "fund entries": "accounts_fundentry",
    "contributions": "contributions_contribution",
    "benefits": "accounts_benefitpayment",
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
