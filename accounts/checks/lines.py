"""Every line of a file reached its account and its fund, by its rule."""

from .findings import FIRST, found
from .kinds import FROM_LINES
from .scans import PLACE, PLACES, PRINT

CONTRIBUTIONS = """
    SELECT person_id, batch_id, feed_row, to_account AS amount FROM proving_contribution WHERE to_account <> 0
"""
# The other batches whose money comes line by line from files, and where those lines stand.
OTHER_LINES = """
    SELECT person_id, batch_id, feed_row, amount FROM proving_takeover WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM proving_benefit WHERE from_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, amount FROM proving_movement WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM proving_spending WHERE from_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -amount FROM proving_closure WHERE amount <> 0
"""
# What the lines of each batch must have brought to each kind of fund account.
RECEIVED_SIDES = """
    SELECT batch_id, f.kind, f.amount FROM proof_received CROSS JOIN LATERAL (VALUES
        ('pooled', paid + subsidy - to_account), ('clearing', -paid - late_fee),
        ('state_subsidy', -subsidy), ('late_fees', late_fee)) f (kind, amount)
"""
OTHER_SIDES = """
    SELECT batch_id, f.kind, f.amount FROM (
        SELECT batch_id, kind, sum(amount) AS amount, sum(pooled_amount) AS pooled_amount
        FROM proving_takeover GROUP BY batch_id, kind
    ) t CROSS JOIN LATERAL (VALUES
        ('pooled', pooled_amount),
        (CASE t.kind WHEN 'opening' THEN 'taken_over' ELSE 'transfers' END, -amount - pooled_amount)
    ) f (kind, amount)
    UNION ALL
    SELECT batch_id, f.kind, f.amount FROM (
        SELECT batch_id, sum(from_pool) AS from_pool, sum(from_account) AS from_account FROM (
            SELECT batch_id, from_pool, from_account FROM proving_benefit
            UNION ALL
            SELECT batch_id, from_pool, from_account FROM proving_spending
            UNION ALL
            SELECT batch_id, 0, amount FROM proving_closure
        ) line GROUP BY batch_id
    ) spent CROSS JOIN LATERAL (VALUES ('pooled', -from_pool), ('benefits', from_pool + from_account)) f (kind, amount)
    UNION ALL
    SELECT batch_id, CASE kind
            WHEN 'refund' THEN 'benefits' WHEN 'transfer_out' THEN 'transfers' WHEN 'manual' THEN 'adjustments'
            ELSE 'pooled' END, pooled_amount - amount
    FROM proving_movement
    UNION ALL
    SELECT batch_id, 'pooled', -pooled_amount FROM proving_movement
"""
# The same of contributions as one number, each kind in its place.
RECEIVED_PLACED = f"""
    (paid + subsidy - to_account) * {PLACES["pooled"]} - (paid + late_fee) * {PLACES["clearing"]}
    - subsidy * {PLACES["state_subsidy"]} + late_fee * {PLACES["late_fees"]}
"""


def lines_reach_the_accounts(cursor):
    """Each line of a file that moves money of an account has entries of that amount, and each such entry its line."""
    cursor.execute(
        f"""
        SELECT batch_id FROM (
            SELECT batch_id, print FROM proof_received
            UNION ALL
            SELECT batch_id, {PRINT.format(amount="amount")} FROM ({OTHER_LINES}) l GROUP BY batch_id
            UNION ALL
            SELECT batch_id, -print FROM proof_posted WHERE batch_kind = ANY (%s)
        ) both_sides GROUP BY batch_id HAVING sum(print) <> 0 LIMIT {FIRST}
        """,
        [list(FROM_LINES)],
    )
    suspects = [batch_id for (batch_id,) in cursor.fetchall()]
    if suspects:
        yield from _lines_and_entries_of(cursor, suspects)


