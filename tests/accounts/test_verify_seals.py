"""Whatever somebody who owns the server does to a sealed row is found, and the row is named; otherwise all is quiet."""

import random

import pytest

from accounts import canonical, merkle
from accounts.models import Entry, Seal, SealedBatch, SealedChunk, SealedLeaf
from accounts.seals.rows import ENTRY_SOURCES, ENTRY_TEXT
from tests.staged import benefit_line, employer_line, load, make_person, opening_line, subsidy_line

from .sealing import day, findings, posted_on, run, seal_day, tampering, undo_opening, undone

TAMPERINGS = 20
TAMPERINGS_IN_ACCEPTANCE = 200


@pytest.fixture
def sealed(person, employer):
    """Three sealed days: the cast, some contributions with a back-payment, an opening that was undone."""
    last = posted_on(0)
    people = [person, *(make_person(f"P{number}") for number in range(5))]
    rows = [employer_line(each, employer, line=n) for n, each in enumerate(people, 1)]
    load("employer_contributions", [*rows, employer_line(person, employer, line=9, kind="backpay", base="9000.00")])
    load("openings", [opening_line(person)])
    last = posted_on(1, last)
    load("subsidies", [subsidy_line(person)])
    load("benefits", [benefit_line(person, "10.00", "20.00")])
    undo_opening(person)
    posted_on(2, last)
    seal_day(2)
    return person


# Each tampering changes one row (swaps: two) and returns what the first finding has to name.


def the_entry(row):
    month = f"{row.booked_month:%Y-%m}"
    return f"entry of person {row.person_id}, {row.kind} of {month}, batch {row.batch_id} line {row.line} "


KEY = " AND ".join(
    f"{name} = %s" for name in ("person_id", "booked_month", "scheme", "area_code", "kind", "batch_id", "line")
)
CHANGES = [
    "amount = amount + 0.01",
    "amount = -amount",
    "period = period - interval '1 month'",
    "kind = 'manual'",
    "scheme = 'pension_public'",
    "area_code = '990300'",
    "booked_month = booked_month - interval '1 month'",
    "line = line + 1000",
    "person_id = person_id + 1000000",
    "rule_id = coalesce(rule_id, 0) + 1",
    "feed_row = coalesce(feed_row, 0) + 1",
]


def key_of(row):
    return [row.person_id, row.booked_month, row.scheme, row.area_code, row.kind, row.batch_id, row.line]


def any_entry(rng):
    return rng.choice(list(Entry.objects.order_by("person_id", "batch_id", "kind", "line")))


def any_leaf(rng):
    return rng.choice(list(SealedLeaf.objects.order_by("person_id", "person_seq")))


def update_an_entry(cursor, rng):
    row = any_entry(rng)
    cursor.execute(f"UPDATE accounts_entry SET {rng.choice(CHANGES)} WHERE {KEY}", key_of(row))
    return the_entry(row)


def delete_an_entry(cursor, rng):
    row = any_entry(rng)
    cursor.execute(f"DELETE FROM accounts_entry WHERE {KEY}", key_of(row))
    return the_entry(row) + "is gone"


def insert_an_entry(cursor, rng):
    row = any_entry(rng)
    cursor.execute(
        "INSERT INTO accounts_entry SELECT person_id, booked_month, scheme, area_code, kind, batch_id, 4711, period, "
        f"0.01, rule_id, feed_row FROM accounts_entry WHERE {KEY}",
        key_of(row),
    )
    return f"not sealed is person {row.person_id}, {row.kind} of {row.booked_month:%Y-%m}, line 4711"


def swap_two_amounts(cursor, rng):
    one = any_entry(rng)
    other = rng.choice([row for row in Entry.objects.all() if row.amount != one.amount])
    for row, amount in ((one, other.amount), (other, one.amount)):
        cursor.execute(f"UPDATE accounts_entry SET amount = %s WHERE {KEY}", [amount, *key_of(row)])
    return (the_entry(one), the_entry(other))


