"""Storing records (state, not history): new ones are added, changed ones updated, equal ones left alone."""

from django.utils.translation import gettext as _

from .kinds import Reject, Stored


def same_names(*names):
    """{name: t.name} for columns that staging and target call the same."""
    return {name: f"t.{name}" for name in names}


def store_records(cursor, table, model, key, columns, *, feed_file_id=None, fixed=None):
    """Merge the typed staging `table` into `model`'s table and return what happened as Stored.

    `key` and `columns`: {column of the target: expression over the staging table, aliased t}. `key` must be a unique
    constraint. `fixed`: like `columns`, but written once and never compared (ciphertext differs each time). With
    `feed_file_id`, each row written remembers the file and line it came from.
    """
    target = model._meta.db_table
    values = key | columns
    origin = {} if feed_file_id is None else {"feed_file_id": str(int(feed_file_id)), "feed_row": "t.row"}
    inserted = values | (fixed or {}) | origin
    updated = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns | origin)
    differs = (
        f"({', '.join(f'o.{name}' for name in columns)}) IS DISTINCT FROM "
        f"({', '.join(f'EXCLUDED.{name}' for name in columns)})"
    )
    cursor.execute(
        f"WITH done AS (INSERT INTO {target} AS o ({', '.join(inserted)}) "
        f"SELECT {', '.join(inserted.values())} FROM {table} t ORDER BY {', '.join(key.values())} "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {updated} WHERE {differs} "
        "RETURNING (xmax = 0) AS is_new) "
        f"SELECT (SELECT count(*) FROM {table}), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) "
        "FROM done"
    )
    lines, added, changed = cursor.fetchone()
    return Stored(added, lines - added - changed, changed)


def clashes(cursor, table, model, key, content):
    """Yield a Reject for each row whose key is known with other content, naming both values and the other's place.

    `key` and `content`: {column of the target: expression over the staging table, aliased t}; the target keeps
    `feed_file_id` and `feed_row`. For rows that are history: they are never updated.
    """
    target = model._meta.db_table
    same_key = " AND ".join(f"o.{name} = {sql}" for name, sql in key.items())
    fields = ", ".join(f"('{name}', ({sql})::text, o.{name}::text)" for name, sql in content.items())
    cursor.execute(
        f"SELECT t.row, c.name, c.new, c.old, f.name, o.feed_row FROM {table} t JOIN {target} o ON {same_key} "
        f"LEFT JOIN registry_feedfile f ON f.id = o.feed_file_id "
        f"CROSS JOIN LATERAL (VALUES {fields}) c (name, new, old) "
        f"WHERE c.new IS DISTINCT FROM c.old ORDER BY t.row LIMIT 1001"
    )
    for row, name, new, old, file_name, line in cursor.fetchall():
        sentence = _("already known as %(old)s from %(file)s, line %(line)s; what is recorded is never overwritten")
        yield Reject(
            row, name, new or "", sentence % {"old": old or "—", "file": file_name or "—", "line": line or "—"}
        )


def reject_rows(cursor, query, column, expected):
    """Yield a Reject in `column` for each (row, value) that `query` finds."""
    cursor.execute(f"{query} ORDER BY 1 LIMIT 1001")
    for row, value in cursor.fetchall():
        yield Reject(row, column, "" if value is None else str(value), expected)
