"""Accounts on which something was booked after the interest of a year was credited: it may be another one now."""

from registry.feed.staging import ROWS_WORTH_ANALYSING
from registry.months import month

# Principal of the year, and interest of earlier years, in batches after the first with which the year was credited.
# The rows of a batch are asked for with its month, which leads to one partition.
LIST = """
CREATE TEMP TABLE interest_late ON COMMIT DROP AS
WITH credited AS (
    SELECT g.scheme, g.area_code, coalesce(min(t.batch_id), 0) AS batch_id
    FROM unnest(%(schemes)s::text[], %(areas)s::text[]) AS g (scheme, area_code)
    LEFT JOIN accounts_interestterms t ON t.scheme = g.scheme AND t.area_code = g.area_code
        AND t.period BETWEEN %(first)s AND %(last)s AND NOT t.is_closing
    GROUP BY g.scheme, g.area_code
), late AS MATERIALIZED (
    SELECT b.id, b.booked_month FROM credited c
    JOIN accounts_batch b ON b.scheme = c.scheme AND b.area_code = c.area_code AND b.id > c.batch_id
    LEFT JOIN accounts_interestterms t ON t.batch_id = b.id
    WHERE CASE WHEN t.batch_id IS NULL THEN b.booked_month <= %(last)s ELSE t.period < %(first)s END
), touched AS (
    SELECT e.person_id, e.scheme, e.area_code, max(e.batch_id) AS batch_id FROM late l CROSS JOIN LATERAL (
        SELECT person_id, scheme, area_code, batch_id FROM accounts_entry
        WHERE batch_id = l.id AND booked_month = l.booked_month OFFSET 0
    ) e GROUP BY e.person_id, e.scheme, e.area_code
)
SELECT person_id, scheme, area_code FROM touched t WHERE NOT EXISTS (
    SELECT FROM accounts_interestcredit c
    WHERE c.person_id = t.person_id AND c.scheme = t.scheme AND c.area_code = t.area_code
        AND c.period BETWEEN %(first)s AND %(last)s AND c.batch_id > t.batch_id
)
"""


def list_accounts(cursor, keys, year):
    """Fill the temporary table interest_late with them; returns the (scheme, area code) of which there are some.

    keys: the (scheme, area code) asked about. Must run in a transaction.
    """
    cursor.execute("DROP TABLE IF EXISTS interest_late")
    named = {"schemes": [scheme for scheme, _area in keys], "areas": [area for _scheme, area in keys]}
    cursor.execute(LIST, named | {"first": month(year, 1), "last": month(year, 12)})
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute("ANALYZE interest_late")
    cursor.execute("SELECT DISTINCT scheme, area_code FROM interest_late")
    return set(cursor.fetchall())
