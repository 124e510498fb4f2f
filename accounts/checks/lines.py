"""Every line of a file reached its account and its fund, by its rule."""

from .findings import found
from .kinds import KINDS_FROM_LINES, KINDS_OF_BATCH

# The batches whose money comes line by line from files, and where those lines stand.
LINES = """
    SELECT person_id, batch_id, feed_row, to_account AS amount FROM contributions_contribution WHERE to_account <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, amount FROM accounts_takeover WHERE amount <> 0
    UNION ALL
    SELECT person_id, batch_id, feed_row, -from_account FROM accounts_benefitpayment WHERE from_account <> 0
"""


def lines_reach_the_accounts(cursor):
    """Each line of a file that moves money of an account has entries of that amount, and each such entry its line."""
    yield from found(
        cursor,
        f"""
        SELECT person_id, batch_id, feed_row, sum(amount) AS rest FROM (
            {LINES}
            UNION ALL
            SELECT person_id, batch_id, feed_row, -amount FROM accounts_entry
            WHERE kind = ANY (%s) AND batch_id NOT IN (SELECT id FROM accounts_batch WHERE kind = 'manual')
        ) both_sides GROUP BY person_id, batch_id, feed_row HAVING sum(amount) <> 0
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: "
        "the line of the file and the entries differ by {rest} yuan",
        [list(KINDS_FROM_LINES)],
    )


def funds_hold_the_rest(cursor):
    """What the lines of a batch did not bring to accounts stands in fund entries, each on its right fund account."""
    yield from found(
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


CHECKS = [
    lines_reach_the_accounts,
    funds_hold_the_rest,
    contributions_follow_their_rule,
]
