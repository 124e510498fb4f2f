"""The books: the only writer of the ledger. Patterns: docs/ledger.md.

`post` takes the batches, entries and fund rows of one file (or run) as SELECTs and writes them set-based. Scheme,
area and booked month of an entry and of a fund entry are always those of their batch, so that both sides of a batch
belong together. What the database itself refuses: accounts/ledger_guards.py.
"""

from registry.feed.staging import ROWS_WORTH_ANALYSING

POSTED = "posting_batch"
EACH_ITS_OWN = "each its own"

TABLES = f"""
CREATE TEMP TABLE IF NOT EXISTS {POSTED} (
    batch_no integer, batch_id bigint, kind text, scheme text, area_code text, booked_month date, employer_id bigint,
    slip_no text, source_ref text, feed_file_id bigint
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS posting_moved (
    person_id bigint, scheme text, area_code text, year smallint, first date, last date, current_year numeric,
    prior_years numeric
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS posting_fund (batch_no integer, kind text, amount numeric) ON COMMIT DELETE ROWS;
DELETE FROM {POSTED};
DELETE FROM posting_moved;
DELETE FROM posting_fund;
"""

# A slip's batches are numbered: a line that comes later gets a new batch, which names the same slip.
NUMBER_BATCHES = f"""
WITH opened AS MATERIALIZED (
    SELECT DISTINCT batch_no, kind, scheme, area_code, booked_month, employer_id, slip_no, source_ref,
        {{file}} AS feed_file_id
    FROM ({{batches}}) b
), earlier AS (
    SELECT kind, scheme, area_code, booked_month, slip_no, count(*) AS batches
    FROM (SELECT DISTINCT kind, scheme, area_code, booked_month, slip_no FROM opened WHERE slip_no <> '') slip
    JOIN accounts_batch USING (kind, scheme, area_code, booked_month, slip_no)
    GROUP BY kind, scheme, area_code, booked_month, slip_no
)
INSERT INTO {POSTED}
SELECT batch_no, nextval(pg_get_serial_sequence('accounts_batch', 'id')), kind, scheme, area_code, booked_month,
    employer_id, slip_no, coalesce(source_ref, concat_ws('/', kind, area_code, scheme, to_char(booked_month, 'YYYYMM'),
        CASE WHEN slip_no = '' THEN format('file/%%s', feed_file_id)
        ELSE format('slip/%%s/%%s', slip_no, coalesce(batches, 0) + row_number() OVER slip) END)),
    feed_file_id
FROM opened LEFT JOIN earlier USING (kind, scheme, area_code, booked_month, slip_no)
WINDOW slip AS (PARTITION BY kind, scheme, area_code, booked_month, slip_no ORDER BY feed_file_id, employer_id)
"""

OPEN_BATCHES = f"""
INSERT INTO accounts_batch (id, kind, scheme, area_code, booked_month, employer_id, slip_no, source_ref, feed_file_id,
    posted_at, posted_by)
SELECT batch_id, kind, scheme, area_code, booked_month, employer_id, slip_no, source_ref, feed_file_id,
    statement_timestamp(), %s::bigint
FROM {POSTED} ORDER BY batch_id
"""

# What moved on each account is summed from the very rows that were inserted.
ADD_ENTRIES = f"""
WITH added AS (
    INSERT INTO accounts_entry (person_id, booked_month, scheme, area_code, kind, batch_id, line, period, amount,
        rule_id, feed_row)
    SELECT e.person_id, b.booked_month, b.scheme, b.area_code, e.kind, b.batch_id, e.line, e.period, e.amount,
        e.rule_id, e.feed_row
    FROM ({{entries}}) e JOIN {POSTED} b USING (batch_no)
    RETURNING person_id, scheme, area_code, booked_month, amount
)
INSERT INTO posting_moved {{moved}}
"""
MOVED_IN_ONE_YEAR = """
SELECT person_id, scheme, area_code, extract(year FROM max(booked_month)), min(booked_month), max(booked_month),
    sum(amount), 0
FROM added GROUP BY person_id, scheme, area_code
"""
MOVED_IN_YEARS = """
SELECT person_id, scheme, area_code, last_year, min(first), max(last),
    coalesce(sum(amount) FILTER (WHERE year = last_year), 0), coalesce(sum(amount) FILTER (WHERE year < last_year), 0)
FROM (
    SELECT person_id, scheme, area_code, extract(year FROM booked_month) AS year, sum(amount) AS amount,
        min(booked_month) AS first, max(booked_month) AS last,
        max(extract(year FROM booked_month)) OVER (PARTITION BY person_id, scheme, area_code) AS last_year
    FROM added GROUP BY 1, 2, 3, 4
) by_year GROUP BY person_id, scheme, area_code, last_year
"""

