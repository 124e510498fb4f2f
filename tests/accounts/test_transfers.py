"""The progress of a move between areas."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Transfer, TransferEvent
from registry.feed.kinds import Stored
from registry.models import InsuredPerson
from tests.staged import Refused, entries, load, transfer_line

STATES = ["applied", "accepted", "info_sent", "money_sent", "merged"]
WORDS = dict(zip(STATES, ["已申请", "已受理", "转出地已发信息表", "资金已划转", "已办结"], strict=True))
DAY = date(2026, 10, 5)


def complaint(rows):
    with pytest.raises(Refused) as refused:
        load("transfers", rows)
    return [(r.row, r.column, r.value, r.expected) for r in refused.value.rejects]


def steps(person, *states, **changes):
    return [transfer_line(person, state, day=date(2026, 10, n), **changes) for n, state in enumerate(states, 5)]


@pytest.mark.parametrize("scheme", ["pension", "pension_public", "pension_resident", "medical", "unemployment"])
def test_a_transfer_goes_step_by_step(person, scheme):
    for step in steps(person, *STATES, scheme=scheme):
        assert load("transfers", [step]) == Stored(1, 0)
        transfer = Transfer.objects.get(person_id=person)
        assert (transfer.state, transfer.state_since) == (step["state"], step["reached_on"])
    assert TransferEvent.objects.filter(person_id=person).count() == 5
    assert entries(person) == []


def test_all_steps_at_once_in_any_order_and_again(person):
    rows = steps(person, *STATES)[::-1]
    assert load("transfers", rows) == Stored(5, 0)
    assert Transfer.objects.get(person_id=person).state == "merged"
    assert load("transfers", rows) == Stored(0, 5)


def test_steps_may_be_left_out(person):
    load("transfers", steps(person, "money_sent"))
    load("transfers", [transfer_line(person, "rejected", day=DAY, reason="No account there")])
    assert Transfer.objects.get(person_id=person).state == "rejected"


@pytest.mark.parametrize(
    ("reached", "state"),
    [("merged", "money_sent"), ("info_sent", "applied"), ("accepted", "applied")],
)
def test_a_transfer_never_goes_back(person, reached, state):
    load("transfers", [transfer_line(person, reached, day=DAY)])
    sentence = f"a state after {WORDS[reached]}, which it has reached already"
    assert complaint([transfer_line(person, state, day=DAY)]) == [(2, "state", WORDS[state], sentence)]
    assert Transfer.objects.get(person_id=person).state == reached


def test_what_is_merged_is_not_rejected(person):
    load("transfers", [transfer_line(person, "merged", day=DAY)])
    told = complaint([transfer_line(person, "rejected", day=DAY, reason="Too late")])
    assert told == [(2, "state", "不予办理", "a state after 已办结, which it has reached already")]
    other = {"application_no": "ZY2", "day": DAY}
    both = [transfer_line(person, "rejected", reason="R", **other), transfer_line(person, "merged", **other)]
    assert [c[:3] for c in complaint(both)] == [(3, "state", "已办结")]


def test_days_do_not_run_backwards(person):
    load("transfers", [transfer_line(person, "accepted", day=DAY)])
    told = complaint([transfer_line(person, "info_sent", day=date(2026, 10, 4))])
    assert told == [(2, "reached_on", "2026-10-04", "a day not before 2026-10-05, when it was 已受理")]


def test_the_same_step_told_otherwise_is_refused_with_both_places(person):
    load("transfers", steps(person, "applied"), name="first.csv")
    ((row, column, value, expected),) = complaint(steps(person, "applied", other_area="Somewhere"))
    assert (row, column, value) == (2, "other_area", "Somewhere")
    assert "Elsewhere" in expected and "first.csv, line 2" in expected


@pytest.mark.parametrize(("scheme", "word"), [("work_injury", "工伤保险"), ("maternity", "生育保险")])
def test_of_work_injury_and_maternity_nothing_moves(person, scheme, word):
    sentence = "pension, medical or unemployment insurance: of work injury and maternity nothing moves"
    assert complaint([transfer_line(person, scheme=scheme)]) == [(2, "scheme", word, sentence)]


def test_a_refusal_has_a_reason(person):
    assert [c[:2] for c in complaint([transfer_line(person, "rejected")])] == [(2, "reason")]


def test_one_application_is_told_by_both_areas(person):
    moved = {"account_amount": Decimal("31415.92"), "pooled_amount": Decimal("14100.00")}
    load("transfers", [transfer_line(person, "applied", "in"), transfer_line(person, "money_sent", "out", **moved)])
    found = Transfer.objects.of(InsuredPerson.objects.get(pk=person))
    assert {(t.direction, t.state, t.account_amount) for t in found} == {
        ("in", "applied", Decimal(0)),
        ("out", "money_sent", Decimal("31415.92")),
    }
    assert found.under_way().count() == 2
