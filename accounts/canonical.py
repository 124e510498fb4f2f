"""The frozen bytes of what is sealed: entries, batches, look-ups and seals. Pure; byte by byte in docs/seals.md.

A record's bytes are one version byte and then its fields as UTF-8 text, joined by the unit separator 0x1F, the first
field naming what it is. Amounts are whole fen, days `YYYY-MM-DD`, moments microseconds since 1970 UTC, bytes lower-case
hexadecimal, and what is not known is empty. Version 1 never changes: another form gets another version byte.
"""

VERSION = 1
SEPARATOR = "\x1f"
# Of an entry: its number among the person's sealed entries, the row itself, the entry it undoes, its batch's source.
ENTRY_KEY = ("booked_month", "scheme", "area_code", "kind", "batch_id", "line")
ENTRY = (
    "person_id",
    "person_seq",
    *ENTRY_KEY,
    "period",
    "amount_fen",
    "rule_id",
    "feed_row",
    "undone_booked_month",
    "undone_kind",
    "undone_batch_id",
    "undone_line",
    "batch_kind",
    "source_ref",
    "posted_at",
    "file_sha256",
)
# Of a batch: the row itself, and its fund entries as scheme/area/kind:fen in the order of these texts, with commas.
BATCH = (
    "id",
    "kind",
    "scheme",
    "area_code",
    "booked_month",
    "employer_id",
    "slip_no",
    "source_ref",
    "file_sha256",
    "posted_at",
    "posted_by",
    "fund_entries",
)
SEAL = (
    "day",
    "algorithm",
    "entries",
    "batches",
    "first_posted_at",
    "last_posted_at",
    "sealed_at",
    "root",
    "previous",
)
# Of the access log: a look-up as it was written, and the seal of a day's look-ups.
LOOK = (
    "person_id",
    "month",
    "act",
    "at",
    "kind",
    "page",
    "detail",
    "inquiry_id",
    "user_id",
    "employer_id",
    "visit_id",
    "channel",
    "capacity",
    "purpose",
    "legal_basis",
    "agency_code",
    "office",
)
LOG_SEAL = ("day", "algorithm", "looks", "first_at", "last_at", "sealed_at", "root", "previous")
FIELDS = {"entry": ENTRY, "batch": BATCH, "seal": SEAL, "look": LOOK, "log_seal": LOG_SEAL}


class NotCanonicalError(ValueError):
    """A field holds the separator, so the record has no bytes that only it could have."""


def canonical_bytes(what, text):
    """The bytes of a record. `what`: a name of FIELDS; `text`: its fields in order, joined by SEPARATOR.

    Raises NotCanonicalError where the number of fields is not that of the record.
    """
    if text.count(SEPARATOR) != len(FIELDS[what]) - 1:
        raise NotCanonicalError(f"{what}: {text!r}")
    return b"\x01" + f"{what}{SEPARATOR}{text}".encode()


def joined(what, fields):
    """The text of a record's fields: `fields` maps each name to a text, a whole number, or None where not known."""
    values = (fields[name] for name in FIELDS[what])
    return SEPARATOR.join("" if value is None else str(value) for value in values)
