"""Sealing: what was posted up to the end of a day, and is not sealed yet, becomes leaves under that day's seal.

Whether a batch is sealed is asked of the batch, never of a date: a batch that came too late for the seal of its day
goes into the next one. A day is sealed in one transaction, so it is sealed whole or not at all.
"""

import os
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.canonical import SEPARATOR, VERSION, canonical_bytes
from accounts.merkle import CHUNK, SALT_BYTES, SHA256, Tree, leaf_hash, root_of
from accounts.models import Batch, Seal, SealedChunk
from registry.feed.staging import ROWS_WORTH_ANALYSING

from .rows import BATCH_SOURCES, BATCH_TEXT, ENTRY_SOURCES, ENTRY_TEXT

ROWS_AT_ONCE = 8 * CHUNK
NO_SEAL = bytes(32)
ONE_DAY = timedelta(days=1)

# A cursor is planned for its first rows unless told that all are wanted: then it would walk every index in order.
WHOLE_QUERIES = "SET LOCAL cursor_tuple_fraction = 1; SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"
TABLES = """
CREATE TEMP TABLE IF NOT EXISTS sealing_batch (id bigint PRIMARY KEY) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS sealing_person (person_id bigint PRIMARY KEY, last integer) ON COMMIT DELETE ROWS;
DELETE FROM sealing_batch;
DELETE FROM sealing_person;
"""
CHOOSE_BATCHES = """
INSERT INTO sealing_batch
SELECT b.id FROM accounts_batch b
WHERE b.posted_at < %s AND NOT EXISTS (SELECT FROM accounts_sealedbatch s WHERE s.batch_id = b.id)
"""
SPAN = "SELECT min(b.posted_at), max(b.posted_at) FROM sealing_batch JOIN accounts_batch b USING (id)"
# Before the first leaf is written: a look-up beside the writing was planned for an empty table and read all of it.
LAST_NUMBERS = """
INSERT INTO sealing_person
SELECT p.person_id, coalesce((
    SELECT l.person_seq FROM accounts_sealedleaf l WHERE l.person_id = p.person_id
    ORDER BY l.person_seq DESC LIMIT 1), 0)
FROM (SELECT DISTINCT person_id FROM accounts_entry WHERE batch_id IN (SELECT id FROM sealing_batch)) p
"""
ENTRIES = f"""
SELECT e.person_id, p.last + e.number, {ENTRY_TEXT}
FROM (
    SELECT e.*, row_number() OVER (PARTITION BY e.person_id ORDER BY e.booked_month, e.batch_id, e.scheme COLLATE "C",
        e.area_code COLLATE "C", e.kind COLLATE "C", e.line) AS number
    FROM accounts_entry e WHERE e.batch_id IN (SELECT id FROM sealing_batch)
) e JOIN sealing_person p USING (person_id) {ENTRY_SOURCES}
ORDER BY e.person_id, e.number
"""
BATCHES = f"""
SELECT b.id, {BATCH_TEXT} FROM sealing_batch JOIN accounts_batch b USING (id) {BATCH_SOURCES} ORDER BY b.id
"""
COPY_LEAVES = """
COPY accounts_sealedleaf (day, position, person_id, person_seq, booked_month, scheme, area_code, kind, batch_id, line,
    salt, leaf) FROM STDIN
"""
COPY_BATCHES = "COPY accounts_sealedbatch (day, position, batch_id, salt, leaf) FROM STDIN"


class DayIsNotOver(ValueError):
    """A day in the future cannot be sealed: every later day would have to wait for it."""


def end_of(day):
    """The first moment after a day, by the clock of the agency."""
    return timezone.make_aware(datetime.combine(day + ONE_DAY, time()))


def days_to_seal(until, today):
    """The days that `seal` has to be called for, in order: after the last seal, or from the first posting on.

    Raises DayIsNotOver where `until` lies after `today`.
    """
    if until > today:
        raise DayIsNotOver
    last = Seal.objects.order_by("day").last()
    if last:
        first = last.day + ONE_DAY
    else:
        posted = Batch.objects.order_by("posted_at").values_list("posted_at", flat=True).first()
        first = min(timezone.localdate(posted), until) if posted else until
    return [first + ONE_DAY * number for number in range((until - first).days + 1)]


