"""Questions sent together: each has its own answer, and nothing is left half asked."""

import pytest
from django.db import DatabaseError, transaction

from inquiries.models import Notice
from registry.asking import Question, ask
from registry.models import Enrolment
from tests.cast import CAST
from tests.entrusting import person_of

pytestmark = pytest.mark.django_db
NUMBERS = Question("SELECT * FROM generate_series(1, %(last)s)")
PAIR = Question("SELECT 1, 2", lambda first, second: first + second)
ENROLMENTS = Question(
    """
SELECT e.id, e.scheme, e.status_since, e.employer_id, e.scheme || '!' AS cried, area.code AS area__code,
       area.name AS area__name, employer.id AS employer__id, employer.name AS employer__name
FROM registry_enrolment e JOIN registry_area area ON area.code = e.area_id
LEFT JOIN registry_employer employer ON employer.id = e.employer_id
WHERE e.person_id = %(person)s ORDER BY e.id
""",
    Enrolment,
)


def test_each_question_has_its_own_answer():
    first, second, third = ask(NUMBERS.of(last=2), PAIR.of(), NUMBERS.of(last=0))
    assert (first, second, third) == ([(1,), (2,)], [3], [])


def test_nothing_asked_is_nothing_answered():
    assert ask() == []


def test_a_row_becomes_what_the_orm_would_have_made_of_it(django_assert_num_queries):
    rows = list(
        Enrolment.objects.filter(person=person_of(CAST.wang).pk).select_related("area", "employer").order_by("pk")
    )
    [found] = ask(ENROLMENTS.of(person=person_of(CAST.wang).pk))
    assert rows and found == rows
    with django_assert_num_queries(0):
        for enrolment, row in zip(found, rows, strict=True):
            assert (enrolment.scheme, enrolment.status_since) == (row.scheme, row.status_since)
            assert (enrolment.area, enrolment.area.name) == (row.area, row.area.name)
            assert enrolment.employer == row.employer
            assert enrolment.cried == f"{row.scheme}!"
    with django_assert_num_queries(1):  # what was not read is read when it is asked for
        assert found[0].person_id == rows[0].person_id


def test_a_related_row_that_is_not_there_is_none(as_job):
    wang = person_of(CAST.wang)
    with as_job():
        wang.enrolments.update(employer=None)
    [found] = ask(ENROLMENTS.of(person=wang.pk))
    assert {enrolment.employer for enrolment in found} == {None}


def test_one_that_fails_leaves_no_answer_and_a_connection_that_goes_on():
    with pytest.raises(DatabaseError), transaction.atomic():
        ask(NUMBERS.of(last=1), Question("SELECT 1 / %(nought)s").of(nought=0), NUMBERS.of(last=2))
    assert ask(NUMBERS.of(last=1)) == [[(1,)]]


def test_a_column_whose_values_the_orm_converts_is_refused():
    with pytest.raises(TypeError, match="facts"):
        ask(Question("SELECT 1 AS id, '{}'::jsonb AS facts", Notice).of())
