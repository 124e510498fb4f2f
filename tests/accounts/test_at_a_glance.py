"""What the overview says first, told from the facts of the five insurances alone."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.at_a_glance import glance
from accounts.overview import InsuranceLine
from registry.insurance import Insurance

TODAY = date(2026, 11, 20)
RECENT, OLD = date(2026, 10, 1), date(2026, 7, 1)


def line(insurance, status="active", category="employee", cause="", unpaid=(), told=RECENT, refused_at=None):
    """One insurance; `status` None: no registration was found."""
    enrolment = SimpleNamespace(status=status, category=category, status_since=date(2020, 1, 1))
    return InsuranceLine(
        insurance,
        enrolments=[enrolment] if status else [],
        arrears=[SimpleNamespace(period=month) for month in unpaid],
        source=told and SimpleNamespace(complete_to=told, refused_at=refused_at),
        cause=cause if status else "Z3",
    )


def all_five(**changes):
    """Five insurances of an employee; `changes`: {insurance: what differs from the ordinary}."""
    return glance([line(each, **changes.get(each.value, {})) for each in Insurance], TODAY)


def test_an_employee_whom_all_five_know_is_all_right():
    found = all_five()
    assert found.is_all_right
    assert len(found.insured) == 5
    assert found.standing.status == "active"


@pytest.mark.parametrize(
    "changes",
    [
        {"pension": {"unpaid": [RECENT]}},
        {"medical": {"status": "suspended"}},
        {"unemployment": {"told": OLD}},
        {"unemployment": {"told": None}},
        {"medical": {"refused_at": TODAY}},
        {"pension": {"status": None}},
        {"work_injury": {"status": None}},
        {each.value: {"status": None} for each in Insurance},
        {each.value: {"status": "terminated"} for each in Insurance},
    ],
    ids=[
        *("arrears", "suspended", "late", "never delivered", "refused", "pension missing", "injury missing"),
        *("nowhere", "ended"),
    ],
)
def test_one_thing_that_is_not_right_or_not_known_is_enough(changes):
    assert not all_five(**changes).is_all_right


def test_maternity_is_paid_with_medical_insurance_and_missed_by_nobody():
    assert all_five(maternity={"status": None}).is_all_right


def test_who_pays_herself_need_not_be_in_all_five():
    own = {"category": "flexible"}
    changes = {each.value: {"status": None} for each in Insurance} | {"pension": own, "medical": own}
    found = all_five(**changes)
    assert found.missing == []
    assert found.is_all_right


def test_the_same_months_of_several_insurances_stand_together():
    august, september = date(2026, 8, 1), date(2026, 9, 1)
    found = all_five(
        pension={"unpaid": [august, september]},
        medical={"unpaid": [august, september]},
        work_injury={"unpaid": [september]},
        maternity={"unpaid": [september], "category": "flexible"},
    ).in_arrears
    assert [([each.insurance.value for each in lines], months) for lines, months in found] == [
        (["pension", "medical"], (august, september)),
        (["work_injury"], (september,)),
        (["maternity"], (september,)),
    ]


def test_the_note_of_one_insurance_and_of_all_say_the_same():
    unpaid = all_five(pension={"unpaid": [date(2026, 8, 1), date(2026, 9, 1)]})
    with override("zh-hans"):
        of_one = render_to_string("accounts/_arrears.html", {"groups": unpaid.lines[0].arrears_alone})
        of_all = render_to_string("accounts/_arrears.html", {"groups": unpaid.in_arrears})
    assert "单位欠缴 2 个月" in of_one
    assert of_one.split() == of_all.split()


def test_retirement_stands_beside_the_name_before_what_ended():
    retired = {"status": "retired", "category": "retiree"}
    ended = {each.value: {"status": "terminated"} for each in Insurance}
    found = all_five(**ended | {"pension": retired})
    assert found.standing.status == "retired"
    assert found.is_all_right


def test_nowhere_is_said_only_where_nothing_at_all_was_found():
    assert all_five(**{each.value: {"status": None} for each in Insurance}).is_nowhere
    assert not all_five(pension={"status": None}).is_nowhere
