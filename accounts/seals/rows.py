"""The canonical text of rows, made by the database: the fields of accounts/canonical.py in their order."""

from accounts.canonical import BATCH, ENTRY, SEPARATOR

MICROSECONDS = "(extract(epoch FROM b.posted_at) * 1000000)::bigint"
# `e` an entry, `b` its batch, `f` the batch's file, `u` the reversal that names what the entry undid.
ENTRY_VALUES = {
    "booked_month": "e.booked_month",
    "scheme": "e.scheme",
    "area_code": "e.area_code",
    "kind": "e.kind",
    "batch_id": "e.batch_id",
    "line": "e.line",
    "period": "e.period",
    "amount_fen": "(e.amount * 100)::bigint",
    "rule_id": "e.rule_id",
    "feed_row": "e.feed_row",
    "undone_booked_month": "u.booked_month",
    "undone_kind": "u.kind",
    "undone_batch_id": "u.batch_id",
    "undone_line": "u.line",
    "batch_kind": "b.kind",
    "source_ref": "b.source_ref",
    "posted_at": MICROSECONDS,
    "file_sha256": "encode(f.digest, 'hex')",
}
BATCH_VALUES = {
    "id": "b.id",
    "kind": "b.kind",
    "scheme": "b.scheme",
    "area_code": "b.area_code",
    "booked_month": "b.booked_month",
    "employer_id": "b.employer_id",
    "slip_no": "b.slip_no",
    "source_ref": "b.source_ref",
    "file_sha256": "encode(f.digest, 'hex')",
    "posted_at": MICROSECONDS,
    "posted_by": "b.posted_by",
    "fund_entries": """(
        SELECT string_agg(line, ',' ORDER BY line COLLATE "C") FROM (
            SELECT concat_ws('/', a.scheme, a.area_code, a.kind) || ':' || (s.amount * 100)::bigint AS line
            FROM accounts_fundentry s LEFT JOIN accounts_fundaccount a ON a.id = s.fund_account_id
            WHERE s.batch_id = b.id
        ) side)""",
}


def _text(names, values):
    texts = ", ".join(f"coalesce(({values[name]})::text, '')" for name in names)
    return f"concat_ws(chr({ord(SEPARATOR)}), {texts})"


# Without the first two fields, person and number: the number is given while sealing.
ENTRY_TEXT = _text(ENTRY[2:], ENTRY_VALUES)
BATCH_TEXT = _text(BATCH, BATCH_VALUES)
ENTRY_SOURCES = """
    LEFT JOIN accounts_batch b ON b.id = e.batch_id
    LEFT JOIN registry_feedfile f ON f.id = b.feed_file_id
    LEFT JOIN accounts_reversal u ON e.kind = 'reversal'
        AND (u.person_id, u.by_batch_id, u.by_line) = (e.person_id, e.batch_id, e.line)
"""
BATCH_SOURCES = "LEFT JOIN registry_feedfile f ON f.id = b.feed_file_id"
