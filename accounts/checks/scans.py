"""What the proof goes over, and three passes over the mass tables, from whose sums most checks then read.

The checks read views: all rows of a table, or those booked since the last year that is closed everywhere, whose
statements then stand for what was before.
"""

from psycopg import sql

from accounts.crediting.due import PAYOUT_KINDS, listed

from .sides import LINES, OF_REST, OTHER_LINES, OTHER_SIDES, PLACE, PRINT, RECEIVED_PLACED

# Each view, its table, and the month that says whether a row is recent.
VIEWS = {
    "proving_contribution": ("contributions_contribution", "booked_month"),
    "proving_assessment": ("contributions_assessment", "due_month"),
    "proving_batch": ("accounts_batch", "booked_month"),
    "proving_entry": ("accounts_entry", "booked_month"),
    "proving_takeover": ("accounts_takeover", "booked_month"),
    "proving_benefit": ("accounts_benefitpayment", "booked_month"),
    "proving_movement": ("accounts_movement", "booked_month"),
    "proving_spending": ("accounts_spending", "booked_month"),
    "proving_closure": ("accounts_closure", "booked_month"),
    "proving_reversal": ("accounts_reversal", "by_booked_month"),
}
# What the accounts held when the recent rows began: the closing of the last statements.
OPENING = """
CREATE OR REPLACE TEMP VIEW proving_opening AS
SELECT person_id, scheme, area_code, closing FROM accounts_statement
WHERE period = {since}::date - make_interval(months => 1)
"""
FUND_ENTRIES = "CREATE OR REPLACE TEMP VIEW proving_fundentry AS SELECT f.* FROM accounts_fundentry f"
OF_RECENT_BATCHES = " JOIN accounts_batch b ON b.id = f.batch_id WHERE b.booked_month >= {since}"

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS proof_received (
    batch_id bigint, employer_id bigint, feed_file_id bigint, lines bigint, paid numeric, subsidy numeric,
    late_fee numeric, to_account numeric, print numeric
);
CREATE TEMP TABLE IF NOT EXISTS proof_posted (
    batch_id bigint, batch_kind text, booked_month date, scheme text, area_code text, kind text, entries bigint,
    amount numeric, print numeric
);
CREATE TEMP TABLE IF NOT EXISTS proof_suspect (batch_id bigint);
CREATE TEMP TABLE IF NOT EXISTS proof_held (
    person_id bigint, scheme text, area_code text, year smallint, counted_year smallint, is_interest boolean,
    amount numeric, paid_out numeric, first date, last date
)
"""

# Contributions per batch. Most lines have neither subsidy nor late fee, and many bring nothing to an account: a sum
# that skips them keeps no state for them.
RECEIVED = f"""
DELETE FROM proof_received;
INSERT INTO proof_received
SELECT batch_id, employer_id, feed_file_id, count(*), sum(er_share + ind_share),
    coalesce(sum(subsidy) FILTER (WHERE subsidy <> 0), 0), coalesce(sum(late_fee) FILTER (WHERE late_fee <> 0), 0),
    coalesce(sum(to_account) FILTER (WHERE to_account <> 0), 0),
    coalesce({PRINT.format(amount="to_account")} FILTER (WHERE to_account <> 0), 0)
