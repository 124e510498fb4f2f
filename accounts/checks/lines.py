"""Every line of a file reached its account and its fund, by its rule."""

from .findings import found
from .kinds import ALSO_WITHOUT_LINES, KINDS_FROM_LINES, KINDS_OF_BATCH

# The batches whose money comes line by line from files, and where those lines stand.
LINES = """
    SELECT person_id, batch_id, feed_row, to_account AS amount FROM contributions_contribution WHERE to_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, amount FROM accounts_takeover WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM accounts_benefitpayment WHERE from_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, amount FROM accounts_movement WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM accounts_spending WHERE from_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -amount FROM accounts_closure WHERE amount <> 0
"""
ENTRIES_OF_LINES = """
    SELECT person_id, batch_id, feed_row, -amount FROM accounts_entry WHERE kind = ANY (%s)
        OR kind = ANY (%s) AND batch_id IN (SELECT id FROM accounts_batch WHERE kind = ANY (%s))
"""
# What the lines of each batch must have brought to each kind of fund account.
FUND_SIDES = """
    SELECT batch_id, f.kind, f.amount FROM (
        SELECT batch_id, sum(er_share + ind_share) AS paid, sum(subsidy) AS subsidy, sum(late_fee) AS late_fee,
            sum(to_account) AS to_account
        FROM contributions_contribution GROUP BY batch_id
    ) paid CROSS JOIN LATERAL (VALUES
        ('pooled', paid + subsidy - to_account), ('clearing', -paid - late_fee),
        ('state_subsidy', -subsidy), ('late_fees', late_fee)) f (kind, amount)
    UNION ALL
    SELECT batch_id, f.kind, f.amount FROM (
        SELECT batch_id, kind, sum(amount) AS amount, sum(pooled_amount) AS pooled_amount
        FROM accounts_takeover GROUP BY batch_id, kind
    ) t CROSS JOIN LATERAL (VALUES
        ('pooled', pooled_amount),
        (CASE t.kind WHEN 'opening' THEN 'taken_over' ELSE 'transfers' END, -amount - pooled_amount)
    ) f (kind, amount)
    UNION ALL
    SELECT batch_id, f.kind, f.amount FROM (
        SELECT batch_id, from_pool, from_account FROM accounts_benefitpayment
        UNION ALL
        SELECT batch_id, from_pool, from_account FROM accounts_spending
        UNION ALL
        SELECT batch_id, 0, amount FROM accounts_closure
    ) spent CROSS JOIN LATERAL (VALUES ('pooled', -from_pool), ('benefits', from_pool + from_account)) f (kind, amount)
    UNION ALL
    SELECT batch_id, CASE kind
            WHEN 'refund' THEN 'benefits' WHEN 'transfer_out' THEN 'transfers' WHEN 'manual' THEN 'adjustments'
            ELSE 'pooled' END, pooled_amount - amount
    FROM accounts_movement
    UNION ALL
    SELECT batch_id, 'pooled', -pooled_amount FROM accounts_movement
"""


def lines_reach_the_accounts(cursor):
    """Each line of a file that moves money of an account has entries of that amount, and each such entry its line."""
    yield from found(
        cursor,
        f"""
        SELECT person_id, batch_id, feed_row, sum(amount) AS rest FROM (
            {LINES}
            UNION ALL
            {ENTRIES_OF_LINES}
        ) both_sides GROUP BY person_id, batch_id, feed_row HAVING sum(amount) <> 0
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: "
        "the line of the file and the entries differ by {rest} yuan",
        [list(KINDS_FROM_LINES), list(ALSO_WITHOUT_LINES), list(KINDS_OF_BATCH)],
    )


def funds_hold_the_rest(cursor):
    """What the lines of a batch did not bring to accounts stands in fund entries, each on its right fund account."""
    yield from found(
        cursor,
        f"""
        WITH side AS (
            {FUND_SIDES}
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
    yield from found(
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


def quotas_follow_their_rule(cursor):
    """Each allocation from the pooled fund names a rule of its month that gives the account a quota."""
    yield from found(
        cursor,
        """
        SELECT e.person_id, e.batch_id, e.feed_row, e.amount, e.rule_id
        FROM accounts_entry e LEFT JOIN contributions_contributionrule r ON r.id = e.rule_id
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
