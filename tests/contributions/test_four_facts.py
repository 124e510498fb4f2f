"""Declared, due, received, posted: which assessment each payment of a month answers to (features F43)."""

from datetime import date
from decimal import Decimal

import pytest

from contributions.month_state import MonthState
from registry.insurance import Insurance
from registry.models import InsuredPerson
from tests.contributions.asking import year_of_records
from tests.staged import assessment_line, load, make_employer

from .made_records import COMPLETE_TO, TODAY, delivered, enrol, months_back, paid

pytestmark = pytest.mark.django_db
MONTH, NEXT = months_back(1), COMPLETE_TO
DUE, LATER = date(2026, 10, 15), date(2026, 11, 15)


@pytest.fixture
def insured(person):
    delivered()
    enrol(person, first=MONTH)
    return person


def assess(person, employer, number="A1", due_on=DUE, base="8000.00"):
    load("assessments", [assessment_line(person, employer, base, MONTH, assessment_no=number, due_on=due_on)])


def lines(person):
    records = year_of_records(InsuredPerson.objects.get(pk=person), Insurance.PENSION, MONTH.year, TODAY)
    return next(m for m in records.months if m.month == MONTH).lines


def test_a_payment_answers_to_its_payers_assessment(insured, employer):
    other = make_employer("Second Works")
    assess(insured, employer)
    assess(insured, other, "A2", LATER, "3000.00")
    paid(insured, MONTH, NEXT, employer)
    paid(insured, MONTH, NEXT, other, er_share=Decimal("480.00"), ind_share=Decimal("240.00"))
    assert [(line.employer, line.declared, line.due_on) for line in lines(insured)] == [
        ("Works", Decimal("1920.00"), DUE),
        ("Second Works", Decimal("720.00"), LATER),
    ]


def test_contribution_and_supplement_answer_to_their_own_assessments(insured, employer):
    assess(insured, employer)
    assess(insured, employer, "A2", LATER, "500.00")
    paid(insured, MONTH, NEXT, employer)
    more = {"kind": "supplement", "er_share": Decimal("80.00"), "ind_share": Decimal("40.00")}
    paid(insured, MONTH, NEXT, employer, booked_month=NEXT, **more)
    assert [(line.record.kind, line.declared, line.due_on) for line in lines(insured)] == [
        ("normal", Decimal("1920.00"), DUE),
        ("supplement", Decimal("120.00"), LATER),
    ]


def test_one_payment_for_two_assessments_answers_to_both(insured, employer):
    assess(insured, employer)
    assess(insured, employer, "A2", LATER, "500.00")
    paid(insured, MONTH, NEXT, employer)
    (line,) = lines(insured)
    assert (line.declared, line.due_on, bool(line.is_other_than_declared)) == (Decimal("2040.00"), DUE, True)


def test_another_amount_than_declared_is_told(insured, employer):
    assess(insured, employer)
    paid(insured, MONTH, NEXT, employer, ind_share=Decimal("600.00"))
    (line,) = lines(insured)
    assert line.is_other_than_declared


def test_a_supplement_alone_leaves_the_month_unpaid(insured, employer):
    """As `unpaid_months` says: neither the contribution nor a back-payment was received."""
    assess(insured, employer, due_on=months_back(0))
    paid(insured, MONTH, NEXT, employer, kind="supplement")
    assert [(line.is_received, line.state) for line in lines(insured)] == [
        (True, MonthState.RECEIVED),
        (False, MonthState.ARREARS),
    ]


def test_without_a_declaration_nothing_is_said_of_one(insured, employer):
    paid(insured, MONTH, NEXT, employer)
    (line,) = lines(insured)
    assert (line.declared, line.due_on, bool(line.is_other_than_declared)) == (None, None, False)
