"""The seals of the access log: made, proved, and what somebody who owns the server does to the rows is found."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts import canonical, seals
from accounts.merkle import leaf_hash, root_by_path
from accounts.models import LogChunk, LogLeaf, LogSeal
from accounts.seals.look_rows import LOOK_TEXT
from inquiries.models import AccessLog
from registry.roles import acting_as
from tests.cast import CAST
from tests.looking import moment, plant

from .sealing import run, tampering, undone

pytestmark = pytest.mark.django_db


def day(days_ago):
    return timezone.localdate() - timedelta(days=days_ago)


def seal(days_ago):
    with acting_as("job"):
        return [seals.seal_log(each) for each in seals.log_days_to_seal(day(days_ago), timezone.localdate())]


def findings(**bounds):
    with acting_as("read"):
        return seals.prove_log(**bounds).findings


@pytest.fixture
def sealed():
    """Three sealed days, one look-up of Li and two of Wang on each; each day was sealed the night after."""
    for days_ago in (4, 3, 2):
        plant(CAST.li, at=moment(days_ago))
        plant(CAST.wang, at=moment(days_ago, 11), count=2, kind="print")
        seal(days_ago)
        _sealed_at(days_ago)


def _sealed_at(days_ago):
    """The seal was made in the night after its day, as it would have been; its hash with it."""
    made = LogSeal.objects.get(day=day(days_ago))
    made.sealed_at = moment(days_ago - 1, 2)
    with tampering() as cursor:
        cursor.execute(
            "UPDATE accounts_logseal SET sealed_at = %s, hash = %s WHERE day = %s",
            [made.sealed_at, made.computed_hash(), made.day],
        )


def test_each_day_holds_its_look_ups_and_follows_the_day_before(sealed):
    made = list(LogSeal.objects.order_by("day"))
    assert [each.day for each in made] == [day(4), day(3), day(2)]
    assert [each.looks for each in made][1:] == [3, 3]
    assert [bytes(each.previous) for each in made[1:]] == [bytes(each.hash) for each in made[:-1]]
    assert findings() == []


def test_the_first_seal_takes_in_all_that_was_before():
    plant(CAST.li, at=moment(400))
    (made,) = seal(1)
    assert made.looks == AccessLog.objects.filter(at__lt=moment(0, 0)).count() > 0
    assert findings() == []


def test_an_empty_day_is_sealed(sealed):
    (made,) = seal(1)
    assert (made.looks, made.first_at) == (0, None)
    assert findings() == []


def test_a_day_is_sealed_once(sealed):
    with pytest.raises(IntegrityError), acting_as("job"):
        seals.seal_log(day(2))
    assert seals.log_days_to_seal(day(2), timezone.localdate()) == []


def test_no_day_of_the_future():
    with pytest.raises(seals.DayIsNotOver):
        seals.log_days_to_seal(day(-1), timezone.localdate())


def test_nothing_is_hashed_when_a_row_is_written():
    plant(CAST.li)
    assert not LogLeaf.objects.exists()
    assert {f.name for f in AccessLog._meta.concrete_fields}.isdisjoint({"hash", "leaf", "salt", "previous"})


def test_a_row_of_today_sealed_at_noon_goes_on_in_the_next_seal():
    plant(CAST.li, at=timezone.now() - timedelta(minutes=1))
    seal(0)
    plant(CAST.li, at=timezone.now())
    assert findings() == []
    with acting_as("job"):
        made = seals.seal_log(day(-1))
    assert made.looks == 1
    assert findings() == []


CHANGES = [
    "at = at + interval '1 second'",
    "kind = 'look'",
    "page = 'inquiries.me'",
    "detail = 'x'",
    "inquiry_id = inquiry_id + 1",
    "user_id = user_id + 1",
    "employer_id = 1",
    "visit_id = 1",
    "channel = 'web'",
    "capacity = 'self'",
    "purpose = 'verify'",
    "legal_basis = 'x'",
    "agency_code = 'x'",
    "office = 'x'",
]


def a_row():
    return AccessLog.objects.filter(kind="print").order_by("at")[3]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_named(sealed, change):
    row = a_row()
    with tampering() as cursor:
        cursor.execute(f"UPDATE inquiries_accesslog SET {change} WHERE act = %s", [row.act])
    assert f"look-up {row.act} of person {row.person_id} in {row.month:%Y-%m} is not what was sealed" in findings()[0]


@pytest.mark.parametrize(
    "change", ["person_id = person_id + 1000000", "month = month - interval '1 month'", "act = gen_random_uuid()"]
)
def test_a_row_under_another_key_is_named(sealed, change):
    row = a_row()
    with tampering() as cursor:
        cursor.execute(f"UPDATE inquiries_accesslog SET {change} WHERE act = %s", [row.act])
    assert f"look-up {row.act} of person {row.person_id} in {row.month:%Y-%m} is gone" in findings()[0]


def test_a_removed_row_is_named(sealed):
    row = a_row()
    with tampering() as cursor:
        cursor.execute("DELETE FROM inquiries_accesslog WHERE act = %s", [row.act])
    assert f"look-up {row.act} of person {row.person_id} in {row.month:%Y-%m} is gone" in findings()[0]


def test_a_row_added_to_a_sealed_day_is_named_and_never_sealed(sealed):
    plant(CAST.wu, at=moment(3, 15))
    row = AccessLog.objects.get(at=moment(3, 15))
    assert findings()[0] == (
        f"access log, look-up {row.act} of person {row.person_id} at {row.at:%Y-%m-%d %H:%M:%S}: "
        "it was added after its time was sealed"
    )
    assert seal(1)[0].looks == 0
    assert "it was added" in findings()[0]


def test_two_rows_exchanged_are_named(sealed):
    first, second = AccessLog.objects.filter(kind="print").order_by("at")[2:4]
    with tampering() as cursor:
        for row, at in ((first, second.at), (second, first.at)):
            cursor.execute("UPDATE inquiries_accesslog SET at = %s WHERE act = %s", [at, row.act])
    assert f"look-up {first.act} " in findings()[0]
    assert f"look-up {second.act} " in findings()[1]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_last_rows_cut_off_with_their_leaves_are_found(sealed, count):
    acts = list(AccessLog.objects.filter(at__lt=moment(1, 0)).order_by("-at").values_list("act", flat=True)[:count])
    with tampering() as cursor:
        for table in ("inquiries_accesslog", "accounts_logleaf"):
            cursor.execute(f"DELETE FROM {table} WHERE act = ANY (%s)", [acts])
    assert findings()[0].startswith("access log, seal of ")


def test_the_last_seals_cut_off_are_found_by_a_published_one(sealed):
    last = LogSeal.objects.latest("day")
    published = f"{last.day}={bytes(last.hash).hex()}"
    assert run("verify_seals", "--published-log", published)[0] == 0
    with tampering() as cursor:
        cursor.execute("DELETE FROM inquiries_accesslog WHERE at >= %s", [moment(2, 0)])
        for table in ("logleaf", "logchunk", "logseal"):
            cursor.execute(f"DELETE FROM accounts_{table} WHERE day >= %s", [day(2)])
    assert findings() == []
    code, _out, err = run("verify_seals", "--published-log", published)
    assert code == 1
    assert "it is not the published one" in err


def test_a_row_changed_and_hashed_anew_is_named(sealed):
    row = a_row()
    leaf = LogLeaf.objects.get(act=row.act)
    with tampering() as cursor:
        cursor.execute("UPDATE inquiries_accesslog SET office = 'x' WHERE act = %s", [row.act])
        text = _text(row.act)
        fresh = leaf_hash("sha256", bytes(leaf.salt), canonical.canonical_bytes("look", text))
        cursor.execute("UPDATE accounts_logleaf SET leaf = %s WHERE act = %s", [fresh, row.act])
    assert f"look-up {row.act} " in findings()[0]
    assert "hashed anew" in findings()[0]


def _text(act):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {LOOK_TEXT} FROM inquiries_accesslog r WHERE act = %s", [act])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_logchunk SET root = leaves",
        "DELETE FROM accounts_logchunk",
        "UPDATE accounts_logleaf SET position = position + 1",
        "UPDATE accounts_logleaf SET salt = decode('00', 'hex')",
        "UPDATE accounts_logseal SET looks = looks + 1",
        "UPDATE accounts_logseal SET root = previous",
        "DELETE FROM accounts_logseal WHERE day = (SELECT min(day) FROM accounts_logseal)",
        "DELETE FROM accounts_logseal WHERE day = (SELECT min(day) + 1 FROM accounts_logseal)",
    ],
)
def test_a_change_of_the_seals_is_found(sealed, statement):
    with undone():
        with tampering() as cursor:
            cursor.execute(statement)
        assert findings()
    assert findings() == []


def test_one_persons_look_ups_lead_to_their_roots(sealed):
    leaf = LogLeaf.objects.filter(day=day(3)).order_by("position").last()
    made = LogSeal.objects.get(day=leaf.day)
    path = seals.tree_of(made, LogChunk).path(leaf.position)
    assert root_by_path("sha256", bytes(leaf.leaf), leaf.position, made.looks, path) == bytes(made.root)
    with acting_as("read"):
        proof = seals.prove_looks_of(leaf.person_id)
    assert proof.findings == []
    assert proof.looks == LogLeaf.objects.filter(person_id=leaf.person_id).count()
    with tampering() as cursor:
        cursor.execute("UPDATE inquiries_accesslog SET office = 'x' WHERE act = %s", [leaf.act])
    with acting_as("read"):
        assert f"look-up {leaf.act} " in seals.prove_looks_of(leaf.person_id).findings[0]


def test_the_commands_speak_of_the_log_too():
    plant(CAST.li, at=moment(1))
    code, out, err = run("seal_day")
    made = LogSeal.objects.get()
    assert (code, err) == (0, "")
    assert out.splitlines()[1] == (
        f"Access log: {made.looks} look-ups sealed; the seal of {made.day} is {bytes(made.hash).hex()}."
    )
    assert run("seal_day")[1].splitlines()[1].startswith("Access log: nothing to seal")
    code, out, err = run("verify_seals")
    assert (code, err) == (0, "")
    assert f"The access log's seals are whole: {made.looks} look-ups of 1 days" in out
    with tampering() as cursor:
        cursor.execute("UPDATE inquiries_accesslog SET office = 'x' WHERE at = %s", [moment(1)])
    code, _out, err = run("verify_seals")
    assert code == 1
    assert "access log, seal of" in err


def test_a_record_of_a_look_up_never_changes_its_bytes():
    text = canonical.SEPARATOR.join(
        [
            *("12", "2026-11-01", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "1793500000000000", "look"),
            *("accounts.my_accounts", "", "7", "8", "", "9", "window", "clerk", "balance"),
            *("社会保险法 §74", "SI-110000", "1 号窗口"),
        ]
    )
    leaf = leaf_hash("sha256", bytes(range(16)), canonical.canonical_bytes("look", text))
    assert leaf.hex() == "6129846dd6c5f9ec17962b0f99c2c3ffed3940c0f6a812d73a2e83d3beaef31e"