FROM proving_contribution GROUP BY batch_id, employer_id, feed_file_id;
"""
# Entries per batch.
POSTED = f"""
DELETE FROM proof_posted;
INSERT INTO proof_posted
SELECT batch_id, b.kind, e.booked_month, e.scheme, e.area_code, e.kind, entries, amount, print
FROM (
    SELECT batch_id, booked_month, scheme, area_code, kind, count(*) AS entries, sum(amount) AS amount,
        {PRINT.format(amount="amount")} AS print
    FROM proving_entry GROUP BY batch_id, booked_month, scheme, area_code, kind
) e LEFT JOIN accounts_batch b ON b.id = e.batch_id;
"""
# The batches in which something is left over, of both sides, of what lines owe to fund accounts, or of the prints; and
# those with fund entries that are not of the scheme and area of their batch, or of none. In sound books there are none.
SUSPECT = f"""
DELETE FROM proof_suspect;
INSERT INTO proof_suspect
WITH account AS MATERIALIZED (
    SELECT id, scheme, area_code, {OF_REST} - {PLACE.format("kind")} AS place FROM accounts_fundaccount
), batch AS (
    SELECT id, scheme, area_code, kind IN ({LINES}) AS has_lines FROM accounts_batch
)
SELECT batch_id FROM (
    SELECT batch_id, {RECEIVED_PLACED} + print AS number, NULL::int AS stray FROM proof_received
    UNION ALL
    SELECT batch_id, amount * {PLACE.format("kind")}, NULL FROM ({OTHER_SIDES}) side
    UNION ALL
    SELECT batch_id, {PRINT.format(amount="amount")}, NULL FROM ({OTHER_LINES}) line GROUP BY batch_id
    UNION ALL
    SELECT batch_id, amount * {OF_REST} - CASE WHEN batch_kind IN ({LINES}) THEN print ELSE 0 END, NULL
    FROM proof_posted
    UNION ALL
    SELECT f.batch_id, f.amount * CASE WHEN b.has_lines THEN coalesce(a.place, 1e300) ELSE {OF_REST} END,
        CASE WHEN (b.scheme = a.scheme AND b.area_code = a.area_code) IS NOT TRUE THEN 1 END
    FROM proving_fundentry f LEFT JOIN account a ON a.id = f.fund_account_id LEFT JOIN batch b ON b.id = f.batch_id
) side GROUP BY batch_id HAVING sum(number) <> 0 OR sum(stray) > 0;
ANALYZE proof_suspect;
"""
# Entries per account: by the year they were booked in, and the year in which they count for interest. Interest counts
# in its period, a balance taken over in January before the year, all else when it was booked.
HELD = f"""
DELETE FROM proof_held;
INSERT INTO proof_held
SELECT e.person_id, e.scheme, e.area_code, date_part('year', e.booked_month) AS year,
    CASE WHEN t.batch_id IS NOT NULL THEN date_part('year', e.period)
        WHEN e.kind = 'opening' AND date_part('month', e.booked_month) = 1 THEN date_part('year', e.booked_month) - 1
        ELSE date_part('year', e.booked_month) END AS counted_year,
    t.batch_id IS NOT NULL AS is_interest, sum(e.amount),
    coalesce(-sum(e.amount) FILTER (WHERE e.kind IN ({listed(PAYOUT_KINDS)})), 0),
    min(e.booked_month), max(e.booked_month)
FROM proving_entry e LEFT JOIN accounts_interestterms t USING (batch_id)
GROUP BY e.person_id, e.scheme, e.area_code, year, counted_year, is_interest;
"""
# What the planner has to know of the sums; a small sample tells it.
KNOW = """
SET LOCAL default_statistics_target = 10;
ANALYZE {};
RESET default_statistics_target;
"""


def prepare(cursor, since=None):
    """Make views and tables of this session, over what was booked since a month (None: over everything)."""
    recent, of_recent = (" WHERE {month} >= {since}", OF_RECENT_BATCHES) if since else ("", "")
    since = sql.Literal(since)
    statements = [sql.SQL(TABLES)]
    for names in ((view, *of) for view, of in VIEWS.items()):
        view, table, month = map(sql.Identifier, names)
        statement = sql.SQL("CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {table}" + recent)
        statements.append(statement.format(view=view, table=table, month=month, since=since))
    statements += [sql.SQL(statement).format(since=since) for statement in (FUND_ENTRIES + of_recent, OPENING)]
    cursor.execute(sql.SQL("; ").join(statements))


def by_batch(cursor):
    """Sum contributions, entries and fund entries by batch, within the transaction of the proof."""
    cursor.execute(RECEIVED + POSTED + KNOW.format("proof_received, proof_posted") + SUSPECT)


def by_account(cursor):
    """Sum entries by account and year, within the transaction of the proof."""
    cursor.execute(HELD + KNOW.format("proof_held"))
