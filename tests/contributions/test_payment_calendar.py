"""The calendar of a whole life: one mark for each month, and never "none" where nothing can be told."""

from datetime import date
from decimal import Decimal

import pytest

from contributions.month_state import MonthState, Untold
from registry.insurance import Insurance
from registry.models import InsuredPerson, SourceState
from registry.months import add_months, each_month
from tests.cast import CAST
from tests.cast import TODAY as CAST_TODAY
from tests.contributions.asking import calendar_of, year_of_records
from tests.staged import OTHER_AREA, assessment_line, load

from .made_records import COMPLETE_TO, TODAY, another_office, delivered, enrol, happened, months_back, paid

pytestmark = pytest.mark.django_db
PENSION = Insurance.PENSION


def found(person, insurance=PENSION, today=TODAY):
    return calendar_of(InsuredPerson.objects.get(pk=person), insurance, today)


def marks(person, since, until, **options):
    calendar = found(person, **options)
    return {calendar.marks[month] for month in each_month(since, until)}


def test_a_month_without_payment_while_insured_looks_missing(person):
    delivered()
    enrol(person, first=months_back(5))
    paid(person, months_back(5), months_back(2))
    calendar = found(person)
    assert calendar.missing == [months_back(2), months_back(1), months_back(0)]
    assert calendar.counted == [months_back(5), months_back(4), months_back(3)]


def test_a_gap_that_the_events_call_suspended_is_not_insured(person):
    delivered()
    enrolment = enrol(person, first=months_back(30), status_since=months_back(10))
    happened(enrolment, "stop", months_back(20))
    happened(enrolment, "resume", months_back(10))
    paid(person, months_back(30), months_back(20))
    paid(person, months_back(10), add_months(COMPLETE_TO, 1))
    assert marks(person, months_back(20), months_back(10)) == {MonthState.NOT_INSURED}
    assert found(person).missing == []


def test_a_stop_that_was_undone_did_not_happen(person):
    delivered()
    enrolment = enrol(person, first=months_back(30))
    stop = happened(enrolment, "stop", months_back(20))
    happened(enrolment, "correction", months_back(20), reverses=stop)
    assert marks(person, months_back(20), months_back(10)) == {Untold.NO_RECORD}


def test_what_the_source_has_not_told_is_awaited_and_not_missing(person):
    delivered(complete_to=months_back(3))
    enrol(person, first=months_back(6))
    assert marks(person, months_back(6), months_back(2)) == {Untold.NO_RECORD}
    assert marks(person, months_back(2), date(2026, 12, 1)) == {Untold.AWAITED}


def test_while_the_last_file_stands_refused_nothing_is_called_missing(person):
    delivered(refused_at="2026-11-01T00:00Z")
    enrol(person, first=months_back(6))
    assert marks(person, months_back(6), months_back(0)) == {Untold.AWAITED}


def test_what_lies_before_the_first_record_has_no_details_and_is_not_called_missing(person):
    delivered()
    enrol(person, first=months_back(9))
    paid(person, months_back(5), months_back(3))
    paid(person, months_back(2), months_back(0))
    calendar = found(person)
    assert calendar.earlier == each_month(months_back(9), months_back(5))
    assert calendar.missing == [months_back(3), months_back(0)]


def test_maternity_has_no_contribution_of_its_own_any_more(person):
    delivered()
    enrol(person, scheme="maternity", first=date(2019, 10, 1))
    paid(person, date(2019, 10, 1), date(2019, 12, 1), scheme="maternity")
    calendar = found(person, Insurance.MATERNITY)
    assert calendar.missing == [date(2019, 12, 1)]
    # Years in which nothing was due any more are no rows, but a sentence.
    assert calendar.rows[0][0] == 2019
    assert calendar.free[0] == date(2020, 1, 1)
    assert "国办发〔2019〕10号" in calendar.free[1]


def test_each_area_answers_for_its_own_months(person):
    """A source that is far behind elsewhere hides nothing here, and what it has not told is not called missing."""
    delivered()
    delivered(OTHER_AREA, months_back(30), agency=another_office())
    enrol(person, area=OTHER_AREA, first=months_back(40), status="suspended", status_since=months_back(20))
    enrol(person, first=months_back(20))
    assert marks(person, months_back(40), months_back(29)) == {Untold.NO_RECORD}
    assert marks(person, months_back(29), months_back(20)) == {Untold.AWAITED}
    assert marks(person, months_back(20), months_back(0)) == {Untold.NO_RECORD}


