"""Balances taken over, and balances that arrive from another area."""

from decimal import Decimal

import pytest

from accounts.models import Takeover
from registry.feed.kinds import Stored
from tests.staged import Refused, balance, batches, entries, fund, load, opening_line


def yuan(text):
    return Decimal(text)


def test_an_opening_balance(person):
    assert load("openings", [opening_line(person, "12345.67")]) == Stored(1, 0)
    batch = batches()[0]
    assert (batch.kind, entries(person)) == ("opening", [("opening", yuan("12345.67"))])
    assert fund(batch) == {"taken_over": yuan("-12345.67")}
    assert balance(person) == yuan("12345.67")
    taken = Takeover.objects.get(person_id=person)
    assert (taken.source_area, taken.batch_id, taken.feed_row) == ("Old records", batch.pk, 2)


def test_a_transfer_brings_the_pooled_part_too(person):
    line = opening_line(person, "31415.92", kind="transfer_in", pooled_amount=yuan("14100.00"))
    load("openings", [line])
    batch = batches()[0]
    assert (batch.kind, entries(person)) == ("transfer_in", [("transfer_in", yuan("31415.92"))])
    assert fund(batch) == {"pooled": yuan("14100.00"), "transfers": yuan("-45515.92")}


def test_both_kinds_in_one_file_have_batches_of_their_own(person):
    load("openings", [opening_line(person), opening_line(person, line=2, kind="transfer_in")])
    assert [b.kind for b in batches()] == ["opening", "transfer_in"]
    assert balance(person) == yuan("2000.00")


def test_nothing_taken_over_opens_no_account(person):
    load("openings", [opening_line(person, "0.00")])
    assert (balance(person), entries(person)) == (None, [])
    assert Takeover.objects.filter(person_id=person).count() == 1


def test_the_same_lines_again_post_nothing(person):
    load("openings", [opening_line(person)])
    assert load("openings", [opening_line(person)]) == Stored(0, 1)
    assert len(entries(person)) == 1


@pytest.mark.parametrize("scheme", ["unemployment", "work_injury", "maternity", "medical_resident"])
def test_no_account_where_no_rule_ever_fills_one(person, scheme):
    with pytest.raises(Refused) as refused:
        load("openings", [opening_line(person, scheme=scheme)])
    assert [(r.row, r.column, r.value) for r in refused.value.rejects] == [(2, "amount", "1000.00")]
    assert balance(person, scheme) is None


def test_an_opening_brings_no_pooled_money(person):
    with pytest.raises(Refused) as refused:
        load("openings", [opening_line(person, pooled_amount=yuan("5.00"))])
    assert [r.column for r in refused.value.rejects] == ["pooled_amount"]


def test_a_line_that_says_something_else_is_refused_with_both_values(person):
    load("openings", [opening_line(person)], name="first.csv")
    with pytest.raises(Refused) as refused:
        load("openings", [opening_line(person, "2000.00")])
    (reject,) = refused.value.rejects
    assert (reject.row, reject.column, reject.value) == (2, "amount", "2000.00")
    assert "1000.00" in reject.expected and "first.csv" in reject.expected and "2" in reject.expected
    assert balance(person) == yuan("1000.00")
