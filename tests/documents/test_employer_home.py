"""The employer's home: persons and yuan of the last months, and nobody by name."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from documents.employer_months import Count, by_insurance, last_months
from registry.insurance import Insurance
from registry.months import add_months

from .conftest import MONTH, NOW, TODAY, make_person
from .listing import words_of


def latest(works, month=MONTH):
    return last_months(works.employer, month, 1, TODAY)[0]


@pytest.fixture
def busy(works, as_job):
    """Six people: paid, waiting, late, late in one of two insurances, refunded, paid back."""
    with as_job():
        paid, waiting, late, half, refunded, back = (make_person(f"某{n}", 1000 - 20 + n) for n in range(6))
        for person in (paid, half, refunded, back):
            works.assess(person)
        works.receive(paid)
        works.assess(waiting, due_on=TODAY + timedelta(days=3))
        works.assess(late)
        works.receive(half)
        works.assess(half, "5000.00", scheme="medical")
        works.receive(refunded)
        works.receive(refunded, "-5000.00", kind="refund")
        works.receive(back, kind="backpay", late_fee="9.99")
    return works


def test_each_person_counts_once_over_all_insurances(busy):
    month = latest(busy)
    assert month.assessed == Count(6, Decimal("8400.00"))
    assert month.received == Count(2, Decimal("3600.00"))
    assert month.processing == Count(1, Decimal("1200.00"))
    assert month.arrears == Count(2, Decimal("2400.00"))


def test_an_insurance_counts_its_own_lines_alone(busy):
    pension, medical = by_insurance(busy.employer, MONTH, TODAY)
    assert (pension.insurance, medical.insurance) == (Insurance.PENSION, Insurance.MEDICAL)
    assert (pension.received.persons, pension.arrears.persons, pension.processing.persons) == (3, 1, 1)
    assert (medical.received, medical.arrears) == (Count(), Count(1, Decimal("1200.00")))


def test_two_open_assessments_count_the_person_by_the_older_and_each_amount_by_itself(works, as_job):
    with as_job():
        person = make_person("两笔人", 1010)
        works.assess(person, "1000.00")
        works.assess(person, "500.00", assessment_no="A-more", due_on=TODAY + timedelta(days=9))
    month = latest(works)
    assert month.arrears == Count(1, Decimal("240.00"))
    assert month.processing == Count(0, Decimal("120.00"))


def test_a_month_paid_does_not_pay_for_the_next(works, as_job):
    with as_job():
        person = make_person("断缴人", 1013)
        for month in (MONTH, add_months(MONTH, 1)):
            works.assess(person, month=month, due_on=TODAY - timedelta(days=1))
        works.receive(person)
    next_month, month = last_months(works.employer, add_months(MONTH, 1), 2, TODAY)
    assert (month.received.persons, month.arrears.persons) == (1, 0)
    assert (next_month.received.persons, next_month.arrears.persons) == (0, 1)


def test_months_between_stand_empty(works, as_job):
    with as_job():
        works.receive(make_person("旧人", 1011), month=add_months(NOW, -3))
    months = last_months(works.employer, add_months(NOW, -1), 4, TODAY)
    assert [(m.month, m.received.persons) for m in months] == [
        (add_months(NOW, -1), 0),
        (add_months(NOW, -2), 0),
        (add_months(NOW, -3), 1),
        (add_months(NOW, -4), 0),
    ]


def test_the_page_shows_counts_and_sums_and_no_name(busy, client_of):
    answer = client_of(busy).get(reverse("employer_home"))
    words = words_of(answer.text)
    month = f"{MONTH.year}年{MONTH.month}月"
    assert f"{month} 应缴 6 人 8,400.00 元 ✓ 已到账 2 人 3,600.00 元 … 处理中 1 人 1,200.00 元 欠 欠缴 2 人" in words
    assert f"{month} 分险种" in words
    assert "灯塔电器有限公司" in words
    assert "某*" not in answer.text
    assert f'href="{reverse("payment_list")}?month={MONTH:%Y-%m}&amp;insurance=medical"' in answer.text


def test_a_month_ahead_does_not_hide_the_present_one(works, client_of, as_job):
    with as_job():
        person = make_person("明月人", 1012)
        works.receive(person, month=NOW)
        works.assess(person, month=add_months(NOW, 1), due_on=add_months(NOW, 1))
    assert f"{NOW.year}年{NOW.month}月 应缴" in words_of(client_of(works).get(reverse("employer_home")).text)


def test_an_employer_without_lines_is_told_that_it_cannot_be_told_yet(works, client_of):
    """The sources reach last month alone: for the present one nobody knows."""
    words = words_of(client_of(works).get(reverse("employer_home")).text)
    assert "还不能确定" in words
    assert "还没有核定或到账的记录" not in words


def test_only_an_agent_of_several_is_offered_another(works, neighbour, client_of):
    another = f'href="{reverse("choose_employer")}"'
    assert another in client_of(works, neighbour).get(reverse("employer_home")).text
    assert another not in client_of(neighbour).get(reverse("employer_home")).text
