"""The seals of the access log: made from the rows of a day, and proved; like the ledger's, with a chain of their own.

Nothing is hashed when a row is written. A row is committed before its page is made, a moment after its time, so a row
whose time lies well before the sealing and that no seal holds was added afterwards: it is never sealed, and always a
finding.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.canonical import VERSION, canonical_bytes
from accounts.merkle import SHA256, root_by_path
from accounts.models import LogChunk, LogSeal

from .look_rows import LOOK_TEXT
from .making import NO_SEAL, ONE_DAY, DayIsNotOver, Leaves, copy_lines, end_of, salts_for, streamed
from .paths import tree_of
from .proving import FIRST, Copies, asked, broken_links, broken_root, fault_of, is_known

# A row may be committed this long after its time, at the most; web statements end after seconds.
GRACE = timedelta(minutes=10)
LONG_AGO = "1990-01-01T00:00:00+00:00"
CHOSEN = f"""
SELECT r.person_id, r.month, r.act, r.at, {LOOK_TEXT}
FROM inquiries_accesslog r
WHERE r.at >= %(floor)s AND r.at < %(end)s
    AND r.month >= date_trunc('month', %(floor)s::timestamptz) - interval '1 month'
    AND NOT EXISTS (
        SELECT FROM accounts_logleaf s WHERE (s.person_id, s.month, s.act) = (r.person_id, r.month, r.act))
ORDER BY r.at, r.act, r.person_id
"""
COPY = "COPY accounts_logleaf (day, position, person_id, month, act, salt, leaf) FROM STDIN"
LEAVES = f"""
SELECT s.position, format('look-up %%s of person %%s in %%s', s.act, s.person_id, to_char(s.month, 'YYYY-MM')), s.salt,
    s.leaf, r.person_id IS NOT NULL, {LOOK_TEXT}, s.day
FROM accounts_logleaf s LEFT JOIN inquiries_accesslog r
    ON (r.person_id, r.month, r.act) = (s.person_id, s.month, s.act)
"""
OF_DAY, OF_PERSON = " WHERE s.day = %s ORDER BY s.position", " WHERE s.person_id = %s ORDER BY s.day, s.position"
# Rows in the time that the seals cover, which no seal holds.
ADDED = """
SELECT r.act, r.person_id, r.at FROM inquiries_accesslog r
WHERE r.at < %s AND NOT EXISTS (
    SELECT FROM accounts_logleaf s WHERE (s.person_id, s.month, s.act) = (r.person_id, r.month, r.act)) {more}
