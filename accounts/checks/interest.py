"""Interest follows from the ledger and the rates: reckoned once more, apart from the run that credited it."""

from accounts.closings import CLOSINGS
from accounts.crediting.due import CLOSING_KINDS, PAYOUT_KINDS, listed
from accounts.models.ledger import INTEREST_KINDS

from .findings import found

# The last credit of an account and period stands.
STANDING = """
    SELECT DISTINCT ON (person_id, period, scheme, area_code) * FROM accounts_interestcredit
    ORDER BY person_id, period, scheme, area_code, batch_id DESC
"""
# In which month an entry counts: interest in its period, a balance taken over in January before the year, all else when
# it was booked. `left_in`: of what may close an account, or undoes such an entry, when that entry was booked.
COUNTED = f"""
    SELECT e.person_id, e.scheme, e.area_code, e.batch_id, e.amount,
        CASE WHEN i.batch_id IS NOT NULL THEN e.period
            WHEN e.kind = 'opening' AND extract(month FROM e.booked_month) = 1 THEN e.booked_month - 1
            ELSE e.booked_month END AS month,
        CASE WHEN i.batch_id IS NOT NULL THEN 'interest'
            WHEN e.kind IN ({listed(PAYOUT_KINDS)}) OR e.kind = 'reversal' AND e.amount > 0 THEN 'payout'
            ELSE 'credit' END AS side,
        CASE WHEN e.kind IN ({listed(CLOSING_KINDS)}) THEN e.booked_month
            WHEN e.kind = 'reversal' AND i.batch_id IS NULL THEN (
                SELECT r.booked_month FROM accounts_reversal r
                WHERE r.person_id = e.person_id AND r.by_batch_id = e.batch_id AND r.by_line = e.line
                    AND r.kind IN ({listed(CLOSING_KINDS)})
            ) END AS left_in
    FROM accounts_entry e LEFT JOIN accounts_interestterms i USING (batch_id)
"""
# What a yuan that came in month n earns to the end of the period, times twelve.
WEIGHTS = """
    SELECT t.batch_id, (t.first_month + make_interval(months => n - 1))::date AS month, h.months,
        CASE WHEN t.method = 'YEARLY' AND h.all_months = 12 THEN h.year * t.yearly_factor / 2 ELSE h.rest END AS credit,
        CASE WHEN t.payout_method = 'YEARLY' AND h.all_months = 12 THEN h.year - h.year * t.yearly_factor / 2
            ELSE h.rest END AS payout
    FROM accounts_interestterms t CROSS JOIN generate_series(1, cardinality(t.current_rates)) AS n
    CROSS JOIN LATERAL (
        SELECT sum(rate) AS year, count(*) AS all_months, sum(rate) FILTER (WHERE place >= n) AS rest,
            count(*) FILTER (WHERE place >= n) AS months
        FROM unnest(t.current_rates) WITH ORDINALITY AS r (rate, place)
    ) h
"""
# Of each standing credit the month in which its account was closed, as it was known then: a closing counts until the
# correction that undid it.
ENDED = f"""
    SELECT c.person_id, c.period, c.scheme, c.area_code, min(l.month) AS month FROM standing c JOIN (
        SELECT person_id, scheme, area_code, booked_month AS month, undone_by FROM ({CLOSINGS}) closing
        UNION ALL
        SELECT person_id, scheme, area_code, closed_month, NULL FROM accounts_account WHERE closed_month IS NOT NULL
    ) l ON l.person_id = c.person_id AND l.scheme = c.scheme AND l.area_code = c.area_code
        AND (l.undone_by IS NULL OR l.undone_by > c.batch_id)
    GROUP BY 1, 2, 3, 4
"""
# The principal of each standing credit: the entries of its year that were there when it was posted.
PRINCIPAL = """
    SELECT c.person_id, c.period, c.scheme, c.area_code, c.batch_id, e.month,
        CASE WHEN e.left_in >= a.month THEN 'leaving' ELSE e.side END AS side, e.amount
    FROM standing c JOIN accounts_interestterms t USING (batch_id)
    JOIN counted e ON e.person_id = c.person_id AND e.scheme = c.scheme AND e.area_code = c.area_code
        AND extract(year FROM e.month) = extract(year FROM c.period)
    LEFT JOIN ended a ON a.person_id = c.person_id AND a.period = c.period AND a.scheme = c.scheme
        AND a.area_code = c.area_code
    WHERE e.batch_id < c.batch_id AND e.month <= c.period AND (t.rounding_mode = 'YUAN_BASE_FLOOR') = {by_month}
"""
# Where jiao and fen bear nothing, they are dropped from what a month brought or took in all.
RECKONED = f"""
    WITH standing AS ({STANDING}), counted AS NOT MATERIALIZED ({COUNTED}), weight AS MATERIALIZED ({WEIGHTS}),
    ended AS MATERIALIZED ({ENDED}),
    flow AS (
        SELECT *, amount AS bearing FROM ({PRINCIPAL.format(by_month="FALSE")}) entry
        UNION ALL
        SELECT person_id, period, scheme, area_code, batch_id, month, side, sum(amount), trunc(sum(amount))
        FROM ({PRINCIPAL.format(by_month="TRUE")}) entry GROUP BY 1, 2, 3, 4, 5, 6, 7
    ), reckoned AS (
        SELECT f.person_id, f.period, f.scheme, f.area_code,
            sum(f.amount) FILTER (WHERE w.month IS NULL) AS carried,
            sum(f.amount) FILTER (WHERE side = 'credit' AND w.month IS NOT NULL) AS credits,
            sum(f.bearing * w.months) FILTER (WHERE side = 'credit') AS credit_product,
            sum(f.bearing * w.credit) FILTER (WHERE side = 'credit') AS credit_worth,
            -sum(f.amount) FILTER (WHERE side = 'payout' AND w.month IS NOT NULL) AS payouts,
            -sum(f.bearing * w.months) FILTER (WHERE side = 'payout') AS payout_product,
            -sum(f.bearing * w.payout) FILTER (WHERE side = 'payout') AS payout_worth
        FROM flow f
        LEFT JOIN weight w ON w.batch_id = f.batch_id AND w.month = f.month
        GROUP BY 1, 2, 3, 4
    )
    SELECT c.*, coalesce(r.carried, 0) AS was_carried, coalesce(r.credits, 0) AS came, coalesce(r.payouts, 0) AS went,
        coalesce(r.credit_product, 0) AS came_product, coalesce(r.payout_product, 0) AS went_product,
        round_money((
            contribution_base(CASE WHEN t.is_split THEN c.opening - c.carried ELSE c.opening END, t.rounding_mode)
            * (SELECT sum(rate) FROM unnest(t.prior_rates) rate)
            + CASE WHEN t.is_split THEN contribution_base(c.carried, t.rounding_mode)
                * (SELECT sum(rate) FROM unnest(t.current_rates) rate) ELSE 0 END
        )::numeric(40, 16) / 12, t.rounding_mode) AS due_on_opening,
        round_money(coalesce(r.credit_worth, 0)::numeric(40, 16) / 12, t.rounding_mode) AS due_on_credits,
        round_money(coalesce(r.payout_worth, 0)::numeric(40, 16) / 12, t.rounding_mode) AS due_removed
    FROM standing c LEFT JOIN accounts_interestterms t USING (batch_id)
    LEFT JOIN reckoned r ON r.person_id = c.person_id AND r.period = c.period AND r.scheme = c.scheme
        AND r.area_code = c.area_code
    WHERE c.period = t.period OR t.batch_id IS NULL
"""
NAMED = "interest of person {person_id}, {scheme} in {area_code}, {period:%Y-%m}: "