def swap_two_leaves(cursor, rng):
    """Salt and leaf of two entries change places, and so do their positions where they are of one day."""
    one = any_leaf(rng)
    other = rng.choice([leaf for leaf in SealedLeaf.objects.all() if leaf.pk != one.pk])
    for leaf, content in ((one, other), (other, one)):
        cursor.execute(
            "UPDATE accounts_sealedleaf SET salt = %s, leaf = %s WHERE (person_id, person_seq) = (%s, %s)",
            [content.salt, content.leaf, *leaf.pk],
        )
    return (the_entry(one), the_entry(other))


def edit_and_rehash(cursor, rng):
    """The entry is changed and its leaf made anew with the same salt, as the sealing would make it."""
    leaf = any_leaf(rng)
    cursor.execute(f"UPDATE accounts_entry SET amount = amount + 100 WHERE {KEY}", key_of(leaf))
    condition = KEY.replace("person_id", "e.person_id", 1).replace("AND ", "AND e.")
    cursor.execute(f"SELECT {ENTRY_TEXT} FROM accounts_entry e {ENTRY_SOURCES} WHERE {condition}", key_of(leaf))
    text = f"{leaf.person_id}\x1f{leaf.person_seq}\x1f{cursor.fetchone()[0]}"
    anew = merkle.leaf_hash("sha256", bytes(leaf.salt), canonical.canonical_bytes("entry", text))
    cursor.execute(
        "UPDATE accounts_sealedleaf SET leaf = %s WHERE (person_id, person_seq) = (%s, %s)", [anew, *leaf.pk]
    )
    return the_entry(leaf) + "was changed and hashed anew"


def delete_with_its_leaf(cursor, rng):
    leaf = any_leaf(rng)
    cursor.execute(f"DELETE FROM accounts_entry WHERE {KEY}", key_of(leaf))
    cursor.execute("DELETE FROM accounts_sealedleaf WHERE (person_id, person_seq) = (%s, %s)", leaf.pk)
    return f"seal of {leaf.day}, leaf {leaf.position}: it is gone"


def change_a_leaf(cursor, rng):
    leaf = any_leaf(rng)
    change = rng.choice([
        "salt = substr(salt, 1, 15) || '\\x00'", "leaf = sha256(leaf)", "day = day + 300", "position = position + 300",
        "person_seq = person_seq + 300", "line = line + 300", "batch_id = batch_id + 300",
    ])  # fmt: skip
    cursor.execute(f"UPDATE accounts_sealedleaf SET {change} WHERE (person_id, person_seq) = (%s, %s)", leaf.pk)
    moved = change.startswith(("day", "position"))
    return f"leaf {leaf.position}: it is gone" if moved else f"seal of {leaf.day}, leaf {leaf.position}: entry of"


BATCH_CHANGES = [
    "kind = 'interest'", "scheme = 'maternity'", "area_code = '990300'", "booked_month = '2020-01-01'",
    "employer_id = coalesce(employer_id, 0) + 1", "slip_no = slip_no || '0'", "source_ref = source_ref || '0'",
    "feed_file_id = NULL, posted_by = 1", "posted_at = posted_at - interval '1 microsecond'",
]  # fmt: skip


def change_a_batch(cursor, rng):
    """The first row named is an entry of it where the entries' leaves hold the field too, else the batch."""
    batch = rng.choice(list(SealedBatch.objects.order_by("batch_id")))
    cursor.execute(f"UPDATE accounts_batch SET {rng.choice(BATCH_CHANGES)} WHERE id = %s", [batch.batch_id])
    return f"batch {batch.batch_id} "


def delete_a_batch(cursor, rng):
    batch = rng.choice(list(SealedBatch.objects.order_by("batch_id")))
    cursor.execute("DELETE FROM accounts_batch WHERE id = %s", [batch.batch_id])
    return f"batch {batch.batch_id} "


