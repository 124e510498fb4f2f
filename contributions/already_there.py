"""Which lines of a file are stored already: the key of a slip and line says so, never the file they come in."""

from registry.feed.kinds import Stored
from registry.feed.records import clashes
from registry.feed.rows import file_of

KNOWN = "feed_known"

# For set-based work on a million lines: sorts and hashes in memory, no machine code for plans that run once, and no
# remembering of look-ups that never repeat.
TUNING = "SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL enable_memoize = off;"
TABLE = f"""
CREATE TEMP TABLE IF NOT EXISTS {KNOWN} (row bigint, differs boolean) ON COMMIT DELETE ROWS;
DELETE FROM {KNOWN};
"""


def nothing_known(cursor):
    """Begin with an empty `feed_known`."""
    cursor.execute(TUNING + TABLE)


def already_there(cursor, table, model, key, content, *, month=None):
    """Fill `feed_known` with the rows of the typed `table` whose key is stored; yield a Reject for each that differs.

    `table` may be a subselect of it. `key` and `content`: {column of the model: expression over the table, aliased t}.
    `month` is the column by which the model is partitioned, if it is: its first and last month in the file keep the
    other years' partitions untouched.
    """
    nothing_known(cursor)
    within, months = "", []
    if month:
        cursor.execute(f"SELECT min({key[month]}), max({key[month]}) FROM {table} t")
        within, months = f"WHERE o.{month} BETWEEN %s AND %s", list(cursor.fetchone())
        if months == [None, None]:
            return
    same_key = " AND ".join(f"o.{column} = {sql}" for column, sql in key.items())
    new, old = ", ".join(content.values()), ", ".join(f"o.{column}" for column in content)
    cursor.execute(
        f"INSERT INTO {KNOWN} SELECT t.row, ({new}) IS DISTINCT FROM ({old}) "
        f"FROM {table} t JOIN {model._meta.db_table} o ON {same_key} {within}",
        months,
    )
    cursor.execute(f"SELECT EXISTS (SELECT FROM {KNOWN} WHERE differs)")
    if cursor.fetchone()[0]:
        differing = f"(SELECT t.* FROM {table} t JOIN {KNOWN} USING (row) WHERE differs)"
        yield from clashes(cursor, differing, model, key, content)


def known(cursor):
    """Number of lines of the file that are stored already."""
    cursor.execute(f"SELECT count(*) FROM {KNOWN}")
    return cursor.fetchone()[0]


def stored_by_file(cursor, table):
    """What became of the lines of files staged together, those not known being added: {feed_file_id: Stored}."""
    cursor.execute(
        f"SELECT {file_of('t.row')}, count(*) - count(k.row), count(k.row) "
        f"FROM {table} t LEFT JOIN {KNOWN} k USING (row) GROUP BY 1"
    )
    return {file: Stored(added, there) for file, added, there in cursor.fetchall()}
