"""What each account is due for a crediting period, set-based: the database's own reckoning of accounts/interest.py.

Principal counts from its booked month. Entries of interest batches count from their period, wherever they are booked,
and are no principal of that period. A balance taken over in January is the year's opening. What closed an account left
at the end of its last month.
"""

from accounts.models import Entry
from accounts.models.ledger import INTEREST_KINDS

KIND = Entry.Kind
CLOSING_KINDS = (KIND.TRANSFER_OUT, KIND.INHERITANCE, KIND.REFUND, KIND.CLOSING)
# Nearly all entries: asked for first, because each comparison of a kind costs a tenth of what an entry costs in all.
COMMON_KINDS = (KIND.CONTRIB_IND, KIND.CONTRIB_EMP)
PAYOUT_KINDS = (
    KIND.PENSION_PAYOUT,
    KIND.MEDICAL_SPEND,
    KIND.BENEFIT_PAYOUT,
    KIND.FAMILY_AID,
    KIND.OFFSET_OVERPAYMENT,
    *CLOSING_KINDS,
)


def listed(kinds):
    """Kinds of entries as a list in SQL."""
    return ", ".join(f"'{kind.value}'" for kind in kinds)


TABLES = """
CREATE TEMP TABLE IF NOT EXISTS interest_term (
    term_no integer, scheme text, area_code text, year_start date, first date, last date, whole_last date, closing date,
    booked_month date, source_ref text, is_split boolean, prior_weight numeric, current_weight numeric,
    one_rate numeric, current_rates numeric[], prior_rates numeric[], method text, payout_method text,
    yearly_factor numeric, rounding_mode text, is_provisional boolean, rate_ids bigint[], method_id bigint
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS interest_weight (
    term_no integer, month date, months numeric, credit_weight numeric, payout_weight numeric
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS interest_account (
    term_no integer, person_id bigint, scheme text, area_code text, balance numeric, ends_in date, year_start date
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS interest_due (
    term_no integer, person_id bigint, balance numeric, opening numeric, carried numeric, credits numeric,
    credit_product numeric, payouts numeric, payout_product numeric, on_opening numeric, on_credits numeric,
    removed numeric
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS interest_standing (
    term_no integer, person_id bigint, period date, batch_id bigint, booked_month date, on_opening numeric,
    on_credits numeric, removed numeric, is_right boolean
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS interest_change (
    term_no integer, person_id bigint, is_bearable boolean
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS interest_undone (
    batch_no integer, person_id bigint, by_line integer, booked_month date, scheme text, area_code text, kind text,
    batch_id bigint, line integer, period date, amount numeric
) ON COMMIT DELETE ROWS;
"""
FILLED = "term weight account due standing change undone"
CLEAR = "".join(f"DELETE FROM interest_{table};" for table in FILLED.split())

# In a whole year's run: the accounts of a range of persons; closed ones only where the closing had credited interest.
OF_RANGE = """
    SELECT person_id, scheme, area_code, balance, opened_month, closed_month AS ends_in, TRUE AS must_stand
    FROM accounts_account WHERE person_id >= %(from)s AND person_id < %(until)s
"""
PERSONS_OF_RANGE = "AND person_id >= %(from)s AND person_id < %(until)s"
# Before a closing: the accounts listed, each with the month it ends in.
OF_LIST = """
    SELECT person_id, scheme, area_code, a.balance, a.opened_month, l.month AS ends_in, FALSE AS must_stand
    FROM interest_closing l JOIN accounts_account a USING (person_id, scheme, area_code)
"""
PERSONS_OF_LIST = "AND person_id IN (SELECT person_id FROM interest_closing)"
# Before a year is closed: the accounts on which something was booked after its interest.
OF_LATE = """
    SELECT person_id, scheme, area_code, a.balance, a.opened_month, a.closed_month AS ends_in, TRUE AS must_stand
    FROM interest_late JOIN accounts_account a USING (person_id, scheme, area_code)
"""
PERSONS_OF_LATE = "AND person_id IN (SELECT person_id FROM interest_late)"

CREDIT, PAYOUT = 1, 2
IS_INTEREST = f"""(e.kind IN ({listed(INTEREST_KINDS)})
    OR e.kind = 'reversal' AND e.batch_id IN (SELECT batch_id FROM accounts_interestterms))"""