def change_a_fund_entry(cursor, rng):
    cursor.execute("SELECT batch_id, fund_account_id FROM accounts_fundentry ORDER BY 1, 2")
    row = rng.choice(cursor.fetchall())
    change = rng.choice(["UPDATE accounts_fundentry SET amount = amount + 1", "DELETE FROM accounts_fundentry"])
    cursor.execute(f"{change} WHERE (batch_id, fund_account_id) = (%s, %s)", row)
    return f"batch {row[0]} is not what was sealed"


def add_a_fund_entry(cursor, rng):
    batch = rng.choice(list(SealedBatch.objects.order_by("batch_id")))
    cursor.execute(
        "INSERT INTO accounts_fundentry (batch_id, fund_account_id, amount) VALUES (%s, 987654, 1)", [batch.batch_id]
    )
    return f"batch {batch.batch_id} is not what was sealed"


def change_a_seal(cursor, rng):
    seal = rng.choice(list(Seal.objects.all()))
    change = rng.choice([
        "version = 2", "algorithm = 'sha512'", "entries = entries + 1", "batches = batches + 1",
        "first_posted_at = first_posted_at - interval '1 microsecond'", "last_posted_at = sealed_at",
        "sealed_at = sealed_at + interval '1 microsecond'", "root = sha256(root)", "previous = sha256(previous)",
        "hash = sha256(hash)", "algorithm = 'none'",
    ])  # fmt: skip
    cursor.execute(f"UPDATE accounts_seal SET {change} WHERE day = %s", [seal.day])
    return f"seal of {seal.day}: it was changed"


def delete_a_seal_in_between(cursor, rng):
    cursor.execute("DELETE FROM accounts_seal WHERE day = %s", [day(rng.choice([0, 1]))])
    return "it does not follow"


def change_a_chunk(cursor, rng):
    chunk = rng.choice(list(SealedChunk.objects.all()))
    place = rng.randrange(len(chunk.leaves))
    change = rng.choice([f"leaves = set_byte(leaves, {place}, get_byte(leaves, {place}) # 1)", "root = sha256(root)"])
    cursor.execute(f"UPDATE accounts_sealedchunk SET {change} WHERE day = %s", [chunk.day])
    return f"seal of {chunk.day}, leaf {place // 32 if 'byte' in change else 0}"


def change_a_file(cursor, rng):
    cursor.execute("SELECT DISTINCT feed_file_id FROM accounts_batch WHERE feed_file_id IS NOT NULL ORDER BY 1")
    (file,) = rng.choice(cursor.fetchall())
    cursor.execute("UPDATE registry_feedfile SET digest = sha256(digest) WHERE id = %s", [file])
    return "is not what was sealed"


def lose_a_reversal(cursor, rng):
    cursor.execute("DELETE FROM accounts_reversal")
    return "reversal of 2026-11"


DEEDS = [deed for name, deed in list(globals().items()) if name.split("_")[0] in (
    "update", "delete", "insert", "swap", "edit", "change", "add", "lose")]  # fmt: skip
COUNTS = [TAMPERINGS, pytest.param(TAMPERINGS_IN_ACCEPTANCE, marks=pytest.mark.acceptance)]


@pytest.mark.parametrize("count", COUNTS)
def test_every_tampering_is_found_and_its_row_named(sealed, count):
    rng, found = random.Random(count), []
    for number in range(count):
        deed = DEEDS[number % len(DEEDS)]
        with undone(), tampering() as cursor:
            named = deed(cursor, rng)
            assert cursor.rowcount > 0, deed.__name__
            first = [*findings(), "nothing"][0]
        found.append(any(name in first for name in ((named,) if isinstance(named, str) else named)))
        assert found[-1], f"{deed.__name__}: {named} is not in: {first}"
    assert found == [True] * count
    assert findings() == []


def test_there_are_as_many_deeds_as_are_tried_in_every_run():
    assert 15 <= len(DEEDS) <= TAMPERINGS


