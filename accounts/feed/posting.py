"""The new lines of a file: numbered, posted with one batch per month, and stored as records."""

from dataclasses import dataclass

from accounts import books
from contributions.already_there import KNOWN, known
from registry.feed.kinds import Stored

LINE_BATCHES = """
    SELECT batch_no, batch_kind AS kind, scheme, area_code, booked_month, NULL::bigint AS employer_id, '' AS slip_no,
        NULL::text AS source_ref
    FROM ledger_line
"""


@dataclass(frozen=True)
class Posting:
    """How the lines of a kind of file become records of `model` and rows of the ledger.

    `columns`: {column of the model: expression over the typed table, aliased t}. `batch_kind`: SQL over t. `entries`,
    `fund`: SELECTs over `ledger_line` as accounts.books.post takes them.
    """

    model: type
    columns: dict
    batch_kind: str
    entries: str
    fund: str

    def __call__(self, cursor, table, feed_file_id):
        """Post and store the new lines of the typed `table`; returns Stored."""
        if not self._number_new_lines(cursor, table):
            return Stored(0, known(cursor))
        books.post(cursor, LINE_BATCHES, self.entries, self.fund, feed_file_id=feed_file_id)
        return Stored(self._store(cursor, feed_file_id), known(cursor))

    def _number_new_lines(self, cursor, table):
        """Fill `ledger_line` with the new lines, each with the number of its batch: one per month of a file."""
        cursor.execute("DROP TABLE IF EXISTS ledger_line")
        cursor.execute(
            "CREATE TEMP TABLE ledger_line ON COMMIT DROP AS SELECT t.*, k.batch_kind, "
            "dense_rank() OVER (ORDER BY k.batch_kind, t.scheme, t.area_code, t.booked_month) AS batch_no "
            f"FROM {table} t CROSS JOIN LATERAL (VALUES ({self.batch_kind})) k (batch_kind) "
            f"WHERE t.row NOT IN (SELECT row FROM {KNOWN}) ORDER BY t.person_id"
        )
        return cursor.rowcount

    def _store(self, cursor, feed_file_id):
        cursor.execute(
            f"INSERT INTO {self.model._meta.db_table} ({', '.join(self.columns)}, batch_id, feed_file_id, feed_row) "
            f"SELECT {', '.join(self.columns.values())}, b.batch_id, %s, t.row "
            f"FROM ledger_line t JOIN {books.POSTED} b USING (batch_no)",
            [feed_file_id],
        )
        return cursor.rowcount
