"""Benefits paid by the pooled fund and from the personal account."""

from decimal import Decimal

import pytest

from accounts import history
from accounts.models import BenefitPayment
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
    make_person,
    opening_line,
)


def yuan(text):
    return Decimal(text)


@pytest.fixture
def pensioner(person):
    load("openings", [opening_line(person, "1000.00")])
    return person


def test_a_pension_from_both(pensioner):
    assert load("benefits", [benefit_line(pensioner, "2154.42", "359.71")]) == Stored(1, 0)
    batch = batches(kind="benefit")[0]
    assert entries(pensioner)[1:] == [("pension_payout", yuan("-359.71"))]
    assert fund(batch) == {"pooled": yuan("-2154.42"), "benefits": yuan("2514.13")}
    assert balance(pensioner) == yuan("640.29")
    assert BenefitPayment.objects.get(person_id=pensioner).batch_id == batch.pk


def test_a_benefit_of_the_pool_alone_has_no_entry(person):
    line = benefit_line(person, "1900.00", scheme="unemployment", kind="unemployment", bank_last_four=None)
    load("benefits", [line])
    assert entries(person) == []
    assert fund(batches()[0]) == {"pooled": yuan("-1900.00"), "benefits": yuan("1900.00")}


def test_one_batch_per_month_of_a_file(places):
    people = [make_person() for _ in range(3)]
    load("benefits", [benefit_line(person, "100.00") for person in people])
    assert [fund(batch) for batch in batches()] == [{"pooled": yuan("-300.00"), "benefits": yuan("300.00")}]


@pytest.mark.parametrize(
    ("scheme", "kind", "entry"),
    [
        ("pension", "pension", "pension_payout"),
        ("pension_resident", "pension", "pension_payout"),
        ("pension", "account_refund", "refund"),
        ("medical", "medical_settlement", "medical_spend"),
    ],
)
def test_the_entry_says_what_the_account_was_used_for(person, scheme, kind, entry):
    load("openings", [opening_line(person, scheme=scheme)])
    load("benefits", [benefit_line(person, "0.00", "50.00", scheme=scheme, kind=kind)])
    assert entries(person)[1:] == [(entry, yuan("-50.00"))]


def test_an_account_may_reach_zero_and_not_less(pensioner):
    with pytest.raises(Refused) as refused:
        load("benefits", [benefit_line(pensioner, "0.00", "1000.01")])
    (reject,) = refused.value.rejects
    assert (reject.row, reject.column, reject.value) == (2, "from_account", "1000.01")
    assert "1000.00" in reject.expected
    load("benefits", [benefit_line(pensioner, "0.00", "1000.00")])
    assert balance(pensioner) == 0


def test_after_the_account_is_empty_the_pool_pays_on(pensioner):
    """domain.md §5.4: the account reaches zero, the pension goes on; from the account it is refused."""
    load("benefits", [benefit_line(pensioner, "0.00", "1000.00")])
    later = add_months(OCTOBER, 1)
    with pytest.raises(Refused) as refused:
        load("benefits", [benefit_line(pensioner, "2154.42", "0.01", month=later)])
    assert [(r.column, r.value) for r in refused.value.rejects] == [("from_account", "0.01")]
    load("benefits", [benefit_line(pensioner, "2514.13", "0.00", month=later)])
    assert fund(batches(kind="benefit")[-1]) == {"pooled": yuan("-2514.13"), "benefits": yuan("2514.13")}
    assert balance(pensioner) == 0
    assert BenefitPayment.objects.filter(person_id=pensioner, booked_month=later).count() == 1


def test_two_payments_that_together_exceed_the_balance_are_both_named(pensioner):
    rows = [benefit_line(pensioner, "0.00", "600.00", line=line) for line in (1, 2)]
    with pytest.raises(Refused) as refused:
        load("benefits", rows)
    assert [r.row for r in refused.value.rejects] == [2, 3]


def test_no_account_no_payment_from_it(person):
    with pytest.raises(Refused) as refused:
        load("benefits", [benefit_line(person, "0.00", "1.00")])
    assert [r.column for r in refused.value.rejects] == ["from_account"]


def test_what_the_bank_returned_comes_back_on_a_line_of_its_own(pensioner):
    load("benefits", [benefit_line(pensioner, "2154.42", "359.71")])
    load("benefits", [benefit_line(pensioner, "-2154.42", "-359.71", line=2, status="returned")])
    assert balance(pensioner) == yuan("1000.00")
    assert entries(pensioner)[1:] == [("pension_payout", yuan("-359.71")), ("pension_payout", yuan("359.71"))]


@pytest.mark.parametrize(
    ("status", "from_pool", "from_account"),
    [("paid", "-1.00", "5.00"), ("paid", "0.00", "0.00"), ("returned", "1.00", "0.00"), ("returned", "0.00", "0.00")],
)
def test_signs_follow_the_state_of_the_payment(pensioner, status, from_pool, from_account):
    with pytest.raises(Refused) as refused:
        load("benefits", [benefit_line(pensioner, from_pool, from_account, status=status)])
    assert {r.column for r in refused.value.rejects} == {"from_pool"}


def test_the_same_payment_again_pays_nothing(pensioner):
    load("benefits", [benefit_line(pensioner, "10.00", "20.00")])
    assert load("benefits", [benefit_line(pensioner, "10.00", "20.00")]) == Stored(0, 1)
    assert balance(pensioner) == yuan("980.00")


def test_a_payment_known_with_another_amount_is_refused(pensioner):
    load("benefits", [benefit_line(pensioner, "10.00", "20.00")])
    with pytest.raises(Refused) as refused:
        load("benefits", [benefit_line(pensioner, "10.00", "21.00")])
    assert [(r.column, r.value) for r in refused.value.rejects] == [("from_account", "21.00")]


def test_the_office_keeps_the_records_of_the_insurance(pensioner):
    with pytest.raises(Refused) as refused:
        load("benefits", [benefit_line(pensioner, "10.00", agency_code="T-MI")])
    assert [(r.row, r.column) for r in refused.value.rejects] == [(2, "agency_code")]


def test_a_returned_payment_is_no_benefit_in_the_statement(pensioner):
    load("benefits", [benefit_line(pensioner, "2154.42", "359.71"), benefit_line(pensioner, "100.00", "50.00", line=2)])
    load("benefits", [benefit_line(pensioner, "-2154.42", "-359.71", line=3, status="returned")])
    told = history.statement(InsuredPerson.objects.get(pk=pensioner), "pension")
    assert (told.benefits_from_pool, told.benefits_from_account) == (yuan("100.00"), yuan("50.00"))
