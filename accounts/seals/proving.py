"""The proof of the seals: every leaf is made anew from the ledger's own rows, every root from the leaves.

Findings come in the order of days and positions, so the first one names the first bad row.
"""

from dataclasses import dataclass, field

from django.db import connection

from accounts.canonical import SEPARATOR, VERSION, NotCanonicalError, canonical_bytes
from accounts.merkle import CHUNK, Tree, hash_of, leaf_hash, root_by_path, root_of
from accounts.models import Seal, SealedChunk

from .making import NO_SEAL, ONE_DAY, end_of, streamed
from .paths import split_leaves, tree_of
from .rows import BATCH_SOURCES, BATCH_TEXT, ENTRY_SOURCES, ENTRY_TEXT

FIRST = 20

ENTRIES = f"""
SELECT l.position, format('entry of person %%s, %%s of %%s, batch %%s line %%s', l.person_id, l.kind,
        to_char(l.booked_month, 'YYYY-MM'), l.batch_id, l.line), l.salt, l.leaf, e.person_id IS NOT NULL,
    concat_ws(chr({ord(SEPARATOR)}), l.person_id, l.person_seq, {ENTRY_TEXT}), l.day
FROM accounts_sealedleaf l LEFT JOIN accounts_entry e
    ON (e.person_id, e.booked_month, e.scheme, e.area_code, e.kind, e.batch_id, e.line)
    = (l.person_id, l.booked_month, l.scheme, l.area_code, l.kind, l.batch_id, l.line)
{ENTRY_SOURCES}
"""
BATCHES = f"""
SELECT l.position, format('batch %%s', l.batch_id), l.salt, l.leaf, b.id IS NOT NULL, {BATCH_TEXT}, l.day
FROM accounts_sealedbatch l LEFT JOIN accounts_batch b ON b.id = l.batch_id {BATCH_SOURCES}
"""
OF_DAY, OF_PERSON = " WHERE l.day = %s ORDER BY l.position", " WHERE l.person_id = %s ORDER BY l.day, l.position"
HOLES = """
SELECT person_id, count(*) AS leaves, max(person_seq) AS last FROM accounts_sealedleaf {of_person}
GROUP BY person_id HAVING min(person_seq) <> 1 OR max(person_seq) <> count(*) ORDER BY person_id LIMIT 20
"""
# A batch is sealed with all its entries: where the numbers differ, rows were added or lost afterwards.
UNSEALED = """
WITH sealed AS (
    SELECT batch_id, day, count(*) AS leaves FROM accounts_sealedleaf {leaves} GROUP BY batch_id, day
), posted AS (
    SELECT e.batch_id, count(*) AS entries FROM accounts_entry e
    WHERE EXISTS (SELECT FROM accounts_sealedbatch b WHERE b.batch_id = e.batch_id {batches}) {entries}
    GROUP BY e.batch_id
), compared AS (
    SELECT coalesce(s.batch_id, p.batch_id) AS batch_id, coalesce(p.entries, 0) AS entries,
        coalesce(s.leaves, 0) AS leaves, s.day AS day
    FROM sealed s FULL JOIN posted p USING (batch_id)
)
SELECT c.batch_id, c.entries, c.leaves, b.day, (
    SELECT format('person %%s, %%s of %%s, line %%s', e.person_id, e.kind, to_char(e.booked_month, 'YYYY-MM'), e.line)
    FROM accounts_entry e WHERE e.batch_id = c.batch_id AND NOT EXISTS (
        SELECT FROM accounts_sealedleaf l
        WHERE (l.person_id, l.booked_month, l.scheme, l.area_code, l.kind, l.batch_id, l.line)
            = (e.person_id, e.booked_month, e.scheme, e.area_code, e.kind, e.batch_id, e.line))
    ORDER BY e.person_id, e.kind, e.line LIMIT 1) AS first
FROM compared c LEFT JOIN accounts_sealedbatch b ON b.batch_id = c.batch_id
WHERE c.entries <> c.leaves OR b.day IS DISTINCT FROM coalesce(c.day, b.day) OR b.batch_id IS NULL
ORDER BY c.batch_id LIMIT 20
"""
STRAYS = """
SELECT DISTINCT day FROM (
    SELECT day FROM accounts_sealedleaf UNION SELECT day FROM accounts_sealedbatch
    UNION SELECT day FROM accounts_sealedchunk
) leaf WHERE day NOT IN (SELECT day FROM accounts_seal) ORDER BY day LIMIT 20
"""
WAITING = """
SELECT count(*), min(b.posted_at) FROM accounts_batch b
WHERE b.posted_at < %s AND NOT EXISTS (SELECT FROM accounts_sealedbatch s WHERE s.batch_id = b.id)
"""