def _lines_and_entries_of(cursor, batch_ids):
    yield from found(
        cursor,
        f"""
        SELECT person_id, batch_id, feed_row, sum(amount) AS rest FROM (
            SELECT * FROM ({CONTRIBUTIONS} UNION ALL {OTHER_LINES}) l WHERE batch_id = ANY (%s)
            UNION ALL
            SELECT person_id, batch_id, feed_row, -amount FROM proving_entry WHERE batch_id = ANY (%s)
        ) both_sides GROUP BY person_id, batch_id, feed_row HAVING sum(amount) <> 0
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: "
        "the line of the file and the entries differ by {rest} yuan",
        [batch_ids, batch_ids],
    )


def funds_hold_the_rest(cursor):
    """What the lines of a batch did not bring to accounts stands in fund entries, each on its right fund account."""
    cursor.execute(
        f"""
        SELECT batch_id FROM (
            SELECT batch_id, {RECEIVED_PLACED} AS placed FROM proof_received
            UNION ALL
            SELECT batch_id, amount * {PLACE.format("kind")} FROM ({OTHER_SIDES}) other
            UNION ALL
            SELECT batch_id, -placed FROM proof_funded WHERE batch_kind = ANY (%s)
        ) both_sides GROUP BY batch_id HAVING sum(placed) <> 0 LIMIT {FIRST}
        """,
        [list(FROM_LINES)],
    )
    suspects = [batch_id for (batch_id,) in cursor.fetchall()]
    if suspects:
        yield from _funds_of(cursor, suspects)


def _funds_of(cursor, batch_ids):
    yield from found(
        cursor,
        f"""
        SELECT s.batch_id, b.source_ref, s.kind, sum(s.amount) AS rest FROM (
            {RECEIVED_SIDES}
            UNION ALL
            {OTHER_SIDES}
            UNION ALL
            SELECT f.batch_id, a.kind, -f.amount FROM proving_fundentry f
            LEFT JOIN accounts_fundaccount a ON a.id = f.fund_account_id
            JOIN accounts_batch b ON b.id = f.batch_id AND b.kind = ANY (%s)
        ) s LEFT JOIN accounts_batch b ON b.id = s.batch_id
        WHERE s.batch_id = ANY (%s) GROUP BY s.batch_id, b.source_ref, s.kind HAVING sum(s.amount) <> 0
        """,
        "batch {batch_id} ({source_ref}): its lines and its fund entries to {kind} differ by {rest} yuan",
        [list(FROM_LINES), batch_ids],
    )


def contributions_follow_their_rule(cursor):
    """Each contribution brought to the account what the rule it names says, and that rule is one of its month."""
    yield from found(
        cursor,
        """
        WITH rule AS MATERIALIZED (
            SELECT id, scheme, category, coalesce(lower(period), '-infinity') AS since,
                CASE WHEN isempty(period) THEN '-infinity' ELSE coalesce(upper(period), 'infinity') END AS until,
                er_rate, er_to_account, ind_rate, ind_to_account, subsidy_to_account, rounding_mode,
                er_to_account = 0 AS er_pooled, er_to_account = coalesce(er_rate, 1) AS er_whole,
                ind_to_account = 0 AS ind_pooled, ind_to_account = coalesce(ind_rate, 1) AS ind_whole,
                subsidy_to_account = 0 AS subsidy_pooled, subsidy_to_account = 1 AS subsidy_whole
            FROM contributions_contributionrule
        ), priced AS (
            SELECT c.*, r.id AS known, r.scheme AS of_scheme, r.category AS of_category, since, until,
                CASE WHEN er_pooled THEN 0 WHEN er_whole THEN er_share
                    ELSE account_share(base, er_share, er_rate, er_to_account, rounding_mode) END
                + CASE WHEN ind_pooled THEN 0 WHEN ind_whole THEN ind_share
                    ELSE account_share(base, ind_share, ind_rate, ind_to_account, rounding_mode) END
                + CASE WHEN subsidy_pooled THEN 0 WHEN subsidy_whole THEN subsidy
                    ELSE account_share(subsidy, subsidy, 1, subsidy_to_account, rounding_mode) END AS due
            FROM proving_contribution c LEFT JOIN rule r ON r.id = c.rule_id
        )
        SELECT person_id, slip_no, line, to_account, rule_id, due FROM priced
        WHERE CASE WHEN kind = 'transferred_in' THEN to_account <> 0 OR rule_id IS NOT NULL
            ELSE known IS NULL OR of_scheme <> scheme OR of_category <> category OR period < since OR period >= until
                OR to_account <> due END
        """,
        "contribution of person {person_id}, slip {slip_no} line {line}: {to_account} went to the account, "
        "{due} by rule {rule_id}",
    )


def quotas_follow_their_rule(cursor):
    """Each allocation from the pooled fund names a rule of its month that gives the account a quota."""
    yield from found(
        cursor,
        """
        SELECT e.person_id, e.batch_id, e.feed_row, e.amount, e.rule_id
        FROM proving_entry e LEFT JOIN contributions_contributionrule r ON r.id = e.rule_id
        WHERE e.kind = 'pool_allocation'
            AND (r.id IS NULL OR NOT r.pool_quota OR r.scheme <> e.scheme OR NOT r.period @> e.period)
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: {amount} from the pooled fund, "
        "but rule {rule_id} gives no quota then",
    )


CHECKS = [
    lines_reach_the_accounts,
    funds_hold_the_rest,
    contributions_follow_their_rule,
    quotas_follow_their_rule,
]