def seal(day, *, algorithm=SHA256, advance=lambda leaves: None):
    """Seal one day and return its Seal. The caller holds the writer lock; `advance(leaves)` is told of progress.

    Raises django.db.IntegrityError where the day is sealed already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(CHOOSE_BATCHES, [end_of(day)])
        if cursor.rowcount >= ROWS_WORTH_ANALYSING:
            cursor.execute("ANALYZE sealing_batch")
        cursor.execute(LAST_NUMBERS)
        if cursor.rowcount >= ROWS_WORTH_ANALYSING:
            cursor.execute("ANALYZE sealing_person")
        cursor.execute(SPAN)
        first_posted_at, last_posted_at = cursor.fetchone()
        leaves = Leaves(day, algorithm)
        entries = _seal_entries(leaves, advance)
        batches = _seal_batches(leaves, advance)
        leaves.close()
        last = Seal.objects.order_by("day").last()
        made = Seal(
            day=day,
            version=VERSION,
            algorithm=algorithm,
            entries=entries,
            batches=batches,
            first_posted_at=first_posted_at,
            last_posted_at=last_posted_at,
            sealed_at=timezone.now(),
            root=leaves.root(),
            previous=last.hash if last else NO_SEAL,
        )
        made.hash = made.computed_hash()
        made.save(force_insert=True)
    return made


class Leaves:
    """The leaves of a day as they are made: numbered, gathered into chunks, and each chunk stored when it is full.

    chunks: the model of the chunks, SealedChunk or another with its fields.
    """

    def __init__(self, day, algorithm, chunks=SealedChunk):
        self.day, self.algorithm, self.position, self._chunks = day, algorithm, 0, chunks
        self._chunk, self._number, self._roots = [], 0, Tree(algorithm)
        self._full = []

    def add(self, salt, record):
        """The position and the leaf of a record."""
        leaf = leaf_hash(self.algorithm, salt, record)
        position, self.position = self.position, self.position + 1
        self._chunk.append(leaf)
        if len(self._chunk) == CHUNK:
            self._end_chunk()
        return position, leaf

    def _end_chunk(self):
        root = root_of(self.algorithm, self._chunk)
        self._roots.add(root)
        self._full.append(self._chunks(day=self.day, number=self._number, root=root, leaves=b"".join(self._chunk)))
        self._chunk, self._number = [], self._number + 1

    def store(self):
        """Write the chunks that are full by now."""
        self._chunks.objects.bulk_create(self._full)
        self._full = []

    def close(self):
        if self._chunk:
            self._end_chunk()
        self.store()

    def root(self):
        return self._roots.root()


def streamed(query, params=()):
    """The rows of a query in lists of ROWS_AT_ONCE, from a cursor of the server: memory does not grow with them."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_QUERIES)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, params)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows


def salts_for(count):
    by_chance = os.urandom(SALT_BYTES * count)
    return [by_chance[start : start + SALT_BYTES] for start in range(0, len(by_chance), SALT_BYTES)]


def _seal_entries(leaves, advance):
    """Make and store the leaves of the entries; returns their number."""
    for rows in streamed(ENTRIES):
        lines = []
        for (person, number, text), salt in zip(rows, salts_for(len(rows)), strict=True):
            record = canonical_bytes("entry", f"{person}{SEPARATOR}{number}{SEPARATOR}{text}")
            position, leaf = leaves.add(salt, record)
            key = text.split(SEPARATOR, 6)[:6]
            lines.append((leaves.day, position, person, number, *key, salt, leaf))
        copy_lines(COPY_LEAVES, lines)
        leaves.store()
        advance(len(rows))
    return leaves.position


def _seal_batches(leaves, advance):
    """Make and store the leaves of the batches; returns their number."""
    entries = leaves.position
    for rows in streamed(BATCHES):
        lines = []
        for (batch, text), salt in zip(rows, salts_for(len(rows)), strict=True):
            position, leaf = leaves.add(salt, canonical_bytes("batch", text))
            lines.append((leaves.day, position, batch, salt, leaf))
        copy_lines(COPY_BATCHES, lines)
        leaves.store()
        advance(len(rows))
    return leaves.position - entries


def copy_lines(statement, lines):
    with connection.cursor() as cursor, cursor.db.wrap_database_errors, cursor.copy(statement) as copy:
        for line in lines:
            copy.write_row(line)