@dataclass
class Proof:
    """What was gone over and what was found wrong. `waiting`: batches too late for their day, for the next seal."""

    days: int = 0
    entries: int = 0
    batches: int = 0
    waiting: int = 0
    waiting_since: object = None
    last: Seal | None = None
    findings: list = field(default_factory=list)

    def add(self, findings):
        """Keep the first findings; what comes after them is counted as none."""
        for sentence in findings:
            if len(self.findings) < FIRST:
                self.findings.append(sentence)


def prove(since=None, advance=lambda leaves: None):
    """A Proof of the seals from the day `since` on (default: of all); the chain is always proved from its beginning.

    The caller has opened a transaction in which all is seen as of one moment.
    """
    proof, previous = Proof(), None
    for seal in Seal.objects.order_by("day").iterator():
        proof.add(broken_links(seal, previous))
        if since is None or seal.day >= since:
            proof.add(_day(seal, advance))
            proof.days += 1
            proof.entries, proof.batches = proof.entries + seal.entries, proof.batches + seal.batches
        proof.last = previous = seal
    proof.add(f"leaves of {day}: there is no seal of that day" for (day,) in asked(STRAYS))
    proof.add(_holes("", []))
    bounds = {"leaves": "", "batches": "", "entries": ""}
    if since:
        bounds |= {"leaves": "WHERE day >= %s", "batches": "AND b.day >= %s"}
    proof.add(_unsealed(bounds, [since, since] if since else []))
    if previous:
        ((proof.waiting, proof.waiting_since),) = asked(WAITING, [end_of(previous.day)])
    return proof


def prove_person(person_id):
    """A Proof of what is sealed of one person (internal id): leaves, paths up to the roots, numbers, and the chain."""
    proof, previous, seals = Proof(), None, {}
    for seal in Seal.objects.order_by("day").iterator():
        proof.add(broken_links(seal, previous))
        seals[seal.day] = proof.last = previous = seal
    trees = {}
    for rows in streamed(ENTRIES + OF_PERSON, [person_id]):
        for row in rows:
            day = row[-1]
            if day not in trees:
                proof.days += 1
                trees[day] = day in seals and tree_of(seals[day])
            proof.add(_path_of_leaf(seals.get(day), trees[day], row))
        proof.entries += len(rows)
    proof.add(_holes("WHERE person_id = %s", [person_id]))
    bounds = {"leaves": "WHERE person_id = %s", "batches": "", "entries": "AND e.person_id = %s"}
    proof.add(_unsealed(bounds, [person_id, person_id]))
    return proof


def broken_links(seal, previous):
    """A seal says what its hash says, and follows the one before it by a day."""
    if seal.version != VERSION or not is_known(seal.algorithm) or seal.computed_hash() != bytes(seal.hash):
        yield f"seal of {seal.day}: it was changed after it was made, its hash is another"
    if bytes(seal.previous) != (bytes(previous.hash) if previous else NO_SEAL):
        before = f"that of {previous.day}" if previous else "nothing"
        yield f"seal of {seal.day}: it does not follow {before}, the seal before it is gone or another"
    elif previous and seal.day != previous.day + ONE_DAY:
        yield f"seal of {seal.day}: there is none of the day before"


def is_known(algorithm):
    try:
        return bool(hash_of(algorithm))
    except ValueError:
        return False