# Everybody who changes balances locks the accounts in this order, so that two runs wait and never block each other.
LOCK_ACCOUNTS = """
SELECT count(*) FROM (
    SELECT FROM accounts_account a JOIN posting_moved m USING (person_id, scheme, area_code)
    ORDER BY a.person_id, a.scheme, a.area_code FOR NO KEY UPDATE OF a
) locked
"""
# The current year of an account is the latest year booked so far; what arrives later for an earlier year joins the
# prior years, so that the order of arrival makes no difference.
UPDATE_ACCOUNTS = """
UPDATE accounts_account a SET
    opened_month = least(a.opened_month, m.first),
    last_booked_month = greatest(a.last_booked_month, m.last),
    year = greatest(a.year, m.year),
    current_year = CASE WHEN a.year >= m.year THEN a.current_year ELSE 0 END
        + CASE WHEN m.year >= a.year THEN m.current_year ELSE 0 END,
    prior_years = a.prior_years + m.prior_years
        + CASE WHEN a.year < m.year THEN a.current_year ELSE 0 END
        + CASE WHEN m.year < a.year THEN m.current_year ELSE 0 END
FROM posting_moved m
WHERE a.person_id = m.person_id AND a.scheme = m.scheme AND a.area_code = m.area_code
"""
# No upsert: that checks "not below zero" on the row it proposes to insert, and a payout alone is below zero.
OPEN_ACCOUNTS = """
INSERT INTO accounts_account (person_id, scheme, area_code, status, opened_month, last_booked_month, year, current_year,
    prior_years)
SELECT person_id, scheme, area_code, 'open', first, last, year, current_year, prior_years
FROM posting_moved m WHERE NOT EXISTS (
    SELECT FROM accounts_account a
    WHERE a.person_id = m.person_id AND a.scheme = m.scheme AND a.area_code = m.area_code
) ORDER BY person_id, scheme, area_code
"""

OPEN_FUND_ACCOUNTS = f"""
INSERT INTO accounts_fundaccount (scheme, area_code, kind)
SELECT DISTINCT b.scheme, b.area_code, f.kind FROM posting_fund f JOIN {POSTED} b USING (batch_no) ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING
"""

ADD_FUND_ENTRIES = f"""
INSERT INTO accounts_fundentry (batch_id, fund_account_id, amount)
SELECT b.batch_id, a.id, f.amount
FROM posting_fund f JOIN {POSTED} b USING (batch_no)
JOIN accounts_fundaccount a ON (a.scheme, a.area_code, a.kind) = (b.scheme, b.area_code, f.kind)
ORDER BY b.batch_id, a.id
"""

# The key of the undone entry is the key of the reversal: a second one is refused by the table itself.
ADD_REVERSALS = f"""
INSERT INTO accounts_reversal (person_id, booked_month, scheme, area_code, kind, batch_id, line, by_booked_month,
    by_batch_id, by_line)
SELECT u.person_id, u.booked_month, u.scheme, u.area_code, u.kind, u.batch_id, u.line, b.booked_month, b.batch_id,
    u.by_line
FROM ({{undone}}) u JOIN {POSTED} b USING (batch_no)
"""


def post(cursor, batches, entries, fund, *, feed_file_id=None, posted_by=None, undone=None):
    """Write batches, entries, balances and fund entries; the table POSTED then gives each batch_no its batch_id.

    batches: batch_no, kind, scheme, area_code, booked_month, employer_id, slip_no (empty: one batch per month and
             file), source_ref (null: made of the others; what does not come from a file names its own)
    entries: batch_no, person_id, kind, line (one per batch, person and kind), period, amount, rule_id, feed_row
    fund:    batch_no, kind of fund account, amount; zero amounts are left out
    undone:  batch_no, by_line, and the key of an entry that the entry of kind reversal with that line undoes:
             person_id, booked_month, scheme, area_code, kind, batch_id, line

    All are SELECTs of our own; amounts are yuan, signed, and every batch must sum to zero over both sides.
    `feed_file_id`: of the file they come from, if any; EACH_ITS_OWN where `batches` says it in a column of that name.
    `posted_by`: id of the user on whose word it is posted, where no file is the word.
    Raises django.db.IntegrityError where it does not, where a balance would fall below zero, or where no rule ever
    routed money of that scheme to an account in that area, or where an entry is undone a second time.
    """
    cursor.execute(TABLES)
    if feed_file_id is EACH_ITS_OWN:
        cursor.execute(NUMBER_BATCHES.format(batches=batches, file="b.feed_file_id"), [])
    else:
        cursor.execute(NUMBER_BATCHES.format(batches=batches, file="%s::bigint"), [feed_file_id])
    cursor.execute(OPEN_BATCHES, [posted_by])
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute(f"ANALYZE {POSTED}")
    cursor.execute(f"SELECT count(DISTINCT extract(year FROM booked_month)) FROM {POSTED}")
    moved = MOVED_IN_ONE_YEAR if cursor.fetchone()[0] == 1 else MOVED_IN_YEARS
    cursor.execute(ADD_ENTRIES.format(entries=entries, moved=moved))
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute("ANALYZE posting_moved")
    cursor.execute(LOCK_ACCOUNTS)
    cursor.execute(UPDATE_ACCOUNTS)
    cursor.execute(OPEN_ACCOUNTS)
    cursor.execute(f"INSERT INTO posting_fund SELECT batch_no, kind, amount FROM ({fund}) f WHERE amount <> 0")
    cursor.execute(OPEN_FUND_ACCOUNTS)
    cursor.execute(ADD_FUND_ENTRIES)
    if undone:
        cursor.execute(ADD_REVERSALS.format(undone=undone))
    # Here rather than at commit: an unbalanced batch is then refused where it was made.
    cursor.execute("SET CONSTRAINTS batch_sums_to_zero IMMEDIATE")
    cursor.execute("SET CONSTRAINTS batch_sums_to_zero DEFERRED")
