"""The canonical text of a row of the access log, made by the database: LOOK of accounts/canonical.py in its order."""

from accounts.canonical import LOOK, SEPARATOR

VALUES = dict.fromkeys(LOOK, "") | {
    "at": "(extract(epoch FROM {row}.at) * 1000000)::bigint",
    "month": "to_char({row}.month, 'YYYY-MM-DD')",
}


def look_text(row):
    """SQL for the record of a look-up; `row`: the alias of the log's table."""
    texts = ((VALUES[name] or "{row}." + name).format(row=row) for name in LOOK)
    filled = ", ".join(f"coalesce(({text})::text, '')" for text in texts)
    return f"concat_ws(chr({ord(SEPARATOR)}), {filled})"


LOOK_TEXT = look_text("r")
