"""The months needed for a monthly pension, by the rule of the person's own year (decision of 2024-09-13)."""

from datetime import date

import pytest

from accounts.months_needed import Needed, months_needed
from contributions.models.retirement import RetirementCategory
from registry.models import InsuredPerson

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
MAN, WOMAN_50, WOMAN_55 = RetirementCategory


@pytest.mark.parametrize(
    ("sex", "born", "expected"),
    [
        # The examples of Chengdu's office and of the law's own tables (domain.md §5.1, §5.2).
        pytest.param("M", date(1970, 5, 1), [(MAN, date(2031, 10, 1), 192)], id="man of 2031"),
        pytest.param("M", date(1964, 12, 1), [(MAN, date(2024, 12, 1), 180)], id="man before the rise"),
        pytest.param("M", date(1990, 6, 1), [(MAN, date(2053, 6, 1), 240)], id="man after the rise"),
    ],
)
def test_the_minimum_is_that_of_the_statutory_year(sex, born, expected):
    person = InsuredPerson(sex=sex, birth_date=born)
    found = months_needed(person, "110000", 133, TODAY)
    assert [(n.category, n.statutory, n.months) for n in found] == expected


def test_a_woman_sees_both_ages_because_her_work_decides():
    person = InsuredPerson(sex="F", birth_date=date(1980, 11, 9))
    found = months_needed(person, "110000", 133, TODAY)
    assert found[0].statutory == date(2033, 11, 1)
    assert {n.category for n in found} == {RetirementCategory.FEMALE_50, RetirementCategory.FEMALE_55}
    assert found[0].months == 204


def test_what_is_left_and_never_less_than_nothing():
    near, over = Needed(MAN, TODAY, 180, 133), Needed(MAN, TODAY, 180, 365)
    assert (near.left, near.percent) == (47, 73)
    assert (over.left, over.percent) == (0, 100)