ORDER BY r.at, r.act, r.person_id LIMIT 20
"""
STRAYS = """
SELECT DISTINCT day FROM (SELECT day FROM accounts_logleaf UNION SELECT day FROM accounts_logchunk) leaf
WHERE day NOT IN (SELECT day FROM accounts_logseal) ORDER BY day LIMIT 20
"""


@dataclass
class LogProof:
    """What was gone over and what was found wrong, the first bad row first."""

    days: int = 0
    looks: int = 0
    last: LogSeal | None = None
    findings: list = field(default_factory=list)

    def add(self, findings):
        for sentence in findings:
            if len(self.findings) < FIRST:
                self.findings.append(f"access log, {sentence}")


def log_days_to_seal(until, today):
    """The days that `seal_log` has to be called for, in order; before the first seal, `until` alone.

    The first seal takes in all that was written before. Raises DayIsNotOver where `until` lies after `today`.
    """
    if until > today:
        raise DayIsNotOver
    last = LogSeal.objects.order_by("day").last()
    first = last.day + ONE_DAY if last else until
    return [first + ONE_DAY * number for number in range((until - first).days + 1)]


def covered_until(seal):
    """The moment before which every look-up has its leaf, once this seal (None: no seal) is made."""
    return min(end_of(seal.day), seal.sealed_at) - GRACE if seal else None


def seal_log(day, *, algorithm=SHA256, advance=lambda leaves: None):
    """Seal the look-ups up to the end of a day and return the LogSeal. The caller holds the writer lock.

    Raises django.db.IntegrityError where the day is sealed already.
    """
    with transaction.atomic():
        last, now = LogSeal.objects.order_by("day").last(), timezone.now()
        bounds = {"floor": covered_until(last) or LONG_AGO, "end": end_of(day)}
        leaves, first_at, last_at = Leaves(day, algorithm, LogChunk), None, None
        for rows in streamed(CHOSEN, bounds):
            lines = []
            for (person, month, act, at, text), salt in zip(rows, salts_for(len(rows)), strict=True):
                position, leaf = leaves.add(salt, canonical_bytes("look", text))
                lines.append((day, position, person, month, act, salt, leaf))
                first_at, last_at = first_at or at, at
            copy_lines(COPY, lines)
            leaves.store()
            advance(len(rows))
        leaves.close()
        made = LogSeal(
            day=day,
            version=VERSION,
            algorithm=algorithm,
            looks=leaves.position,
            first_at=first_at,
            last_at=last_at,
            sealed_at=now,
            root=leaves.root(),
            previous=last.hash if last else NO_SEAL,
        )
        made.hash = made.computed_hash()
        made.save(force_insert=True)
    return made


def prove_log(since=None, advance=lambda leaves: None):
    """A LogProof of the seals from the day `since` on (default: of all); the chain from its beginning."""
    proof, previous = LogProof(), None
    for seal in LogSeal.objects.order_by("day").iterator():
        proof.add(broken_links(seal, previous))
        if since is None or seal.day >= since:
            proof.add(_day(seal, advance))
            proof.days, proof.looks = proof.days + 1, proof.looks + seal.looks
        proof.last = previous = seal
    proof.add(f"leaves of {day}: there is no seal of that day" for (day,) in asked(STRAYS))
    if previous:
        more, params = ("AND r.at >= %s", [end_of(since - ONE_DAY)]) if since else ("", [])
        proof.add(_added(more, [covered_until(previous), *params]))
    return proof


def prove_looks_of(person_id):
    """A LogProof of one person's look-ups (internal id): leaves, paths up to the roots, and the chain."""
    proof, previous, seals, trees = LogProof(), None, {}, {}
    for seal in LogSeal.objects.order_by("day").iterator():
        proof.add(broken_links(seal, previous))
        seals[seal.day] = proof.last = previous = seal
    for rows in streamed(LEAVES + OF_PERSON, [person_id]):
        for *row, day in rows:
            if day not in trees:
                trees[day] = day in seals and tree_of(seals[day], LogChunk)
            proof.add(_path_of(seals.get(day), trees[day], row))
        proof.looks += len(rows)
    proof.days = len(trees)
    if previous:
        proof.add(_added("AND r.person_id = %s", [covered_until(previous), person_id]))
    return proof


def _day(seal, advance):
    if not is_known(seal.algorithm):
        return
    copies, seen = Copies(seal, LogChunk), 0
    for rows in streamed(LEAVES + OF_DAY, [seal.day]):
        for position, name, *leaf, _day_of in rows:
            if position != seen:
                yield f"seal of {seal.day}, leaf {min(position, seen)}: it is gone or stands elsewhere"
            fault = fault_of(seal.algorithm, "look", *leaf) or copies.fault(position, leaf[1])
            if fault:
                yield f"seal of {seal.day}, leaf {position}: {name} {fault}"
            seen = position + 1
        advance(len(rows))
    if seen != seal.leaves:
        yield f"seal of {seal.day}, leaf {min(seen, seal.leaves)}: {seal.leaves} leaves were sealed, {seen} are there"
    yield from broken_root(seal, LogChunk)


def _path_of(seal, tree, row):
    position, name, *leaf = row
    if not tree:
        yield f"{name}: there is no seal of its day"
        return
    fault = fault_of(seal.algorithm, "look", *leaf)
    if not fault:
        try:
            path = tree.path(position)
        except (IndexError, LogChunk.DoesNotExist):
            path = []
        if root_by_path(seal.algorithm, bytes(leaf[1]), position, seal.leaves, path) != bytes(seal.root):
            fault = "was changed and hashed anew, or moved: its path leads to another root"
    if fault:
        yield f"seal of {seal.day}, leaf {position}: {name} {fault}"


def _added(more, params):
    for act, person, at in asked(ADDED.format(more=more), params):
        yield f"look-up {act} of person {person} at {at:%Y-%m-%d %H:%M:%S}: it was added after its time was sealed"
