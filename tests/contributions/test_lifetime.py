"""A lifetime of payments over all insurances and areas: months, gaps, overlaps, transfers, back-payments, arrears."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.prospects import prospects
from contributions import life_picture
from contributions.lifetime import lifetime, runs
from contributions.month_state import MonthState, Untold
from registry.insurance import Insurance
from registry.models import InsuredPerson
from registry.months import add_months
from tests.cast import CAST
from tests.cast import TODAY as CAST_TODAY
from tests.staged import OTHER_AREA, assessment_line, load, make_employer, personal_line

from .made_records import COMPLETE_TO, TODAY, delivered, enrol, months_back, paid

pytestmark = pytest.mark.django_db
NOW = add_months(COMPLETE_TO, 1)
GONE = {"kind": "transferred_in", "er_share": 0, "ind_share": 0, "to_account": 0, "source_area": "Elsewhere"}


def life_of(person, today=TODAY):
    return lifetime(InsuredPerson.objects.get(pk=person), today)


def said(occurrences):
    return [(each.since, each.last, [payer.name for payer in each.who], list(each.insurances)) for each in occurrences]


def test_months_without_a_break_make_a_run():
    m = months_back
    marked = {m(6): "a", m(5): "a", m(4): "b", m(2): "b", m(1): None, m(0): "b"}
    assert [(run.what, run.since, run.last, run.months) for run in runs(marked)] == [
        ("a", m(6), m(5), 2),
        ("b", m(4), m(4), 1),
        ("b", m(2), m(2), 1),
        ("b", m(0), m(0), 1),
    ]


def test_two_employers_in_a_month_overlap_and_the_month_counts_once(person, employer):
    delivered()
    second = make_employer("Second Works")
    enrol(person, first=months_back(9))
    paid(person, months_back(9), months_back(3), employer)
    paid(person, months_back(4), NOW, second)
    life = life_of(person)
    assert said(life.overlaps) == [(months_back(4), months_back(4), ["Second Works", "Works"], [Insurance.PENSION])]
    assert len(life.of(Insurance.PENSION).counted) == 10


def test_a_month_paid_here_and_elsewhere_overlaps(person, employer):
    delivered()
    enrol(person, first=months_back(9))
    paid(person, months_back(9), NOW, employer)
    paid(person, months_back(12), months_back(8), **GONE, booked_month=months_back(2))
    life = life_of(person)
    assert said(life.overlaps) == [(months_back(9), months_back(9), ["Elsewhere", "Works"], [Insurance.PENSION])]
    assert said(life.transferred)[0][:2] == (months_back(12), months_back(9))
    assert len(life.of(Insurance.PENSION).counted) == 13


def test_gaps_of_several_insurances_are_told_together(person, employer):
    delivered()
    for scheme in ("pension", "unemployment"):
        enrol(person, scheme, OTHER_AREA, months_back(20), status="suspended", status_since=months_back(10))
        enrol(person, scheme, first=months_back(6))
        paid(person, months_back(20), months_back(10), employer, scheme, OTHER_AREA)
        paid(person, months_back(6), NOW, employer, scheme)
    delivered(OTHER_AREA)
    life = life_of(person)
    both = [Insurance.PENSION, Insurance.UNEMPLOYMENT]
    assert said(life.gaps) == [(months_back(10), months_back(7), [], both)]
    assert [(lane.insurance, lane.place) for lane in life.lanes[:2]] == [
        (Insurance.PENSION, "Area 990200"),
        (Insurance.PENSION, "Area 990100"),
    ]


def test_nothing_after_retirement_is_a_gap(person, employer):
    delivered()
    enrol(person, first=months_back(40), status="retired", status_since=months_back(20))
    enrol(person, "unemployment", first=months_back(40), status="terminated", status_since=months_back(20))
    for scheme in ("pension", "unemployment"):
        paid(person, months_back(40), months_back(20), employer, scheme)
    assert life_of(person).gaps == []


def test_months_paid_late_say_when_and_with_what_fee(person, employer):
    delivered()
    enrol(person, first=months_back(9))
    paid(person, months_back(9), months_back(6), employer)
    late = {"kind": "backpay", "booked_month": months_back(2), "received_on": date(2026, 8, 11)}
    paid(person, months_back(6), months_back(4), employer, late_fee=Decimal("31.25"), **late)
    (each,) = life_of(person).paid_back
    assert (each.since, each.last, each.received_on) == (months_back(6), months_back(5), date(2026, 8, 11))
    assert each.late_fee == Decimal("62.50")


def test_arrears_carry_an_estimate_that_adds_up(person, employer):
    delivered()
    enrol(person, first=months_back(3))
    for count in (3, 2):
        month = months_back(count)
        load("assessments", [assessment_line(person, employer, month=month, assessment_no=f"A{count}", due_on=month)])
    life = life_of(person)
    assert [each.estimate.period for each in life.arrears] == [months_back(3), months_back(2)]
    assert (life.unpaid, life.payers) == (Decimal("3840.00"), [])
    (days, rate) = life.arrears[0].steps[0]
    assert (days, rate) == ((TODAY - months_back(3)).days, "0.05 %")
    assert life.late_fee == sum(each.estimate.fee for each in life.arrears)


def test_arrears_that_the_source_cannot_tell_yet_are_left_out(person, employer):
    delivered(complete_to=months_back(3))
    enrol(person, first=months_back(3))
    load("assessments", [assessment_line(person, employer, month=months_back(2), due_on=months_back(1))])
    assert life_of(person).arrears == []


@pytest.mark.parametrize("member", [CAST.wang, CAST.wu, CAST.chu, CAST.chen], ids=lambda m: m.what)
def test_as_many_months_count_as_for_the_pension(member):
    person = InsuredPerson.objects.with_number("citizen", member.number).get()
    counted = len(lifetime(person, CAST_TODAY).of(Insurance.PENSION).counted)
    assert counted == prospects(person, CAST_TODAY).facts.months


def test_the_lanes_hold_every_month_that_is_marked(person, employer):
    delivered()
    enrol(person, first=months_back(30))
    paid(person, months_back(20), months_back(8), employer)
    paid(person, months_back(6), NOW, employer)
    life = life_of(person)
    (lane,) = life.lanes
    assert [(run.what, run.months) for run in lane.runs] == [
        (Untold.EARLIER, 10),
        (MonthState.RECEIVED, 12),
        (Untold.NO_RECORD, 2),
        (MonthState.RECEIVED, 7),
    ]
    counts = life.counts[0]
    assert [sum(run.months for run in part) for part in (counts.counted, counts.earlier, counts.missing)] == [19, 10, 2]
    picture = life_picture.drawn(life)
    bars = picture.lanes[0].bars
    assert [bar.left for bar in bars] == sorted(bar.left for bar in bars)
    assert abs(sum(bar.width for bar in bars) - 100) < 4  # but for the present month, which is awaited
    assert {mark for mark, _ink in picture.key} == {run.what for run in lane.runs}


def test_every_mark_that_a_lane_may_hold_is_drawn():
    undrawn = {MonthState.NOT_INSURED, Untold.AWAITED, Untold.NOT_DUE}
    assert set(life_picture.INKS) == {*MonthState, *Untold} - undrawn
    assert len(set(life_picture.INKS.values())) == len(life_picture.INKS)


def test_who_is_registered_nowhere_has_no_line_of_time(person):
    life = life_of(person)
    assert (life.calendars, life.unknown, life_picture.drawn(life)) == ([], list(Insurance), None)


def test_the_queries_are_few_whatever_the_history(person, employer, django_assert_num_queries):
    delivered()
    schemes = ("pension", "medical", "unemployment", "work_injury", "maternity")
    for scheme in schemes:
        enrol(person, scheme, first=date(1990, 1, 1))
    woman = InsuredPerson.objects.get(pk=person)
    woman.record_ids  # noqa: B018 - known by the door before
    paid(woman.pk, months_back(1), NOW, employer)
    with django_assert_num_queries(8):
        lifetime(woman, TODAY)
    for scheme in schemes:
        paid(person, date(1990, 1, 1), months_back(1), employer, scheme)
    with django_assert_num_queries(8):
        assert len(lifetime(woman, TODAY).of(Insurance.PENSION).counted) == 36 * 12 + 10


def test_who_pays_by_the_year_pays_for_whole_years(person):
    delivered()
    enrol(person, "pension_resident", first=date(TODAY.year - 3, 1, 1), category="resident")
    for years_ago in (3, 2, 0):
        january = date(TODAY.year - years_ago, 1, 1)
        load(
            "personal_contributions",
            [
                personal_line(
                    person,
                    scheme="pension_resident",
                    category="resident",
                    ind_share=Decimal(200),
                    month=january,
                    line=years_ago + 1,
                )
            ],
        )
    first, last = life_of(person).payers[::-1]
    assert (first.since, first.last, first.years) == (date(TODAY.year - 3, 1, 1), date(TODAY.year - 2, 12, 1), 2)
    assert (last.since, last.last, last.years) == (date(TODAY.year, 1, 1), TODAY.replace(day=1), 1)