def _day(seal, advance):
    """The leaves of a day are those of the ledger's rows, stand in their chunks, and lead to the root."""
    if not is_known(seal.algorithm):
        return
    copies, seen = Copies(seal), 0
    for what, query in (("entry", ENTRIES), ("batch", BATCHES)):
        for rows in streamed(query + OF_DAY, [seal.day]):
            for position, name, *leaf in rows:
                if position != seen:
                    yield f"seal of {seal.day}, leaf {min(position, seen)}: it is gone or stands elsewhere"
                fault = fault_of(seal.algorithm, what, *leaf[:4]) or copies.fault(position, leaf[1])
                if fault:
                    yield f"seal of {seal.day}, leaf {position}: {name} {fault}"
                seen = position + 1
            advance(len(rows))
    if seen != seal.leaves:
        yield f"seal of {seal.day}, leaf {min(seen, seal.leaves)}: {seal.leaves} leaves were sealed, {seen} are there"
    yield from broken_root(seal)


def fault_of(algorithm, what, salt, leaf, is_there, text):
    """What is wrong with the row of a leaf, or None."""
    if not is_there:
        return "is gone"
    try:
        right = leaf_hash(algorithm, bytes(salt), canonical_bytes(what, text)) == bytes(leaf)
    except NotCanonicalError:
        right = False
    return None if right else "is not what was sealed"


class Copies:
    """The leaves of a day as its chunks hold them; asked in the order of positions, each chunk is read once."""

    def __init__(self, seal, chunks=SealedChunk):
        self._seal, self._chunks, self._number, self._leaves = seal, chunks, None, []

    def fault(self, position, leaf):
        number, within = divmod(position, CHUNK)
        if number != self._number:
            chunk = self._chunks.objects.filter(day=self._seal.day, number=number).first()
            self._number, self._leaves = number, split_leaves(self._seal.algorithm, chunk.leaves) if chunk else []
        if self._leaves[within : within + 1] != [bytes(leaf)]:
            return "was changed and hashed anew, or moved: the copy of its leaf is another"
        return None


def broken_root(seal, model=SealedChunk):
    """The leaves of the chunks lead to their roots, and these to the root of the day."""
    tree, leaves = Tree(seal.algorithm), 0
    chunks = model.objects.filter(day=seal.day).order_by("number").iterator(chunk_size=8)
    for place, chunk in enumerate(chunks):
        held = split_leaves(seal.algorithm, chunk.leaves)
        first = f"seal of {seal.day}, leaf {place * CHUNK}"
        if chunk.number != place:
            yield f"{first}: its chunk of leaves is gone"
        elif root_of(seal.algorithm, held) != bytes(chunk.root):
            yield f"{first} and the {CHUNK - 1} after it: their chunk was changed, they lead to another root"
        tree.add(bytes(chunk.root))
        leaves += len(held)
    if leaves != seal.leaves or tree.root() != bytes(seal.root):
        yield f"seal of {seal.day}: its leaves lead to another root"


def _path_of_leaf(seal, tree, row):
    position, name, salt, leaf, is_there, text, day = row
    if not tree:
        yield f"leaf of {day}: there is no seal of that day"
        return
    fault = fault_of(seal.algorithm, "entry", salt, leaf, is_there, text)
    if not fault:
        try:
            path = tree.path(position)
        except (IndexError, SealedChunk.DoesNotExist):
            path = []
        if root_by_path(seal.algorithm, bytes(leaf), position, seal.leaves, path) != bytes(seal.root):
            fault = "was changed and hashed anew, or moved: its path leads to another root"
    if fault:
        yield f"seal of {seal.day}, leaf {position}: {name} {fault}"


def _holes(of_person, params):
    for person, leaves, last in asked(HOLES.format(of_person=of_person), params):
        yield f"person {person}: {leaves} entries are sealed, and the last one has the number {last}"


def _unsealed(bounds, params):
    for batch, entries, leaves, day, first in asked(UNSEALED.format(**bounds), params):
        when = f"sealed with {day}" if day else "not sealed"
        named = f"; not sealed is {first}" if first else ""
        yield f"batch {batch}, {when}: {entries} entries and {leaves} leaves{named}"


def asked(query, params=()):
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()
