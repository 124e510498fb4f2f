"""What the proof goes over, and one pass over each mass table from which most checks then read.

The checks read views: all rows of a table, or those booked since the last year that is closed everywhere, whose
statements then stand for what was before. Views and temporary tables are made before the transaction of the proof,
which may only read.
"""

from psycopg import sql

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
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS proof_posted (
    batch_id bigint, batch_kind text, booked_month date, scheme text, area_code text, kind text, entries bigint,
    amount numeric, print numeric
) ON COMMIT DELETE ROWS;
"""

# The print of a batch ties each yuan to its person and row: amounts that changed places leave the sum as it was, but
# not the print. It is a sum too, so several entries of one line come to the print of the line.
PRINT = "sum({amount} * (hashint8extended(person_id, feed_row) & 1073741823))"

# Most lines have neither subsidy nor late fee, and many bring nothing to an account: a sum that skips them keeps no
# state for them.
FILL = f"""
INSERT INTO proof_received
SELECT batch_id, employer_id, feed_file_id, count(*), sum(er_share + ind_share),
    coalesce(sum(subsidy) FILTER (WHERE subsidy <> 0), 0), coalesce(sum(late_fee) FILTER (WHERE late_fee <> 0), 0),
    coalesce(sum(to_account) FILTER (WHERE to_account <> 0), 0),
    coalesce({PRINT.format(amount="to_account")} FILTER (WHERE to_account <> 0), 0)
FROM proving_contribution GROUP BY batch_id, employer_id, feed_file_id;
INSERT INTO proof_posted
SELECT batch_id, b.kind, e.booked_month, e.scheme, e.area_code, e.kind, entries, amount, print
FROM (
    SELECT batch_id, booked_month, scheme, area_code, kind, count(*) AS entries, sum(amount) AS amount,
        {PRINT.format(amount="amount")} AS print
    FROM proving_entry GROUP BY batch_id, booked_month, scheme, area_code, kind
) e LEFT JOIN accounts_batch b ON b.id = e.batch_id;
"""


def prepare(cursor, since=None):
    """Make views and tables of this session, over what was booked since a month (None: over everything)."""
    cursor.execute(TABLES)
    for view, (table, month) in VIEWS.items():
        recent = " WHERE {month} >= {since}" if since else ""
        statement = sql.SQL("CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {table}" + recent)
        names = {"view": view, "table": table, "month": month}
        names = {name: sql.Identifier(value) for name, value in names.items()}
        cursor.execute(statement.format(**names, since=sql.Literal(since)))
    statement = sql.SQL(FUND_ENTRIES + (OF_RECENT_BATCHES if since else ""))
    cursor.execute(statement.format(since=sql.Literal(since)))
    cursor.execute(sql.SQL(OPENING).format(since=sql.Literal(since)))


def scan(cursor):
    """Fill the tables from the mass tables, within the transaction of the proof."""
    cursor.execute("DELETE FROM proof_received; DELETE FROM proof_posted")
    cursor.execute(FILL)
    cursor.execute("ANALYZE proof_received, proof_posted")
