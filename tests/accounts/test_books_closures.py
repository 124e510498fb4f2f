"""The end of an account: paid out, closed, and closed it stays."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Account, Closure
from registry.feed.kinds import Stored
from registry.months import add_months
from tests.staged import (
    AREA,
    OCTOBER,
    Refused,
    balance,
    batches,
    benefit_line,
    closure_line,
    employer_line,
    entries,
    fund,
    load,
    movement_line,
    opening_line,
    personal_line,
    spending_line,
    subsidy_line,
)

NOVEMBER = add_months(OCTOBER, 1)


def yuan(text):
    return Decimal(text)


@pytest.fixture
def holder(person):
    schemes = ("pension", "medical", "pension_resident")
    load("openings", [opening_line(person, "1000.00", scheme, line=n) for n, scheme in enumerate(schemes, 1)])
    return person


def complaint(kind, rows):
    with pytest.raises(Refused) as refused:
        load(kind, rows)
    return [(r.row, r.column, r.value, r.expected) for r in refused.value.rejects]


def account(person, scheme="pension"):
    return Account.objects.get(person_id=person, scheme=scheme, area_code=AREA)


@pytest.mark.parametrize(
    ("reason", "scheme", "entry"),
    [
        ("death", "pension", "inheritance"),
        ("death", "medical", "inheritance"),
        ("lost_nationality", "pension", "refund"),
        ("settled_abroad", "pension", "refund"),
        ("left_resident", "pension_resident", "refund"),
        ("other", "pension", "closing"),
    ],
)
def test_the_reason_says_what_the_payout_is(holder, reason, scheme, entry):
    line = closure_line(holder, "1000.00", reason, scheme, note="Two accounts of one scheme")
    assert load("closures", [line]) == Stored(1, 0)
    batch = batches(kind="closing")[0]
    assert (entry, yuan("-1000.00")) in entries(holder)
    assert fund(batch) == {"benefits": yuan("1000.00")}
    closed = account(holder, scheme)
    assert (closed.status, closed.closed_month, closed.balance) == ("closed", OCTOBER, 0)
    assert Closure.objects.get(person_id=holder).batch_id == batch.pk


def test_the_month_of_the_event_and_the_month_of_the_payout(holder):
    load("closures", [closure_line(holder, "1000.00", "death", period=date(2026, 7, 1))])
    assert account(holder).closed_month == OCTOBER
    assert Closure.objects.get(person_id=holder).period == date(2026, 7, 1)
    told = complaint("closures", [closure_line(holder, "0.00", line=2, period=NOVEMBER)])
    assert told == [(2, "period", "202611", "a month not after the one it is booked in")]


def test_an_empty_account_is_closed_without_a_payout(holder):
    load("benefits", [benefit_line(holder, "0.00", "1000.00")])
    load("closures", [closure_line(holder)])
    assert (account(holder).status, fund(batches(kind="closing")[0])) == ("closed", {})


@pytest.mark.parametrize(
    "make",
    [
        lambda p, e: ("employer_contributions", employer_line(p, e, month=NOVEMBER)),
        lambda p, e: ("personal_contributions", personal_line(p, month=NOVEMBER)),
        lambda p, e: ("openings", opening_line(p, month=NOVEMBER, line=9)),
        lambda p, e: ("benefits", benefit_line(p, "10.00", "1.00", month=NOVEMBER)),
        lambda p, e: ("account_movements", movement_line(p, "-1.00", "refund", "pension", NOVEMBER)),
    ],
    ids=["employer", "personal", "opening", "benefit", "movement"],
)
def test_nothing_moves_on_a_closed_account(holder, employer, make):
    load("closures", [closure_line(holder, "990.00")])
    kind, line = make(holder, employer)
    assert complaint(kind, [line])[0] == (2, "booked_month", "202611", "the account was closed in 202610")


def test_subsidies_and_spending_of_a_closed_account_are_refused_too(holder):
    load("closures", [closure_line(holder, "990.00", scheme=s, line=n) for n, s in ((1, "pension_resident"),)])
    load("closures", [closure_line(holder, "990.00", scheme="medical", line=2)])
    for kind, line in (
        ("subsidies", subsidy_line(holder, month=NOVEMBER)),
        ("spending", spending_line(holder, "1.00", month=NOVEMBER)),
    ):
        assert complaint(kind, [line])[0][1:] == ("booked_month", "202611", "the account was closed in 202610")


def test_the_pool_pays_on_after_the_account_is_closed(holder):
    load("closures", [closure_line(holder, "1000.00", "death")])
    load("benefits", [benefit_line(holder, "9600.00", "0.00", month=NOVEMBER, kind="funeral_grant")])
    assert balance(holder) == 0


def test_a_month_that_comes_late_is_taken_and_paid_out_by_a_second_line(holder, employer):
    load("closures", [closure_line(holder, "1000.00")])
    load("employer_contributions", [employer_line(holder, employer)])
    assert balance(holder) == yuan("640.00")
    load("closures", [closure_line(holder, "640.00", line=2, month=NOVEMBER)])
    assert (balance(holder), account(holder).closed_month) == (0, OCTOBER)


def test_an_account_is_not_closed_before_its_last_entry(holder, employer):
    load("employer_contributions", [employer_line(holder, employer, month=NOVEMBER)])
    told = complaint("closures", [closure_line(holder, "1000.00")])
    assert told == [(2, "booked_month", "202610", "a month after which nothing is booked on the account")]


def test_no_more_than_the_account_holds(holder):
    told = complaint("closures", [closure_line(holder, "1000.01")])
    assert told == [(2, "amount", "1000.01", "no more than the account holds: 1000.00")]
    assert account(holder).status == "open"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"reason": "death", "payee": "self"}, "payee"),
        ({"payee": "child"}, "payee"),
        ({"reason": "left_resident"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"scheme": "pension_public"}, "scheme"),
    ],
)
def test_what_does_not_fit_is_refused(holder, changes, column):
    assert [c[:2] for c in complaint("closures", [closure_line(holder, "0.00", **changes)])] == [(2, column)]


def test_the_same_lines_again_close_nothing_and_others_are_refused(holder):
    load("closures", [closure_line(holder, "1000.00")])
    assert load("closures", [closure_line(holder, "1000.00")]) == Stored(0, 1)
    assert [c[:3] for c in complaint("closures", [closure_line(holder, "999.00")])] == [(2, "amount", "999.00")]
