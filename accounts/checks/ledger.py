"""The ledger proves itself: balances, batches, reversals."""

from .findings import found
from .kinds import KINDS_OF_BATCH, NEVER_RIGHT


def balances_equal_entries(cursor):
    """Each account's balance, year and months follow from its entries; none is without the other."""
    yield from found(
        cursor,
        """
        WITH proved AS (
            SELECT h.person_id, h.scheme, h.area_code, a.id, sum(h.amount) AS balance,
                sum(h.amount) FILTER (WHERE h.year >= a.year) AS current_year,
                min(h.first) AS first, max(h.last) AS last
            FROM proof_held h LEFT JOIN accounts_account a USING (person_id, scheme, area_code)
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


def balances_go_on_from_the_statements(cursor):
    """Each account's balance is the closing of its last statement and what was booked since; in place of the above."""
    yield from found(
        cursor,
        """
        WITH since AS (
            SELECT h.person_id, h.scheme, h.area_code, sum(h.amount) AS moved,
                sum(h.amount) FILTER (WHERE h.year >= a.year) AS current_year, max(h.last) AS last
            FROM proof_held h LEFT JOIN accounts_account a USING (person_id, scheme, area_code)
            GROUP BY 1, 2, 3
        )
        SELECT person_id, scheme, area_code, coalesce(a.balance::text, 'nothing') AS balance,
            coalesce(o.closing::text, 'nothing') AS closing, coalesce(s.moved, 0) AS moved
        FROM accounts_account a
        FULL JOIN since s USING (person_id, scheme, area_code)
        FULL JOIN proving_opening o USING (person_id, scheme, area_code)
        WHERE a.balance IS DISTINCT FROM coalesce(o.closing, 0) + coalesce(s.moved, 0)
            OR s.last IS NOT NULL
                AND (a.year, a.current_year, a.last_booked_month) <> (extract(year FROM s.last), s.current_year, s.last)
        """,
        "account of person {person_id}, {scheme} in {area_code}: it says {balance}, its last statement {closing}, "
        "and what was booked since comes to {moved}",
    )


def batches_sum_to_zero(cursor):
    """The entries and fund entries of each batch sum to zero."""
    yield from found(
        cursor,
        """
        SELECT batch_id, source_ref, rest FROM (
            SELECT batch_id, sum(amount) AS rest FROM (
                SELECT batch_id, amount FROM proof_posted UNION ALL SELECT batch_id, amount FROM proving_fundentry
            ) sides WHERE batch_id IN (SELECT batch_id FROM proof_suspect) GROUP BY batch_id HAVING sum(amount) <> 0
        ) s LEFT JOIN accounts_batch b ON b.id = s.batch_id
        """,
        "batch {batch_id} ({source_ref}): {rest} yuan are left over",
    )


def sides_fit_their_batch(cursor):
    """Both sides of a batch are of its scheme, area and month, and its entries of a kind that belongs there."""
    kinds = " ".join(f"WHEN '{batch}' THEN e.kind NOT IN {(*kinds, '')}" for batch, kinds in KINDS_OF_BATCH.items())
    yield from found(
        cursor,
        f"""
        SELECT e.entries, e.kind, e.amount, e.batch_id, b.source_ref
        FROM proof_posted e LEFT JOIN accounts_batch b ON b.id = e.batch_id
        WHERE b.id IS NULL OR b.booked_month <> e.booked_month OR b.scheme <> e.scheme OR b.area_code <> e.area_code
            OR CASE b.kind {kinds} WHEN 'manual' THEN e.kind IN {NEVER_RIGHT} ELSE TRUE END
        """,
        "{entries} entries of kind {kind}, {amount} yuan: they do not belong into batch {batch_id} ({source_ref})",
    )
    yield from found(
        cursor,
        """
        SELECT f.batch_id, b.source_ref, f.amount, a.kind FROM proving_fundentry f
        LEFT JOIN accounts_batch b ON b.id = f.batch_id LEFT JOIN accounts_fundaccount a ON a.id = f.fund_account_id
        WHERE f.batch_id IN (SELECT batch_id FROM proof_suspect)
            AND ((b.scheme, b.area_code) IS DISTINCT FROM (a.scheme, a.area_code) OR b.id IS NULL)
        """,
        "fund entry {amount} to {kind}: it does not belong into batch {batch_id} ({source_ref})",
    )


def balances_are_not_negative(cursor):
    """No personal account is below zero."""
    yield from found(
        cursor,
        "SELECT person_id, scheme, area_code, balance FROM accounts_account WHERE current_year + prior_years < 0",
        "account of person {person_id}, {scheme} in {area_code}: {balance}",
    )


def accounts_have_a_rule(cursor):
    """Personal accounts exist only where a rule that is or was in force routes money to them."""
    yield from found(
        cursor,
        """
        WITH held AS MATERIALIZED (
            SELECT scheme, area_code, count(*) AS accounts FROM accounts_account GROUP BY 1, 2
        )
        SELECT * FROM held WHERE NOT account_possible(area_code, scheme)
        """,
        "{accounts} accounts of {scheme} in {area_code}: no rule routes money to them",
    )


def reversals_undo_one_entry(cursor):
    """A reversal names an entry that exists, and stands for the opposite amount on the same account."""
    yield from found(
        cursor,
        """
        SELECT r.person_id, r.batch_id, r.line, r.by_batch_id FROM proving_reversal r
        LEFT JOIN accounts_entry undone USING (person_id, booked_month, scheme, area_code, kind, batch_id, line)
        LEFT JOIN proving_entry undoing ON undoing.person_id = r.person_id
            AND undoing.booked_month = r.by_booked_month AND undoing.scheme = r.scheme
            AND undoing.area_code = r.area_code AND undoing.kind = 'reversal'
            AND undoing.batch_id = r.by_batch_id AND undoing.line = r.by_line
        WHERE undone.amount + undoing.amount IS DISTINCT FROM 0 OR undone.period <> undoing.period
        UNION ALL
        SELECT e.person_id, e.batch_id, e.line, e.batch_id FROM proving_entry e
        LEFT JOIN proving_reversal r ON r.person_id = e.person_id AND r.by_batch_id = e.batch_id AND r.by_line = e.line
        WHERE e.kind = 'reversal' AND r.person_id IS NULL
        """,
        "person {person_id}: entry of batch {batch_id}, line {line}, and its reversal in batch {by_batch_id} differ",
    )


CHECKS = [
    balances_equal_entries,
    batches_sum_to_zero,
    sides_fit_their_batch,
    balances_are_not_negative,
    accounts_have_a_rule,
    reversals_undo_one_entry,
]
