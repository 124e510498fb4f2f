"""Unemployment: registered or not, the conditions, and the months granted, used and to be had."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.unemployment import unemployment_of
from contributions.models import Contribution
from registry.models import SourceState
from tests import visitors
from tests.cast import CAST, TODAY, months_ago
from tests.living import person_of, refuse, unemployed

pytestmark = pytest.mark.django_db
PAGE = reverse("unemployment")


def page_of(member):
    return visitors.words(visitors.person(member).get(PAGE))


def told_of(member):
    return unemployment_of(person_of(member), TODAY)


def holds(member):
    return {condition.code: condition.holds for condition in told_of(member).conditions}


def pay_for_months(member, as_job, count):
    """Copies of the member's paid month of unemployment insurance, one for each of `count` months before the first."""
    row = Contribution.objects.filter(person_id=person_of(member).pk, scheme="unemployment").order_by("period").first()
    copies = []
    for n in range(1, count + 1):
        copy = Contribution.objects.get(pk=row.pk)
        copy.period, copy.slip_no = months_ago(3 + n), f"MORE{n}"
        copy.pk = (copy.person_id, copy.booked_month, copy.scheme, copy.slip_no, copy.line)
        copies.append(copy)
    with as_job():
        Contribution.objects.bulk_create(copies)


def test_somebody_at_work_reads_what_she_could_count_on():
    page = page_of(CAST.wang)
    assert "您正在参保缴费" in page
    assert holds(CAST.wang) == {"paid": False, "unwilling": None, "registered": False}
    assert told_of(CAST.wang).months_paid == 3
    assert "已缴月数还不够" in page


def test_a_year_paid_brings_a_year_of_benefit(as_job):
    pay_for_months(CAST.wang, as_job, 9)
    told = told_of(CAST.wang)
    assert (told.months_paid, told.months_needed, told.entitled) == (12, 12, 12)
    assert holds(CAST.wang)["paid"] is True
    assert "1 年（12 个月）" in page_of(CAST.wang)


def test_the_months_of_a_present_registration():
    unemployed(CAST.wang, months_ago(2), granted=12, used=4)
    told = told_of(CAST.wang)
    assert told.current.months_left == 8
    assert holds(CAST.wang) == {"paid": True, "unwilling": True, "registered": True}
    page = page_of(CAST.wang)
    for words in ("核定", "已领", "剩余", "8 个月", "合同到期终止"):
        assert words in page


def test_a_registration_without_a_grant_is_no_promise():
    unemployed(CAST.wang, months_ago(2), granted=0)
    assert holds(CAST.wang) == {"paid": False, "unwilling": None, "registered": True}
    assert "没有核定待遇月数" in page_of(CAST.wang)


def test_after_a_grant_months_count_anew_and_what_is_unused_is_added(as_job):
    pay_for_months(CAST.wang, as_job, 20)
    since = months_ago(14) + timedelta(days=10)
    unemployed(CAST.wang, since, ended=since + timedelta(days=40), granted=12, used=2)
    told = told_of(CAST.wang)
    assert told.months_paid == 14  # months_ago(14) to months_ago(1)
    assert (told.unused, told.entitled) == (10, 22)
    assert "10 个月" in page_of(CAST.wang)


def test_less_than_a_year_cannot_be_told_where_the_source_is_behind(as_job):
    with as_job():
        SourceState.objects.filter(kind="contributions").update(complete_to=months_ago(4))
    assert holds(CAST.wang)["paid"] is None


def test_none_is_said_only_of_a_complete_source():
    assert "没有查到您的失业登记" in page_of(CAST.wang)
    refuse("unemployment")
    page = page_of(CAST.wang)
    assert "没有查到您的失业登记" not in page and "还不能确定" in page
    assert holds(CAST.wang)["registered"] is None


def test_who_was_never_insured():
    told = told_of(CAST.sun)
    assert (told.months_paid, told.enrolment) == (0, None)
    assert "您没有登记失业" in page_of(CAST.sun)


def test_where_no_registration_is_known_nothing_is_said_of_not_being_registered():
    refuse("unemployment")
    assert "您没有登记失业" not in page_of(CAST.sun)


def test_a_stranger_sees_none_of_it():
    unemployed(CAST.wang, date(2025, 1, 3), granted=12, used=4, reason="单位裁减人员")
    assert "单位裁减人员" not in page_of(CAST.li)


def test_queries_do_not_depend_on_the_history(as_job, django_assert_num_queries):
    pay_for_months(CAST.wang, as_job, 60)
    for year in range(1995, 2015):
        unemployed(CAST.wang, date(year, 1, 3), ended=date(year, 6, 3))
    for member in (CAST.wang, CAST.li):
        client = visitors.person(member)
        client.get(PAGE)
        with django_assert_num_queries(14):
            client.get(PAGE)
