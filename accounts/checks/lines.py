"""Every line of a file reached its account and its fund, by its rule."""

from accounts.quotas import A_TWELFTH, AGE, QUOTAS_REACHING

from .findings import FIRST, found
from .kinds import FROM_LINES
from .scans import PRINT

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
FUND_SIDES = """
    SELECT batch_id, f.kind, f.amount FROM proof_received CROSS JOIN LATERAL (VALUES
        ('pooled', paid + subsidy - to_account), ('clearing', -paid - late_fee),
        ('state_subsidy', -subsidy), ('late_fees', late_fee)) f (kind, amount)
    WHERE f.amount <> 0
    UNION ALL
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


def lines_reach_the_accounts(cursor):
    """Each line of a file that moves money of an account has entries of that amount, and each such entry its line."""
    cursor.execute(
        f"""
        SELECT batch_id FROM (
            SELECT batch_id, to_account AS amount, print FROM proof_received
            UNION ALL
            SELECT batch_id, sum(amount), {PRINT.format(amount="amount")} FROM ({OTHER_LINES}) l GROUP BY batch_id
            UNION ALL
            SELECT batch_id, -amount, -print FROM proof_posted WHERE batch_kind = ANY (%s)
        ) both_sides GROUP BY batch_id HAVING sum(amount) <> 0 OR coalesce(sum(print), 0) <> 0 LIMIT {FIRST}
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
    yield from found(
        cursor,
        f"""
        WITH side AS (
            {FUND_SIDES}
            UNION ALL
            SELECT f.batch_id, a.kind, -f.amount FROM proving_fundentry f
            JOIN accounts_fundaccount a ON a.id = f.fund_account_id
            JOIN accounts_batch b ON b.id = f.batch_id AND b.kind = ANY (%s)
        )
        SELECT s.batch_id, b.source_ref, s.kind, s.rest FROM (
            SELECT batch_id, kind, sum(amount) AS rest FROM side GROUP BY batch_id, kind HAVING sum(amount) <> 0
        ) s LEFT JOIN accounts_batch b ON b.id = s.batch_id
        """,
        "batch {batch_id} ({source_ref}): its lines and its fund entries to {kind} differ by {rest} yuan",
        [list(FROM_LINES)],
    )


def contributions_follow_their_rule(cursor):
    """Each contribution brought to the account what the rule it names says, and that rule is one of its month."""
    yield from found(
        cursor,
        """
        WITH rule AS (
            SELECT r.*, er_to_account = 0 AS er_pooled, er_to_account = coalesce(er_rate, 1) AS er_whole,
                ind_to_account = 0 AS ind_pooled, ind_to_account = coalesce(ind_rate, 1) AS ind_whole,
                subsidy_to_account = 0 AS subsidy_pooled, subsidy_to_account = 1 AS subsidy_whole
            FROM contributions_contributionrule r
        ), priced AS (
            SELECT c.*, r.id AS known, r.scheme AS of_scheme, r.category AS of_category, r.period AS of_period,
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
            ELSE known IS NULL OR of_scheme <> scheme OR of_category <> category OR NOT of_period @> period
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
        WHERE e.kind = 'pool_allocation' AND e.feed_row IS NOT NULL
            AND (r.id IS NULL OR NOT r.pool_quota OR r.scheme <> e.scheme OR NOT r.period @> e.period)
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: {amount} from the pooled fund, "
        "but rule {rule_id} gives no quota then",
    )


def quotas_are_as_published(cursor):
    """Each allocation from a file is a quota, or a twelfth of one, published for its area, month and the holder's age.

    Where none was published nothing is compared; a version that was withdrawn counts for what was booked by it. What a
    correction undid is left out.
    """
    yield from found(
        cursor,
        f"""
        WITH q AS MATERIALIZED (
            {QUOTAS_REACHING.format(table="proof_posted WHERE kind = 'pool_allocation'")} AND q.state <> 'draft'
        )
        SELECT e.person_id, e.batch_id, e.feed_row, e.amount
        FROM (
            SELECT e.*, {AGE.format(month="e.period")} AS age
            FROM proving_entry e JOIN registry_insuredperson p ON p.id = e.person_id
            WHERE e.kind = 'pool_allocation' AND e.feed_row IS NOT NULL
        ) e CROSS JOIN LATERAL (
            SELECT bool_or(e.amount IN (q.amount, {A_TWELFTH})) AS is_published FROM q
            WHERE q.area_code = e.area_code AND q.scheme = e.scheme AND q.period @> e.period AND q.ages @> e.age
        ) told
        WHERE NOT told.is_published AND NOT EXISTS (
            SELECT FROM accounts_reversal r WHERE r.person_id = e.person_id AND r.booked_month = e.booked_month
                AND r.scheme = e.scheme AND r.area_code = e.area_code AND r.kind = e.kind
                AND r.batch_id = e.batch_id AND r.line = e.line)
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: {amount} from the pooled fund "
        "is no quota that was published for that area and age",
    )


CHECKS = [
    lines_reach_the_accounts,
    funds_hold_the_rest,
    contributions_follow_their_rule,
    quotas_follow_their_rule,
    quotas_are_as_published,
]
