"""Sealing days: what goes in, in which order, and what a second run does."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from accounts import canonical, merkle, seals
from accounts.models import Batch, Entry, Seal, SealedBatch, SealedChunk, SealedLeaf
from registry.models import FeedFile
from registry.roles import acting_as
from tests.staged import benefit_line, employer_line, load, make_person, opening_line, subsidy_line

from .sealing import chain, day, findings, posted_on, run, seal_day, tampering, undo_opening


@pytest.fixture
def cast_sealed(db):
    """The cast's own records, posted and sealed on day 0."""
    last = posted_on(0)
    seal_day(0)
    return last


def post_some(person, employer, line=1):
    load("employer_contributions", [employer_line(person, employer, line=line)])
    load("openings", [opening_line(person, line=line)])


def test_everything_posted_becomes_leaves_once(cast_sealed):
    (seal,) = Seal.objects.all()
    assert (seal.entries, seal.batches) == (Entry.objects.count(), Batch.objects.count())
    assert SealedLeaf.objects.count() == seal.entries and SealedBatch.objects.count() == seal.batches
    assert bytes(seal.previous) == bytes(32)
    assert findings() == []


def test_a_leaf_is_made_of_the_entry_its_batch_and_its_file(cast_sealed, person, employer):
    post_some(person, employer)
    posted_on(1, cast_sealed)
    seal_day(1)
    entry = Entry.objects.get(person_id=person, kind="contrib_ind")
    batch = Batch.objects.get(pk=entry.batch_id)
    leaf = SealedLeaf.objects.get(person_id=person, kind="contrib_ind")
    posted = canonical.canonical_bytes("entry", "\x1f".join([
        str(person), str(leaf.person_seq), "2026-10-01", "pension", "990100", "contrib_ind", str(batch.pk), "2",
        "2026-10-01", "64000", str(entry.rule_id), "2", "", "", "", "", "contribution", batch.source_ref,
        str(int(batch.posted_at.timestamp()) * 10**6), digest_of(batch),
    ]))  # fmt: skip
    assert bytes(leaf.leaf) == hashlib.sha256(b"\x00" + bytes(leaf.salt) + posted).digest()
    assert len(bytes(leaf.salt)) == 16


def digest_of(batch):
    return bytes(FeedFile.objects.get(pk=batch.feed_file_id).digest).hex()