def test_one_person_alone(sealed):
    leaves = SealedLeaf.objects.filter(person_id=sealed).count()
    code, out, err = run("verify_seals", "--person", sealed)
    assert (code, err) == (0, "") and out.startswith(f"The seals are whole: {leaves} entries and 0 batches of 2 days")
    for deed in (update_an_entry, delete_an_entry, edit_and_rehash, insert_an_entry, swap_two_leaves):
        with undone(), tampering() as cursor:
            named = deed(cursor, Hers(sealed))
            code, _out, err = run("verify_seals", "--person", sealed)
        assert code == 1 and any(name in err for name in ((named,) if isinstance(named, str) else named)), deed


class Hers(random.Random):
    """Chooses among the rows of one person where rows have one."""

    def __init__(self, person):
        super().__init__(7)
        self.person = person

    def choice(self, rows):
        hers = [row for row in rows if getattr(row, "person_id", self.person) == self.person]
        return super().choice(hers)


def test_since_a_day_looks_at_later_leaves_alone(sealed):
    with undone(), tampering() as cursor:
        cursor.execute(
            "UPDATE accounts_entry SET amount = amount + 1 WHERE kind = 'opening' AND person_id = %s", [sealed]
        )
        assert run("verify_seals", "--since", day(2))[0] == 0
        assert run("verify_seals", "--since", day(1))[0] == 1


def test_the_command_names_the_first_row_and_ends_with_1(sealed):
    code, out, err = run("verify_seals")
    last = Seal.objects.last()
    assert (code, err) == (0, "")
    assert out.startswith("The seals are whole: ") and out.endswith(
        f"the seal of {last.day} is {bytes(last.hash).hex()}.\n"
    )
    with tampering() as cursor:
        cursor.execute("UPDATE accounts_entry SET amount = amount + 1 WHERE person_id = %s", [sealed])
    code, out, err = run("verify_seals")
    assert (code, out) == (1, "")
    assert f"The seals are broken. First: seal of {day(1)}, leaf 0: entry of person {sealed}, " in err


def test_a_published_hash_finds_a_chain_that_was_made_anew(sealed):
    """Who owns the server can make every seal anew; what was printed before says so."""
    known = bytes(Seal.objects.get(day=day(1)).hash).hex()
    assert run("verify_seals", "--published", f"{day(1)}={known}")[0] == 0
    with tampering() as cursor:
        cursor.execute("DELETE FROM accounts_seal; DELETE FROM accounts_sealedleaf; DELETE FROM accounts_sealedbatch")
        cursor.execute("DELETE FROM accounts_sealedchunk; UPDATE accounts_entry SET amount = amount + 1")
    seal_day(2)
    assert run("verify_seals")[0] == 0
    code, _out, err = run("verify_seals", "--published", f"{day(1)}={known}")
    assert (code, err.splitlines()[0]) == (1, f"seal of {day(1)}: it is not the published one")
    assert run("verify_seals", "--published", "yesterday")[0] == 2


def test_seals_at_the_end_that_are_gone_are_missed_by_their_published_hash(sealed):
    last = Seal.objects.last()
    known = f"{last.day}={bytes(last.hash).hex()}"
    with tampering() as cursor:
        for table in ("seal", "sealedleaf", "sealedbatch", "sealedchunk"):
            cursor.execute(f"DELETE FROM accounts_{table} WHERE day = %s", [last.day])
    assert run("verify_seals")[0] == 0
    assert run("verify_seals", "--published", known)[0] == 1


def test_nothing_sealed_yet(db):
    assert run("verify_seals") == (0, "Nothing is sealed yet.\n", "")


def test_a_batch_that_waits_is_told_and_is_no_finding(sealed):
    last = SealedBatch.objects.order_by("batch_id").last().batch_id
    load("openings", [opening_line(sealed, line=5)])
    posted_on(1, last)
    code, _out, err = run("verify_seals")
    assert code == 0 and err.startswith("1 batches came too late for the seal of their day (posted from 2026-11-02 ")


def test_one_snapshot_when_nobody_has_begun_one(fresh_database):
    assert run("seal_day", "--day", "2026-01-01")[0] == 0
    assert run("verify_seals")[0] == 0