def interest_follows_from_principal_and_rates(cursor):
    """Each standing interest is reproduced by its terms, its principal and the months held."""
    # Whole tables meet here; the planner takes a year that must agree for a rare chance and would go row by row.
    cursor.execute("SET LOCAL enable_nestloop = off")
    findings = found(
        cursor,
        f"""
        SELECT * FROM ({RECKONED}) r WHERE
            (carried, credits, credit_product, payouts, payout_product, on_opening, on_credits, removed)
            IS DISTINCT FROM (was_carried, came, came_product, went, went_product, due_on_opening, due_on_credits,
                due_removed)
        """,
        NAMED + "{on_opening} + {on_credits} − {removed} is credited on {credits} and {payouts}; "
        "{due_on_opening} + {due_on_credits} − {due_removed} is due on {came} and {went}",
    )
    findings = list(findings)
    cursor.execute("SET LOCAL enable_nestloop = on")
    yield from findings


def interest_starts_from_the_balance(cursor):
    """The opening balance of each standing interest is what the entries before came to when it was posted."""
    yield from found(
        cursor,
        f"""
        WITH standing AS ({STANDING}), yearly AS (
            SELECT person_id, scheme, area_code, counted_year AS year, sum(amount) AS amount
            FROM proof_held GROUP BY 1, 2, 3, 4
        ), before AS (
            SELECT person_id, scheme, area_code, year, sum(amount) OVER account - amount AS opening FROM yearly
            WINDOW account AS (PARTITION BY person_id, scheme, area_code ORDER BY year)
        ), suspect AS MATERIALIZED (
            -- What was posted afterwards is no fault: those few are looked at one by one.
            SELECT c.* FROM standing c JOIN accounts_interestterms t USING (batch_id)
            LEFT JOIN before b ON b.person_id = c.person_id AND b.scheme = c.scheme AND b.area_code = c.area_code
                AND b.year = extract(year FROM c.period)
            WHERE c.period = t.period AND c.opening - c.carried IS DISTINCT FROM b.opening
        )
        SELECT s.*, p.opening AS proved FROM suspect s CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) + s.carried AS opening FROM ({COUNTED}) e
            WHERE e.person_id = s.person_id AND e.scheme = s.scheme AND e.area_code = s.area_code
                AND e.batch_id < s.batch_id AND e.month < date_trunc('year', s.period)
        ) p WHERE s.opening <> p.opening
        """,
        NAMED + "it starts from {opening}, the entries come to {proved}",
    )


