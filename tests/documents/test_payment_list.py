"""The payment list: the right people and no others, every state, every slip, in a stable order."""

from datetime import timedelta
from decimal import Decimal

import pytest

from documents.payment_list import PaymentList
from registry.identity import masked
from registry.insurance import Insurance
from registry.months import add_months
from tests import visitors
from tests.cast import CAST, LAST, citizen_number

from .conftest import BIRTH, MONTH, NOW, TODAY, make_person
from .listing import ask, lines_of, names_of, table_of


@pytest.fixture
def three(works, as_job):
    """Three of the employer's people in one month: received, still to pay, in arrears."""
    with as_job():
        paid, waiting, late = (make_person(name, n) for n, name in ((301, "安到账"), (302, "卜处理"), (303, "蔡欠缴")))
        works.assess(paid)
        works.receive(paid)
        works.assess(waiting, "6000.00", due_on=TODAY + timedelta(days=5))
        works.assess(late, "7000.00", due_on=MONTH + timedelta(days=14))


def test_each_line_says_who_what_and_what_became_of_it(works, three, client_of):
    paid, waiting, late = table_of(ask(client_of(works)))
    month = f"{MONTH.year}年{MONTH.month}月"
    who = ["1", "安*账", masked(citizen_number(BIRTH, 301)), "✓ 已到账", "正常缴费"]
    assert paid == [*who, "5,000.00", "800.00", "400.00", "0.00", "1,200.00", month, f"{month}10日"]
    due = TODAY + timedelta(days=5)
    assert waiting[3:5] + waiting[9:] == [
        *("… 处理中", "–", "1,440.00", "–"),
        f"缴费期限 {due.year}年{due.month}月{due.day}日",
    ]
    assert (late[3], late[9]) == ("欠 欠缴", "1,680.00")


def test_only_the_employers_own_people_of_that_month_and_insurance(works, neighbour, three, client_of, as_job):
    with as_job():
        neighbour.receive(make_person("陌生人", 311), "9999.00")
        works.receive(make_person("医保人", 312), scheme="medical")
        works.receive(make_person("先前人", 313), month=add_months(MONTH, -1))
    page = ask(client_of(works))
    assert names_of(page) == ["安*账", "卜*理", "蔡*缴"]
    for foreign in ("陌*人", "医*人", "先*人", "邻家五金厂", "9,999.00"):
        assert foreign not in page.text


def test_whoever_left_has_lines_for_her_months_alone(works, neighbour, client_of, as_job):
    with as_job():
        leaver = make_person("离职人", 321)
        works.receive(leaver, "5100.00")
        neighbour.receive(leaver, "6200.00", month=add_months(MONTH, 1))
        works.receive(make_person("留下人", 322), month=add_months(MONTH, 1))
    client = client_of(works)
    assert names_of(ask(client)) == ["离*人"]
    after = ask(client, add_months(MONTH, 1))
    assert names_of(after) == ["留*人"]
    assert "6,200.00" not in after.text


def test_someone_with_two_employers_is_judged_by_each_of_them_alone(works, neighbour, as_job):
    with as_job():
        both = make_person("双岗人", 331)
        works.receive(both, "5100.00")
        neighbour.assess(both, "6200.00")
    assert [(line.base, line.state.value) for line in lines_of(works)] == [(5100, "received")]
    assert [(line.base, line.state.value) for line in lines_of(neighbour)] == [(6200, "arrears")]


@pytest.mark.parametrize(
    ("kind", "base", "state"),
    [
        ("normal", 5000, "received"),
        ("supplement", 5000, "received"),
        ("backpay", 5000, "backpaid"),
        ("refund", -5000, "refunded"),
    ],
)
def test_state_of_what_was_received(works, as_job, kind, base, state):
    with as_job():
        person = make_person("一人", 341)
        works.assess(person)
        works.receive(person, base, kind=kind)
    assert [(line.kind, line.state.value) for line in lines_of(works)] == [(kind, state)]


@pytest.mark.parametrize(("days", "state"), [(-1, "arrears"), (0, "processing"), (1, "processing")])
def test_state_of_what_was_only_assessed(works, as_job, days, state):
    with as_job():
        works.assess(make_person("一人", 351), due_on=TODAY + timedelta(days=days))
    (line,) = lines_of(works)
    assert (line.state.value, line.kind, line.booked_month, line.received_on) == (state, None, None, None)


