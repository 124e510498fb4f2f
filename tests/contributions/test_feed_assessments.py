"""What the collector assessed: recorded once, and nothing more."""

from datetime import date
from decimal import Decimal

import pytest

from contributions.models import Assessment
from registry.feed.kinds import Stored
from tests.staged import OCTOBER, Refused, assessment_line, batches, load


def test_an_assessment_is_recorded_and_moves_no_money(person, employer):
    assert load("assessments", [assessment_line(person, employer)]) == Stored(1, 0)
    found = Assessment.objects.get(person_id=person)
    assert (found.due_month, found.due_on) == (OCTOBER, date(2026, 10, 15))
    assert (found.er_share, found.ind_share, found.feed_row) == (Decimal("1280.00"), Decimal("640.00"), 2)
    assert batches() == []


def test_a_person_without_an_employer_and_without_a_declared_wage(person):
    line = assessment_line(person, None, declared_wage=None, category="flexible")
    assert load("assessments", [line]) == Stored(1, 0)


def test_the_same_lines_again_add_nothing(person, employer):
    rows = [assessment_line(person, employer), assessment_line(person, employer, line=2, month=date(2026, 9, 1))]
    load("assessments", rows)
    assert load("assessments", rows[::-1]) == Stored(0, 2)


@pytest.mark.parametrize(
    ("column", "value"),
    [("base", "8000.01"), ("due_on", "2026-10-16"), ("declared_wage", "1.00"), ("period", "2026-09-01")],
)
def test_a_known_line_with_other_content_is_refused(person, employer, column, value):
    load("assessments", [assessment_line(person, employer)])
    with pytest.raises(Refused) as refused:
        load("assessments", [assessment_line(person, employer) | {column: value}])
    assert [(r.row, r.column, r.value) for r in refused.value.rejects] == [(2, column, value)]


def test_assessments_come_from_the_collector(person, employer):
    with pytest.raises(Refused) as refused:
        load("assessments", [assessment_line(person, employer, agency_code="T-SI")])
    assert [(r.row, r.column) for r in refused.value.rejects] == [(2, "agency_code")]
