"""Spending from medical accounts: at hospitals and pharmacies, and for relatives."""

from decimal import Decimal

import pytest

from accounts import history
from accounts.models import Spending
from registry.feed.kinds import Stored
from registry.models import InsuredPerson
from registry.months import add_months
from tests.staged import (
    OCTOBER,
    Refused,
    balance,
    batches,
    benefit_line,
    entries,
    fund,
    load,
    opening_line,
    spending_line,
)


def yuan(text):
    return Decimal(text)


@pytest.fixture
def holder(person):
    load("openings", [opening_line(person, "500.00", "medical"), opening_line(person, line=2)])
    return person


def complaint(kind, rows):
    with pytest.raises(Refused) as refused:
        load(kind, rows)
    return [(r.row, r.column, r.value, r.expected) for r in refused.value.rejects]


def test_a_visit_paid_by_pool_account_and_patient(holder):
    assert load("spending", [spending_line(holder, "120.00", "300.00", "80.00")]) == Stored(1, 0)
    batch = batches(kind="movement")[0]
    assert entries(holder)[-1] == ("medical_spend", yuan("-120.00"))
    assert fund(batch) == {"pooled": yuan("-300.00"), "benefits": yuan("420.00")}
    assert balance(holder, "medical") == yuan("380.00")
    record = Spending.objects.get(person_id=holder)
    assert (record.provider, record.total, record.batch_id, record.feed_row) == (
        "Spruce Hospital",
        yuan("500.00"),
        batch.pk,
        2,
    )
    assert not record.is_family_aid


def test_family_mutual_aid_names_the_relation_alone(holder):
    load("spending", [spending_line(holder, "50.00", self_paid="10.00", relation="parent", visit="pharmacy")])
    assert entries(holder)[-1] == ("family_aid", yuan("-50.00"))
    assert fund(batches(kind="movement")[0]) == {"benefits": yuan("50.00")}
    assert Spending.objects.get(person_id=holder).is_family_aid


def test_a_settlement_of_the_pool_alone_has_no_entry(holder):
    before = entries(holder)
    load("spending", [spending_line(holder, "0.00", "75.00")])
    assert entries(holder) == before
    assert fund(batches(kind="movement")[0]) == {"pooled": yuan("-75.00"), "benefits": yuan("75.00")}


def test_the_parts_add_up(holder):
    told = complaint("spending", [spending_line(holder, "50.00", self_paid="1.00", total=yuan("50.99"))])
    sentence = "the sum of what the pooled fund, the account and the patient paid, above zero"
    assert told == [(2, "total", "50.99", sentence)]
    assert [c[1] for c in complaint("spending", [spending_line(holder, "0.00")])] == ["total"]


def test_the_pools_part_for_a_relative_stands_in_her_own_record(holder):
    told = complaint("spending", [spending_line(holder, "50.00", "5.00", relation="spouse")])
    assert [(row, column, value) for row, column, value, _expected in told] == [(2, "from_pool", "5.00")]


def test_no_other_account_is_spent_from(holder):
    told = complaint("spending", [spending_line(holder, scheme="pension", agency_code="T-SI")])
    assert told == [(2, "scheme", "职工基本养老保险", "a medical insurance: no other account is spent from")]


def test_no_more_than_the_account_holds_and_zero_is_reached(holder):
    rows = [spending_line(holder, "300.00"), spending_line(holder, "200.01", line=2)]
    sentence = "no more than the account holds: 500.00"
    assert complaint("spending", rows) == [
        (2, "from_account", "300.00", sentence),
        (3, "from_account", "200.01", sentence),
    ]
    load("spending", [spending_line(holder, "500.00")])
    assert balance(holder, "medical") == 0


def test_a_settlement_is_one_line_whatever_slip_it_comes_on(holder):
    twice = [spending_line(holder, settlement_no="A"), spending_line(holder, settlement_no="A", line=2)]
    assert complaint("spending", twice) == [
        (3, "settlement_no", "A", "a settlement that no other line holds"),
    ]
    load("spending", twice[:1])
    again = spending_line(holder, settlement_no="A", slip_no="P2", month=add_months(OCTOBER, 1))
    assert [c[:3] for c in complaint("spending", [again])] == [(2, "settlement_no", "A")]


def test_the_same_lines_again_post_nothing_and_others_are_refused(holder):
    load("spending", [spending_line(holder)], name="first.csv")
    assert load("spending", [spending_line(holder)]) == Stored(0, 1)
    told = complaint("spending", [spending_line(holder, "51.00")])
    assert {(row, column) for row, column, *_rest in told} == {(2, "total"), (2, "from_account")}
    assert all("first.csv, line 2" in expected for *_where, expected in told)


def test_a_settlement_comes_as_spending_or_as_a_benefit_and_never_as_both(holder):
    settled = benefit_line(holder, "0.00", "50.00", "medical", kind="medical_settlement")
    load("spending", [spending_line(holder)])
    assert complaint("benefits", [settled]) == [
        (2, "payment_no", "Y1", "none of this month: this person's settlements of the month came as spending")
    ]
    later = add_months(OCTOBER, 1)
    load("benefits", [benefit_line(holder, "0.00", "50.00", "medical", later, kind="medical_settlement")])
    told = complaint("spending", [spending_line(holder, month=later, settlement_no="JS9")])
    assert told == [
        (2, "settlement_no", "JS9", "none of this month: this person's settlements of the month came as benefits")
    ]
    load("benefits", [benefit_line(holder, "60.00", "0.00", "medical", kind="medical_reimbursement", line=7)])


def test_spending_counts_in_the_statement(holder):
    load("spending", [spending_line(holder, "120.00", "300.00")])
    load("benefits", [benefit_line(holder, "60.00", "0.00", "medical", kind="medical_reimbursement")])
    told = history.statement(InsuredPerson.objects.get(pk=holder), "medical")
    assert (told.benefits_from_pool, told.benefits_from_account) == (yuan("360.00"), yuan("120.00"))
