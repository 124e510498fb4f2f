"""Every line of a file reached its account and its fund, by its rule."""

from accounts.quotas import A_TWELFTH, AGE, QUOTAS_REACHING

from .findings import found
from .sides import CONTRIBUTIONS, LINES, OTHER_LINES, OTHER_SIDES, RECEIVED_SIDES

SUSPECT = "batch_id IN (SELECT batch_id FROM proof_suspect)"


def lines_reach_the_accounts(cursor):
    """Each line of a file that moves money of an account has entries of that amount, and each such entry its line."""
    yield from found(
        cursor,
        f"""
        SELECT person_id, batch_id, feed_row, sum(amount) AS rest FROM (
            SELECT * FROM ({CONTRIBUTIONS} UNION ALL {OTHER_LINES}) line WHERE {SUSPECT}
            UNION ALL
            SELECT person_id, batch_id, feed_row, -amount FROM proving_entry
            WHERE batch_id IN (SELECT s.batch_id FROM proof_suspect s
                JOIN accounts_batch b ON b.id = s.batch_id AND b.kind IN ({LINES}))
        ) both_sides GROUP BY person_id, batch_id, feed_row HAVING sum(amount) <> 0
        """,
        "person {person_id}, batch {batch_id}, row {feed_row}: "
        "the line of the file and the entries differ by {rest} yuan",
    )


def funds_hold_the_rest(cursor):
    """What the lines of a batch did not bring to accounts stands in fund entries, each on its right fund account."""
    yield from found(
        cursor,
        f"""
        SELECT s.batch_id, b.source_ref, s.kind, sum(s.amount) AS rest FROM (
            SELECT * FROM ({RECEIVED_SIDES} UNION ALL {OTHER_SIDES}) line WHERE {SUSPECT}
            UNION ALL
            SELECT f.batch_id, a.kind, -f.amount FROM proving_fundentry f
            LEFT JOIN accounts_fundaccount a ON a.id = f.fund_account_id
            JOIN accounts_batch b ON b.id = f.batch_id AND b.kind IN ({LINES}) WHERE f.{SUSPECT}
        ) s LEFT JOIN accounts_batch b ON b.id = s.batch_id
        GROUP BY s.batch_id, b.source_ref, s.kind HAVING sum(s.amount) <> 0
        """,
        "batch {batch_id} ({source_ref}): its lines and its fund entries to {kind} differ by {rest} yuan",
    )


def contributions_follow_their_rule(cursor):
    """Each contribution brought to the account what the rule it names says, and that rule is one of its month."""
    yield from found(
        cursor,
        """
        WITH part AS (
            SELECT *, er_to_account = 0 AS er_pooled, er_to_account = coalesce(er_rate, 1) AS er_whole,
                ind_to_account = 0 AS ind_pooled, ind_to_account = coalesce(ind_rate, 1) AS ind_whole,
                subsidy_to_account = 0 AS subsidy_pooled, subsidy_to_account = 1 AS subsidy_whole
            FROM contributions_contributionrule
        ), rule AS MATERIALIZED (
            -- By most rules all is pooled, or the own share alone goes to the account whole: nothing to add up.
            SELECT *, er_pooled AND ind_pooled AND subsidy_pooled AS all_pooled,
                er_pooled AND ind_whole AND subsidy_pooled AS own_whole, coalesce(lower(period), '-infinity') AS since,
                CASE WHEN isempty(period) THEN '-infinity' ELSE coalesce(upper(period), 'infinity') END AS until
            FROM part
        ), priced AS (
            SELECT c.*, r.id AS known, r.scheme AS of_scheme, r.category AS of_category, since, until,
                CASE WHEN all_pooled THEN 0 WHEN own_whole THEN ind_share ELSE
                    CASE WHEN er_pooled THEN 0 WHEN er_whole THEN er_share
                        ELSE account_share(base, er_share, er_rate, er_to_account, rounding_mode) END
                    + CASE WHEN ind_pooled THEN 0 WHEN ind_whole THEN ind_share
                        ELSE account_share(base, ind_share, ind_rate, ind_to_account, rounding_mode) END
                    + CASE WHEN subsidy_pooled THEN 0 WHEN subsidy_whole THEN subsidy
                        ELSE account_share(subsidy, subsidy, 1, subsidy_to_account, rounding_mode) END END AS due
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