def test_a_month_with_several_slips_shows_every_one(works, as_job):
    late = {"booked_month": NOW, "received_on": TODAY}
    with as_job():
        person = make_person("多笔人", 361)
        works.assess(person)
        works.receive(person, "5000.00")
        works.receive(person, "-1000.00", kind="refund", **late)
        works.receive(person, "300.00", kind="supplement")
        works.receive(person, "200.00", kind="backpay", late_fee="12.34", **late)
    totals = {line.kind: line.total for line in lines_of(works)}
    assert totals == {
        "normal": Decimal("1200.00"),
        "refund": Decimal("-240.00"),
        "supplement": Decimal("72.00"),
        "backpay": Decimal("60.34"),
    }


def test_a_month_paid_under_a_merged_number_is_not_in_arrears(works, as_job):
    with as_job():
        person = make_person("同一人", 371)
        duplicate = make_person("同一人", 372, merged_into=person)
        works.assess(duplicate)
        works.receive(person)
        works.assess(person, month=NOW, due_on=TODAY)
        works.receive(duplicate, month=NOW)
    for month in (MONTH, NOW):
        assert [(line.person_id, line.state.value) for line in lines_of(works, month)] == [(person.pk, "received")]


def test_sums_are_of_all_lines_and_of_each_state(works, as_job):
    with as_job():
        for n in range(60):
            works.receive(make_person(f"员{n:02}", 400 + n), "1000.00")
        works.assess(make_person("欠人", 470), "2000.00")
        works.receive(make_person("补人", 471), "3000.00", kind="backpay", late_fee="7.77")
    payments = PaymentList(works.employer, MONTH, Insurance.PENSION, TODAY)
    assert {state.value: (sum.lines, sum.total) for state, sum in payments.sums.items()} == {
        "received": (60, Decimal("14400.00")),
        "arrears": (1, Decimal("480.00")),
        "backpaid": (1, Decimal("727.77")),
    }
    assert (payments.sum.lines, payments.sum.late_fee) == (62, Decimal("7.77"))
    assert payments.sum.total == sum(line.total for line in lines_of(works)) == Decimal("15607.77")


def test_names_stand_in_the_order_of_the_national_character_set(works, as_job):
    names = ["张一", "阿卜杜热合曼·麦麦提", "王一", "𠮷田", "陈一", "䶮一"]
    with as_job():
        for n, name in enumerate(names):
            works.receive(make_person(name, 480 + n))
    assert [line.name for line in lines_of(works)] == sorted(names, key=lambda name: name.encode("gb18030"))


def test_namesakes_stand_in_an_order_of_their_own(works, as_job):
    with as_job():
        people = [make_person("同名", 640 + n) for n in range(30)]
        for person in reversed(people):
            works.receive(person, "-1.00", kind="refund", received_on=TODAY)
            works.receive(person)
    expected = [(person.pk, kind) for person in people for kind in ("normal", "refund")]
    assert [(line.person_id, line.kind.value) for line in lines_of(works)] == expected


def test_pages_of_fifty_hold_each_line_once(works, client_of, as_job):
    with as_job():
        for n in range(120):
            works.receive(make_person(f"同名{n % 3}", 500 + n))
    client = client_of(works)
    pages = [table_of(ask(client, page=page)) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [row[0] for page in pages for row in page] == [str(n) for n in range(1, 121)]
    assert len({row[2] for page in pages for row in page}) == 120
    assert [table_of(ask(client, page=page)) for page in (1, 99, "x")] == [pages[0], pages[2], pages[0]]


def test_two_schemes_of_one_insurance_are_told_apart(works, client_of, as_job):
    with as_job():
        works.receive(make_person("甲企业", 491))
        works.receive(make_person("乙机关", 492), scheme="pension_public")
    rows = table_of(ask(client_of(works)))
    assert [(row[1], row[4]) for row in rows] == [("甲*业", "职工基本养老保险"), ("乙*关", "机关事业单位养老保险")]


def test_the_cast_agent_sees_harbours_people_without_balance_or_stranger(db):
    page = ask(visitors.agent(CAST.agent), LAST)
    assert names_of(page) == ["王*明", "卫*𠮷"]
    for foreign in (CAST.wang.number, CAST.wang.name, "12,345.67", "14,185.67", "李*国", "9,150.00", "远山"):
        assert foreign not in page.text