# What closed the account in its last month stays to the end of it, and so does what undid such an entry.
LEFT_WITH_IT = f"""(e.kind IN ({listed(CLOSING_KINDS)}) AND e.booked_month >= a.ends_in
    OR e.kind = 'reversal' AND e.booked_month >= a.ends_in AND EXISTS (
        SELECT FROM accounts_reversal r WHERE r.person_id = e.person_id AND r.by_batch_id = e.batch_id
            AND r.by_line = e.line AND r.kind IN ({listed(CLOSING_KINDS)}) AND r.booked_month >= a.ends_in))"""
# Kept apart by OFFSET 0: what an entry counts as is said once, and then asked in every sum.
FLOW = f"""
    SELECT a.term_no, a.person_id, e.amount,
        CASE WHEN e.kind IN ({listed(COMMON_KINDS)}) THEN e.booked_month
            WHEN {IS_INTEREST} THEN e.period
            WHEN e.kind = 'opening' AND e.booked_month = a.year_start THEN a.year_start - 1
            ELSE e.booked_month END AS month,
        CASE WHEN e.kind IN ({listed(COMMON_KINDS)}) THEN {CREDIT}
            WHEN {IS_INTEREST} THEN 0
            WHEN {LEFT_WITH_IT} THEN 0
            WHEN e.kind IN ({listed(PAYOUT_KINDS)}) OR e.kind = 'reversal' AND e.amount > 0 THEN {PAYOUT}
            ELSE {CREDIT} END AS side
    FROM interest_account a JOIN (
        SELECT * FROM accounts_entry WHERE booked_month >= %(year_start)s {{of_persons}}
    ) e ON e.person_id = a.person_id AND e.scheme = a.scheme AND e.area_code = a.area_code
    OFFSET 0
"""
BY_ENTRY = "SELECT *, amount AS bearing FROM ({flow}) f"
# Where jiao and fen bear no interest, they are dropped from what a month brought or took.
BY_MONTH = """
    SELECT term_no, person_id, month, side, sum(amount) AS amount,
        contribution_base(sum(amount), rounding_mode) AS bearing
    FROM ({flow}) f JOIN interest_term t USING (term_no) GROUP BY term_no, person_id, month, side, rounding_mode
"""
ACCOUNTS = """
INSERT INTO interest_account
SELECT t.term_no, a.person_id, scheme, area_code, a.balance, a.ends_in, t.year_start
FROM ({accounts}) a JOIN interest_term t USING (scheme, area_code)
WHERE a.opened_month <= t.last
    AND CASE WHEN t.closing IS NULL THEN a.ends_in IS NULL OR a.ends_in >= t.last ELSE a.ends_in = t.closing END
    AND (NOT a.must_stand OR a.ends_in IS NULL OR a.ends_in > t.whole_last OR EXISTS (
        SELECT FROM accounts_interestcredit c WHERE c.person_id = a.person_id AND c.scheme = a.scheme
            AND c.area_code = a.area_code AND c.period BETWEEN t.first AND t.whole_last))
"""
DUE = f"""
WITH flow AS ({{flow}}), moved AS (
    SELECT f.term_no, f.person_id,
        sum(f.amount) FILTER (WHERE f.month >= t.year_start) AS since_year,
        sum(f.amount) FILTER (WHERE f.month >= t.year_start AND f.month < t.first) AS carried,
        sum(f.amount) FILTER (WHERE f.side = {CREDIT} AND w.months > 0) AS credits,
        sum(f.bearing * w.months) FILTER (WHERE f.side = {CREDIT}) AS credit_product,
        sum(f.bearing * w.credit_weight) FILTER (WHERE f.side = {CREDIT}) AS credit_worth,
        -sum(f.amount) FILTER (WHERE f.side = {PAYOUT} AND w.months > 0) AS payouts,
        -sum(f.bearing * w.months) FILTER (WHERE f.side = {PAYOUT}) AS payout_product,
        -sum(f.bearing * w.payout_weight) FILTER (WHERE f.side = {PAYOUT}) AS payout_worth
    FROM flow f JOIN interest_term t USING (term_no)
    LEFT JOIN interest_weight w ON w.term_no = f.term_no AND w.month = f.month
    GROUP BY f.term_no, f.person_id
), stood AS (
    SELECT a.term_no, a.person_id, a.balance, coalesce(m.carried, 0) AS carried,
        a.balance - coalesce(m.since_year, 0) + coalesce(m.carried, 0) AS opening,
        m.credits, m.credit_product, m.credit_worth, m.payouts, m.payout_product, m.payout_worth
    FROM interest_account a LEFT JOIN moved m USING (term_no, person_id)
)
INSERT INTO interest_due
SELECT s.term_no, s.person_id, s.balance, s.opening, s.carried, coalesce(s.credits, 0), coalesce(s.credit_product, 0),
    coalesce(s.payouts, 0), coalesce(s.payout_product, 0),
    round_money(CASE WHEN t.is_split
        THEN contribution_base(s.opening - s.carried, t.rounding_mode) * t.prior_weight
            + contribution_base(s.carried, t.rounding_mode) * t.current_weight
        ELSE contribution_base(s.opening, t.rounding_mode) * t.current_weight END / 12, t.rounding_mode),
    round_money(coalesce(s.credit_worth, s.credit_product * t.one_rate, 0) / 12, t.rounding_mode),
    round_money(coalesce(s.payout_worth, s.payout_product * t.one_rate, 0) / 12, t.rounding_mode)
FROM stood s JOIN interest_term t USING (term_no)
"""

