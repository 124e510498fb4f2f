"""One pass over each mass table, from which most checks then read: what a batch's lines and entries come to.

The temporary tables are made before the transaction of the proof, which may only read.
"""

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS proof_received (
    batch_id bigint, employer_id bigint, feed_file_id bigint, lines bigint, paid numeric, subsidy numeric,
    late_fee numeric, to_account numeric, print numeric
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS proof_posted (
    batch_id bigint, booked_month date, scheme text, area_code text, kind text, entries bigint, amount numeric,
    print numeric
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
FROM contributions_contribution GROUP BY batch_id, employer_id, feed_file_id;
INSERT INTO proof_posted
SELECT batch_id, booked_month, scheme, area_code, kind, count(*), sum(amount), {PRINT.format(amount="amount")}
FROM accounts_entry GROUP BY batch_id, booked_month, scheme, area_code, kind;
"""


def make_tables(cursor):
    """Make the temporary tables of this session; before a transaction that may only read."""
    cursor.execute(TABLES)


def scan(cursor):
    """Fill them from the mass tables, within the transaction of the proof."""
    cursor.execute("DELETE FROM proof_received; DELETE FROM proof_posted")
    cursor.execute(FILL)
    cursor.execute("ANALYZE proof_received, proof_posted")