def one_interest_stands_for_each_period(cursor):
    """The interest entries of an account and period come to the one credit that stands, and those of a batch to its."""
    yield from found(
        cursor,
        f"""
        SELECT person_id, period, scheme, area_code, sum(credited) AS credited, sum(posted) AS posted FROM (
            SELECT person_id, period, scheme, area_code, on_opening + on_credits - removed AS credited, 0 AS posted
            FROM ({STANDING}) standing
            UNION ALL
            SELECT e.person_id, e.period, e.scheme, e.area_code, 0, e.amount
            FROM accounts_entry e LEFT JOIN accounts_interestterms t USING (batch_id)
            WHERE t.batch_id IS NOT NULL OR e.kind IN ({listed(INTEREST_KINDS)})
        ) sides GROUP BY 1, 2, 3, 4 HAVING sum(credited) <> sum(posted)
        """,
        NAMED + "{credited} stands, the entries come to {posted}",
    )
    yield from found(
        cursor,
        f"""
        SELECT person_id, scheme, area_code, period, batch_id, kind, sum(amount) AS rest FROM (
            SELECT person_id, scheme, area_code, period, batch_id, k.kind, k.amount
            FROM accounts_interestcredit CROSS JOIN LATERAL (VALUES ('interest_opening', on_opening),
                ('interest_current', on_credits), ('interest_payout_adj', -removed)) k (kind, amount)
            UNION ALL
            SELECT person_id, scheme, area_code, period, batch_id, kind, -amount FROM accounts_entry
            WHERE kind IN ({listed(INTEREST_KINDS)})
        ) sides GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(amount) <> 0
        """,
        NAMED + "{kind} of batch {batch_id} and its record differ by {rest} yuan",
    )


def interest_terms_follow_their_rules(cursor):
    """The rates and formulas of each batch of interest are those of the rules it names, and they reached its months."""
    rule = """
        SELECT FROM contributions_creditingrate r WHERE r.id = ANY (t.rate_ids) AND r.state <> 'draft'
            AND r.scheme = t.scheme AND r.area_code = ANY (area_chain(t.area_code)) AND lower(r.period) <= m.month
            AND (r.period @> m.month OR t.is_provisional) AND r.bucket <> '{other}' AND r.rate = m.{rate}
    """
    yield from found(
        cursor,
        f"""
        SELECT t.batch_id, t.scheme, t.area_code, t.period FROM accounts_interestterms t
        LEFT JOIN accounts_batch b ON b.id = t.batch_id
        LEFT JOIN contributions_interestmethod i ON i.id = t.method_id
        WHERE (b.kind, b.scheme, b.area_code) IS DISTINCT FROM ('interest', t.scheme, t.area_code)
            OR cardinality(t.current_rates) <> cardinality(t.prior_rates)
            OR t.first_month + make_interval(months => cardinality(t.current_rates) - 1) <> t.period
            OR (t.method, t.payout_method, t.rounding_mode) IS DISTINCT FROM
                (coalesce(i.method, 'MONTH_PRODUCT'), coalesce(i.payout_method, 'MONTH_PRODUCT'),
                coalesce(i.rounding_mode, 'HALF_UP_FEN'))
            OR t.yearly_factor IS DISTINCT FROM i.yearly_factor
            OR i.id IS NOT NULL AND NOT (i.scheme = t.scheme AND i.state <> 'draft' AND i.period @> t.period)
            OR i.id IS NULL AND t.method_id IS NOT NULL
            OR EXISTS (
                SELECT FROM unnest(t.current_rates, t.prior_rates) WITH ORDINALITY AS r (current, prior, place)
                CROSS JOIN LATERAL (
                    SELECT (t.first_month + make_interval(months => r.place::int - 1))::date AS month,
                        r.current, r.prior
                ) m
                WHERE NOT EXISTS ({rule.format(other="prior_years", rate="current")})
                    OR NOT EXISTS ({rule.format(other="current_year", rate="prior")})
            )
        """,
        "batch of interest {batch_id}, {scheme} in {area_code}, {period:%Y-%m}: its rates or formulas are not those of "
        "the rules it names",
    )


CHECKS = [
    interest_follows_from_principal_and_rates,
    interest_starts_from_the_balance,
    one_interest_stands_for_each_period,
    interest_terms_follow_their_rules,
]