# The last credit of an account and period stands. It is right where its principal, its amounts and its terms are due.
STANDING = """
WITH same AS MATERIALIZED (
    SELECT t.term_no, i.batch_id FROM interest_term t JOIN accounts_interestterms i
    ON i.scheme = t.scheme AND i.area_code = t.area_code AND i.period = t.last
    WHERE (i.first_month, i.current_rates::numeric[], i.prior_rates::numeric[], i.is_split, i.method, i.payout_method,
            i.rounding_mode, i.is_provisional) = (t.first, t.current_rates, t.prior_rates, t.is_split, t.method,
            t.payout_method, t.rounding_mode, t.is_provisional)
        AND i.yearly_factor IS NOT DISTINCT FROM t.yearly_factor
)
INSERT INTO interest_standing
SELECT d.term_no, d.person_id, c.period, c.batch_id, c.booked_month, c.on_opening, c.on_credits, c.removed,
    c.period = t.last AND same.batch_id IS NOT NULL
    AND (c.opening, c.carried, c.credits, c.credit_product, c.payouts, c.payout_product, c.on_opening, c.on_credits,
        c.removed) = (d.opening, d.carried, d.credits, d.credit_product, d.payouts, d.payout_product, d.on_opening,
        d.on_credits, d.removed)
FROM interest_due d JOIN interest_term t USING (term_no)
JOIN (
    SELECT DISTINCT ON (person_id, scheme, area_code, period) * FROM accounts_interestcredit
    WHERE period >= %(year_start)s AND period <= %(year_end)s {of_persons}
    ORDER BY person_id, scheme, area_code, period, batch_id DESC
) c ON c.person_id = d.person_id AND c.scheme = t.scheme AND c.area_code = t.area_code
    AND c.period BETWEEN t.first AND t.whole_last
LEFT JOIN same ON same.term_no = d.term_no AND same.batch_id = c.batch_id
WHERE c.period = t.last OR c.on_opening <> 0 OR c.on_credits <> 0 OR c.removed <> 0
"""
# A correction that would take an account below zero (it was closed or emptied meanwhile) is left out, and told.
CHANGES = """
INSERT INTO interest_change
SELECT d.term_no, d.person_id, d.balance + d.on_opening + d.on_credits - d.removed - coalesce(s.stands, 0) >= 0
FROM interest_due d LEFT JOIN (
    SELECT term_no, person_id, sum(on_opening + on_credits - removed) AS stands, count(*) AS credits,
        bool_or(is_right) AS is_right
    FROM interest_standing GROUP BY term_no, person_id
) s USING (term_no, person_id)
WHERE CASE WHEN s.credits IS NULL THEN d.on_opening <> 0 OR d.on_credits <> 0 OR d.removed <> 0
    ELSE NOT (s.is_right AND s.credits = 1) END
"""
# By account: a person may have an account of this kind in one area only, but a batch holds one area.
TOLD = """
SELECT term_no, count(*) FILTER (WHERE on_opening <> 0 OR on_credits <> 0 OR removed <> 0),
    coalesce(sum(opening), 0), coalesce(sum(credits), 0), coalesce(sum(payouts), 0),
    coalesce(sum(on_opening + on_credits - removed), 0), count(c.person_id) FILTER (WHERE c.is_bearable),
    count(c.person_id) FILTER (WHERE NOT c.is_bearable)
FROM interest_due d LEFT JOIN interest_change c USING (term_no, person_id) GROUP BY term_no
"""
