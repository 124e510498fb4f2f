"""Movements of personal accounts: allocated, paid back, set off, sent away, adjusted."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from accounts import checks
from accounts.models import Entry, Movement
from contributions.models import AccountQuota, ContributionRule
from registry.feed.kinds import Stored
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests.staged import (
    AREA,
    OCTOBER,
    Refused,
    balance,
    batches,
    entries,
    fund,
    load,
    make_person,
    movement_line,
    opening_line,
)

from .correcting import corrected, right
from .tamperings import tampering

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def yuan(text):
    return Decimal(text)


@pytest.fixture
def holder(person):
    load("openings", [opening_line(person, "1000.00"), opening_line(person, "500.00", "medical", line=2)])
    return person


def complaint(kind, rows):
    with pytest.raises(Refused) as refused:
        load(kind, rows)
    return [(r.row, r.column, r.value, r.expected) for r in refused.value.rejects]


def test_a_quota_from_the_pool_fills_the_account_by_the_rule_it_names(person):
    assert load("account_movements", [movement_line(person)]) == Stored(1, 0)
    batch = batches()[0]
    assert (batch.kind, entries(person)) == ("movement", [("pool_allocation", yuan("140.00"))])
    assert fund(batch) == {"pooled": yuan("-140.00")}
    assert balance(person, "medical") == yuan("140.00")
    rule = ContributionRule.objects.get(pk=Entry.objects.get(person_id=person).rule_id)
    assert (rule.scheme, rule.category, rule.pool_quota) == ("medical", "retiree", True)
    record = Movement.objects.get(person_id=person)
    assert (record.batch_id, record.feed_row, record.amount) == (batch.pk, 2, yuan("140.00"))


@pytest.mark.parametrize(
    ("scheme", "month"), [("pension", OCTOBER), ("medical", date(2022, 12, 1)), ("unemployment", OCTOBER)]
)
def test_no_quota_where_no_rule_in_force_gives_one(person, scheme, month):
    told = complaint("account_movements", [movement_line(person, scheme=scheme, month=month)])
    sentence = "a month for which a rule in force gives the account a quota from the pooled fund"
    assert (2, "period", f"{month:%Y%m}", sentence) in told
    assert entries(person) == []


@pytest.mark.parametrize(
    ("kind", "more", "sides"),
    [
        ("refund", {}, {"benefits": "300.00"}),
        ("offset_overpayment", {}, {"pooled": "300.00"}),
        ("transfer_out", {"pooled_amount": yuan("450.00")}, {"pooled": "-450.00", "transfers": "750.00"}),
        ("manual", {"reason": "Counted twice", "document_no": "D7"}, {"adjustments": "300.00"}),
    ],
)
def test_what_leaves_the_account(holder, kind, more, sides):
    load("account_movements", [movement_line(holder, "-300.00", kind, "pension", **more)])
    assert entries(holder)[-1] == (kind, yuan("-300.00"))
    assert fund(batches(kind="movement")[0]) == {name: yuan(amount) for name, amount in sides.items()}
    assert balance(holder) == yuan("700.00")


def test_an_adjustment_may_add_too(holder):
    line = movement_line(holder, "0.05", "manual", "pension", reason="Rounding of 1998", document_no="D8")
    load("account_movements", [line])
    assert balance(holder) == yuan("1000.05")
    assert fund(batches(kind="movement")[0]) == {"adjustments": yuan("-0.05")}


def test_pooled_money_may_move_alone(person):
    load("account_movements", [movement_line(person, "0.00", "transfer_out", "pension", pooled_amount=yuan("12.00"))])
    assert (entries(person), balance(person)) == ([], None)
    assert fund(batches()[0]) == {"pooled": yuan("-12.00"), "transfers": yuan("12.00")}


def test_one_batch_holds_a_month_of_a_file_and_its_sides_are_sums(holder):
    other = make_person()
    load(
        "account_movements",
        [
            movement_line(holder),
            movement_line(other, "157.50", line=2),
            movement_line(holder, "-40.00", "refund", line=3),
            movement_line(holder, "-60.00", "offset_overpayment", "pension", line=4),
        ],
    )
    assert [(b.scheme, fund(b)) for b in batches(kind="movement")] == [
        ("medical", {"pooled": yuan("-297.50"), "benefits": yuan("40.00")}),
        ("pension", {"pooled": yuan("60.00")}),
    ]


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("pool_allocation", "-1.00", "an amount above zero: it comes to the account"),
        ("pool_allocation", "0.00", "an amount above zero: it comes to the account"),
        ("refund", "1.00", "an amount below zero: it leaves the account"),
        ("offset_overpayment", "1.00", "an amount below zero: it leaves the account"),
        ("transfer_out", "1.00", "an amount below zero: it leaves the account"),
        ("transfer_out", "0.00", "an amount below zero: it leaves the account"),
        ("manual", "0.00", "an amount above or below zero"),
    ],
)
def test_a_wrong_sign_is_refused(holder, kind, amount, expected):
    line = movement_line(holder, amount, kind, reason="R", document_no="D")
    assert complaint("account_movements", [line]) == [(2, "amount", amount, expected)]


def test_no_more_than_the_account_holds(holder):
    told = complaint("account_movements", [movement_line(holder, "-1000.01", "refund", "pension")])
    assert told == [(2, "amount", "-1000.01", "no more than the account holds: 1000.00")]
    load("account_movements", [movement_line(holder, "-1000.00", "refund", "pension")])
    assert balance(holder) == 0


def test_only_a_transfer_takes_pooled_money_along(holder):
    line = movement_line(holder, "-1.00", "refund", "pension", pooled_amount=yuan("2.00"))
    sentence = "0.00: only a transfer takes money of the pooled fund along"
    assert complaint("account_movements", [line]) == [(2, "pooled_amount", "2.00", sentence)]


def test_an_adjustment_by_hand_is_explained(holder):
    told = complaint("account_movements", [movement_line(holder, "-1.00", "manual", "pension")])
    assert [(row, column) for row, column, *_rest in told] == [(2, "reason"), (2, "document_no")]


def test_the_same_lines_again_post_nothing_and_others_are_refused_with_both_places(holder):
    load("account_movements", [movement_line(holder)], name="first.csv")
    assert load("account_movements", [movement_line(holder)]) == Stored(0, 1)
    ((row, column, value, expected),) = complaint("account_movements", [movement_line(holder, "141.00")])
    assert (row, column, value) == (2, "amount", "141.00")
    assert "140.00" in expected and "first.csv" in expected and "line 2" in expected
    assert balance(holder, "medical") == yuan("640.00")


def test_the_office_keeps_the_records_of_the_insurance(holder):
    told = complaint("account_movements", [movement_line(holder, agency_code="T-SI")])
    assert [(row, column) for row, column, *_rest in told] == [(2, "agency_code")]


@pytest.mark.parametrize("scheme", ["unemployment", "work_injury", "maternity", "medical_resident"])
def test_no_account_where_no_rule_ever_fills_one(person, scheme):
    line = movement_line(person, "5.00", "manual", scheme, reason="R", document_no="D")
    told = complaint("account_movements", [line])
    assert told == [(2, "amount", "5.00", "0.00: no rule of this insurance fills a personal account")]


def quota(amount, ages, area="310000", **changes):
    words = {"scheme": "medical", "category": "retiree", "origin": "national", "state": "in_force", "source": "a test"}
    words |= {"period": DateRange(date(2026, 1, 1), None), "area_code": area, "key": f"test.{area}.{ages}.{amount}"}
    with acting_as("job"):
        return AccountQuota.objects.create(ages=NumericRange(*ages), amount=amount, **words | changes)


def born(person, day):
    with acting_as("job"):
        InsuredPerson.objects.filter(pk=person).update(birth_date=day)


def failed():
    connection.check_constraints()
    with acting_as("read"), connection.cursor() as cursor:
        return {finding.check for finding in checks.prove(cursor)}


@pytest.fixture
def quotas(person):
    """140.00 a month to the age of 74, 157.50 from 75."""
    quota("1680.00", (0, 75), AREA)
    quota("1890.00", (75, None), AREA)
    return person


@pytest.mark.parametrize(
    ("birth", "amount", "twelfth", "year"),
    [
        (date(1951, 11, 1), "157.50", "140.00", "1680.00"),
        (date(1951, 10, 31), "140.00", "157.50", "1890.00"),
        (date(1990, 1, 1), "1400.00", "140.00", "1680.00"),
    ],
)
def test_a_quota_is_that_of_the_area_and_the_age(quotas, birth, amount, twelfth, year):
    born(quotas, birth)
    sentence = f"{twelfth}, a twelfth of the quota of that area and age, or the whole year's {year}"
    assert complaint("account_movements", [movement_line(quotas, amount)]) == [(2, "amount", amount, sentence)]
    load("account_movements", [movement_line(quotas, twelfth), movement_line(quotas, year, line=2)])
    assert failed() == set()
    with tampering() as cursor:
        cursor.execute(
            "UPDATE accounts_entry SET amount = amount + 1 WHERE person_id = %s AND line = 2 AND amount = %s",
            [quotas, twelfth],
        )
    assert "quotas are as published" in failed()


def test_where_no_quota_is_published_nothing_is_compared(person):
    quota("1680.00", (60, 75), AREA)
    quota("1680.00", (0, None), "320000")
    quota("1680.00", (0, 60), AREA, period=DateRange(date(2027, 1, 1), None), key="test.later")
    load("account_movements", [movement_line(person, "99.99")])
    assert failed() == set()


def test_what_a_withdrawn_version_gave_was_right(quotas):
    load("account_movements", [movement_line(quotas, "140.00")])
    with acting_as("job"):
        AccountQuota.objects.filter(amount="1680.00", area_code=AREA).update(state="withdrawn", withdrawn_at=NOW)
    quota("1800.00", (0, 75), AREA)
    assert failed() == set()
    told = complaint("account_movements", [movement_line(quotas, "140.00", line=2)])
    assert [(column, value) for _row, column, value, _expected in told] == [("amount", "140.00")]
    load("account_movements", [movement_line(quotas, "150.00", line=3)])
    assert failed() == set()


def test_a_quota_taken_before_it_was_published_is_put_right_by_a_correction(person):
    load("account_movements", [movement_line(person, "99.99")])
    quota("1680.00", (0, None), AREA)
    assert failed() == {"quotas are as published"}
    corrected(person, undone=("pool_allocation",), rights=[right("pool_allocation", "140.00")], scheme="medical")
    assert (balance(person, "medical"), failed()) == (yuan("140.00"), set())