def test_nobody_who_retired_is_told_that_payments_are_missing(person):
    delivered()
    retired = months_back(60)
    enrol(person, first=months_back(100), status="retired", status_since=retired)
    paid(person, months_back(100), retired)
    calendar = found(person)
    assert (calendar.retired_since, calendar.missing) == (retired, [])
    assert calendar.rows[0][0] == retired.year
    assert set(calendar.rows[0][1]) == {MonthState.RECEIVED, Untold.NOT_DUE}


def test_a_scheme_paid_by_the_year_has_no_missing_months(person):
    delivered()
    enrol(person, scheme="medical_resident", first=date(2024, 1, 1), category="resident")
    january = {"scheme": "medical_resident", "category": "resident", "ind_share": Decimal("400.00"), "er_share": 0}
    paid(person, date(2024, 1, 1), date(2024, 2, 1), **january)
    calendar = found(person, Insurance.MEDICAL)
    of_year = dict(calendar.rows)
    assert of_year[2024] == [MonthState.RECEIVED, *[Untold.NOT_DUE] * 11]
    assert set(of_year[2025]) == {Untold.NO_RECORD}
    # The present year is not over, so that its payment may still come.
    assert set(of_year[2026][:11]) == {Untold.AWAITED}
    assert (calendar.counted, calendar.years_paid) == ([], [2024])


def test_a_year_that_the_government_pays_in_somebodys_stead_is_paid(person):
    delivered()
    enrol(person, scheme="pension_resident", first=date(2025, 1, 1), category="resident")
    given = {
        "scheme": "pension_resident",
        "kind": "subsidy",
        "subsidy": Decimal("100.00"),
        "er_share": 0,
        "ind_share": 0,
    }
    paid(person, date(2025, 1, 1), date(2025, 2, 1), **given)
    calendar = found(person)
    assert (calendar.years_paid, calendar.missing, calendar.counted) == ([2025], [], [])


def test_months_paid_elsewhere_stand_before_the_first_registration_here(person):
    delivered()
    enrol(person, first=months_back(5))
    gone = {"kind": "transferred_in", "er_share": 0, "ind_share": 0, "to_account": 0, "source_area": "Elsewhere"}
    paid(person, months_back(24), months_back(20), **gone, booked_month=months_back(3))
    calendar = found(person)
    assert calendar.months(MonthState.TRANSFERRED_IN) == each_month(months_back(24), months_back(20))
    assert calendar.counted == each_month(months_back(24), months_back(20))
    assert marks(person, months_back(20), months_back(5)) == {MonthState.NOT_INSURED}


def test_declared_and_not_received_is_arrears_only_where_the_source_reaches(person, employer, as_job):
    enrol(person, first=months_back(3))
    load("assessments", [assessment_line(person, employer, month=months_back(2), due_on=months_back(1))])
    delivered(complete_to=months_back(3))
    assert found(person).arrears == []
    with as_job():
        SourceState.objects.update(complete_to=months_back(1))
    assert found(person).arrears == [months_back(2)]


def test_a_month_refunded_whole_does_not_count(person, employer):
    delivered()
    enrol(person, first=months_back(1))
    paid(person, months_back(1), add_months(COMPLETE_TO, 1), employer)
    back = {"kind": "refund", "er_share": Decimal("-1280.00"), "ind_share": Decimal("-640.00")}
    paid(person, months_back(0), add_months(COMPLETE_TO, 1), employer, **back)
    calendar = found(person)
    assert (calendar.marks[COMPLETE_TO], calendar.counted) == (MonthState.REFUNDED, [months_back(1)])


@pytest.mark.parametrize("insurance", Insurance)
def test_a_year_says_of_each_month_what_the_calendar_says(insurance):
    """Both pages judge alike: of everybody in the cast, for every month of every year."""
    for name in CAST.__dataclass_fields__:
        member = getattr(CAST, name)
        person = InsuredPerson.objects.with_number("citizen", member.number).first()
        if person is None:
            continue
        for year, of_year in calendar_of(person, insurance, CAST_TODAY).rows:
            ((_, told),) = year_of_records(person, insurance, year, CAST_TODAY).calendar
            known = [(a, b) for a, b in zip(of_year, told, strict=True) if a is not None]
            assert all(a == b for a, b in known), (member.what, year)


def test_the_queries_are_few_whatever_the_history(person, employer, django_assert_num_queries):
    delivered()
    enrol(person, first=date(1990, 1, 1))
    woman = InsuredPerson.objects.get(pk=person)
    woman.record_ids  # noqa: B018 - known by the door before
    with django_assert_num_queries(7):
        calendar_of(woman, PENSION, TODAY)
    paid(person, date(1990, 1, 1), COMPLETE_TO, employer)
    with django_assert_num_queries(7):
        assert len(calendar_of(woman, PENSION, TODAY).counted) == 36 * 12 + 9