def test_numbers_of_a_person_go_on_without_a_hole(cast_sealed, person, employer):
    last = cast_sealed
    for number in (1, 2, 3):
        post_some(person, employer, line=number)
        last = posted_on(number, last)
        seal_day(number)
    found = SealedLeaf.objects.filter(person_id=person).order_by("person_seq")
    assert list(found.values_list("person_seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert [leaf.day for leaf in found] == [day(1), day(1), day(2), day(2), day(3), day(3)]
    assert findings() == []


def test_the_root_is_that_of_the_leaves_in_order(cast_sealed):
    (seal,) = Seal.objects.all()
    entries = SealedLeaf.objects.order_by("position").values_list("position", "leaf")
    batches = SealedBatch.objects.order_by("position").values_list("position", "leaf")
    leaves = [*entries, *batches]
    assert [position for position, _leaf in leaves] == list(range(seal.leaves))
    assert merkle.root_of("sha256", [bytes(leaf) for _position, leaf in leaves]) == bytes(seal.root)
    (chunk,) = SealedChunk.objects.all()
    assert bytes(chunk.leaves) == b"".join(bytes(leaf) for _position, leaf in leaves)
    tree = seals.tree_of(seal)
    for position, leaf in leaves:
        path = tree.path(position)
        assert merkle.root_by_path("sha256", bytes(leaf), position, seal.leaves, path) == bytes(seal.root)


def test_each_seal_names_the_one_before_and_an_empty_day_is_sealed_too(cast_sealed, person):
    load("openings", [opening_line(person)])
    posted_on(3, cast_sealed)
    made = seal_day(4)
    assert [(seal.day, seal.entries, seal.batches) for seal in made] == [
        (day(1), 0, 0),
        (day(2), 0, 0),
        (day(3), 1, 1),
        (day(4), 0, 0),
    ]
    every = list(Seal.objects.order_by("day"))
    assert [bytes(seal.previous) for seal in every[1:]] == [bytes(seal.hash) for seal in every[:-1]]
    assert bytes(made[0].root) == hashlib.sha256(b"").digest()
    assert len({bytes(seal.hash) for seal in every}) == 5
    assert findings() == []


def test_the_first_seal_is_that_of_the_first_posting(db):
    posted_on(2)
    assert [seal.day for seal in seal_day(4)] == [day(2), day(3), day(4)]


def test_nothing_posted_at_all(db):
    with tampering() as cursor:
        cursor.execute("DELETE FROM accounts_batch; DELETE FROM accounts_entry; DELETE FROM accounts_fundentry")
    assert [(seal.day, seal.leaves) for seal in seal_day(4)] == [(day(4), 0)]
    assert findings() == []


def test_a_day_is_sealed_once(cast_sealed, as_job):
    before = chain()
    assert seal_day(0) == []
    assert chain() == before
    with as_job(), pytest.raises(IntegrityError), transaction.atomic():
        seals.seal(day(0))


def test_what_is_posted_later_on_the_same_day_is_sealed_with_the_next(cast_sealed, person):
    load("openings", [opening_line(person)])
    posted_on(0, cast_sealed)
    with_late = seals_proof()
    assert (with_late.findings, with_late.waiting) == ([], 1)
    (seal,) = seal_day(1)
    assert (seal.day, seal.entries, seal.batches) == (day(1), 1, 1)
    assert seal.first_posted_at.date() == day(0)
    assert (seals_proof().findings, seals_proof().waiting) == ([], 0)


def seals_proof():
    with acting_as("read"):
        return seals.prove()


def test_a_day_ends_at_midnight_in_china(cast_sealed, person):
    load("openings", [opening_line(person), opening_line(person, line=2, kind="transfer_in")])
    early, late = Batch.objects.filter(pk__gt=cast_sealed).order_by("pk").values_list("pk", flat=True)
    with tampering() as cursor:
        cursor.execute("UPDATE accounts_batch SET posted_at = '2026-11-02 15:59:59.999999+00' WHERE id = %s", [early])
        cursor.execute("UPDATE accounts_batch SET posted_at = '2026-11-02 16:00+00' WHERE id = %s", [late])
    assert [(seal.day, seal.batches) for seal in seal_day(2)] == [(day(1), 1), (day(2), 1)]


def test_a_reversal_says_what_it_undid(cast_sealed, person):
    load("openings", [opening_line(person)])
    undo_opening(person)
    posted_on(1, cast_sealed)
    seal_day(1)
    assert findings() == []
    with tampering() as cursor:
        cursor.execute("UPDATE accounts_reversal SET line = line + 1 WHERE person_id = %s", [person])
    assert "reversal of 2026-11" in findings()[0]


@pytest.mark.parametrize("table", ["seal", "sealedleaf", "sealedbatch", "sealedchunk"])
@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_{} SET day = day", "DELETE FROM accounts_{}", "TRUNCATE accounts_{}"]
)
def test_seals_are_only_ever_added(cast_sealed, table, statement):
    for role in ("RESET ROLE", "SET LOCAL ROLE portal_job", "SET LOCAL ROLE portal_web"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(role)
            cursor.execute(statement.format(table))


def test_the_command_seals_up_to_yesterday_and_says_so(db):
    today = timezone.localdate()
    with tampering() as cursor:
        cursor.execute("UPDATE accounts_batch SET posted_at = %s", [timezone.now() - timedelta(days=2)])
    code, out, err = run("seal_day")
    assert (code, err) == (0, "")
    last = Seal.objects.get(day=today - timedelta(days=1))
    assert out.startswith(f"Sealed {today - timedelta(days=2)} to {last.day}: {Entry.objects.count()} entries in ")
    assert out.splitlines()[0].endswith(f"the seal of {last.day} is {bytes(last.hash).hex()}.")
    code, out, err = run("seal_day")
    assert (code, out.splitlines()[0]) == (0, f"Nothing to seal: {last.day} is the last day sealed; the seal of "
                                              f"{last.day} is {bytes(last.hash).hex()}.")  # fmt: skip


def test_today_can_be_sealed_when_named_and_no_day_to_come(db):
    today = timezone.localdate()
    code, _out, _err = run("seal_day", "--day", today)
    assert (code, chain()[-1][0]) == (0, today) and Seal.objects.get(day=today).entries == Entry.objects.count()
    code, _out, err = run("seal_day", "--day", today + timedelta(days=1))
    assert (code, err) == (2, f"{today + timedelta(days=1)} lies in the future; nothing was sealed.")


def test_the_clock_set_back_seals_nothing_twice(cast_sealed, person):
    load("openings", [opening_line(person)])
    assert seal_day(-300) == []
    assert run("seal_day", "--day", day(-300))[0] == 0
    assert len(chain()) == 1


def test_many_people_in_many_chunks(cast_sealed, employer, monkeypatch):
    monkeypatch.setattr("accounts.seals.making.ROWS_AT_ONCE", 7)
    people = [make_person(f"P{number}") for number in range(30)]
    rows = [employer_line(each, employer, line=n) for n, each in enumerate(people, 1)]
    rows += [employer_line(each, employer, line=n + 50, kind="backpay") for n, each in enumerate(people, 1)]
    load("employer_contributions", rows)
    load("subsidies", [subsidy_line(people[0])])
    load("benefits", [benefit_line(people[0], "10.00", "20.00")])
    posted_on(1, cast_sealed)
    monkeypatch.setattr("accounts.seals.making.CHUNK", 8)
    monkeypatch.setattr("accounts.merkle.CHUNK", 8)
    monkeypatch.setattr("accounts.seals.proving.CHUNK", 8)
    (seal,) = seal_day(1)
    assert seal.entries == 62 and SealedChunk.objects.filter(day=day(1)).count() == -(-seal.leaves // 8)
    assert findings(since=day(1)) == []
