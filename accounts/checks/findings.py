"""What a check finds: a sentence that names the offender."""

from dataclasses import dataclass

FIRST = 20


@dataclass(frozen=True)
class Finding:
    """What one check found wrong, as a sentence that names the offender."""

    check: str
    sentence: str


def found(cursor, query, sentence, params=()):
    """Yield `sentence`, filled with the row's columns, for each of the first rows that `query` finds."""
    # Materialised, the query is planned to run to its end, which in sound books it does.
    cursor.execute(f"WITH found AS MATERIALIZED ({query}) SELECT * FROM found LIMIT {FIRST}", params)
    names = [column.name for column in cursor.description]
    for row in cursor.fetchall():
        yield sentence.format(**dict(zip(names, row, strict=True)))
