"""What the five insurances have paid: by year, by who paid, line by line."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import history
from accounts.benefits_received import benefits_received
from accounts.medical_spending import medical_spending
from registry.insurance import Insurance
from registry.models import SourceState
from tests import visitors
from tests.cast import CAST, TODAY, months_ago
from tests.living import benefit, person_of, refuse, treated

pytestmark = pytest.mark.django_db
PAGE = reverse("benefits")
QUERIES = 14


def page_of(member, **asked):
    return visitors.words(visitors.person(member).get(PAGE, asked))


def received(member):
    return {each.insurance: each for each in benefits_received(person_of(member), TODAY)}


def test_a_pension_from_pool_and_account():
    page = page_of(CAST.feng)
    assert "2,514.13" in page  # the last one: 2,154.42 + 359.71
    assert "基本养老金" in page
    assert "4,308.84" in page and "719.42" in page and "5,028.26" in page


def test_the_lines_of_a_year():
    paid_on = months_ago(1).replace(day=15)
    page = page_of(CAST.feng, insurance="pension", year=paid_on.year)
    for words in ("…8765", "D1", "已支付", "2,154.42", "359.71"):
        assert words in page


def test_none_is_said_in_words_and_only_of_a_complete_source():
    assert "目前没有领取过" in page_of(CAST.wang)
    refuse("benefits")
    page = page_of(CAST.wang)
    assert "目前没有领取过" not in page
    assert "还不能确定" in page


def test_nothing_is_shown_as_zero():
    assert "0.00" not in page_of(CAST.wang)


def test_each_insurance_agrees_with_its_statement():
    benefit(CAST.feng, "unemployment", "unemployment", date(2023, 5, 18), pool="2200.00")
    benefit(CAST.feng, "medical_reimbursement", "medical", date(2023, 6, 1), pool="310.00", account="12.00")
    treated(CAST.feng, date(2023, 7, 9), pool="80.00", account="15.50", own="4.50")
    back = {"status": "returned", "bank_last_four": "8765"}
    benefit(CAST.feng, "pension", "pension", date(2023, 8, 20), pool="-2154.42", account="-359.71", **back)
    person = person_of(CAST.feng)
    for insurance, found in received(CAST.feng).items():
        statement = history.statement(person, insurance)
        assert (found.from_pool, found.from_account) == (statement.benefits_from_pool, statement.benefits_from_account)


@pytest.mark.parametrize("seed", range(3))
def test_any_life_agrees_with_the_statements_to_the_fen(seed):
    draw = random.Random(seed)
    schemes = {"pension": "pension", "medical_reimbursement": "medical", "unemployment": "unemployment"}
    schemes |= {"injury_medical": "work_injury", "maternity_allowance": "maternity"}
    for _line in range(40):
        kind, scheme = draw.choice(list(schemes.items()))
        amounts = {"pool": f"{draw.randint(1, 10**7) / 100:.2f}", "account": f"{draw.randint(0, 10**5) / 100:.2f}"}
        day = date(draw.randint(1995, 2025), draw.randint(1, 12), draw.randint(1, 28))
        benefit(CAST.wang, kind, scheme, day, **amounts)
        treated(CAST.wang, day, **amounts, own="3.07")
    person = person_of(CAST.wang)
    for insurance, found in received(CAST.wang).items():
        statement = history.statement(person, insurance)
        assert (found.from_pool, found.from_account) == (statement.benefits_from_pool, statement.benefits_from_account)
    medical = history.statement(person, Insurance.MEDICAL)
    years = medical_spending(person, TODAY).years
    assert sum(y.whole.from_pool + y.reimbursed.from_pool for y in years) == medical.benefits_from_pool
    assert sum(y.whole.from_account + y.reimbursed.from_account for y in years) == medical.benefits_from_account
    assert all(y.whole.total == y.whole.from_pool + y.whole.from_account + y.whole.self_paid for y in years)


def test_what_a_bank_returned_takes_the_sum_back_and_is_said():
    day = months_ago(1).replace(day=20)
    benefit(CAST.feng, "pension", "pension", day, pool="-2154.42", account="-359.71", status="returned")
    years = received(CAST.feng)[Insurance.PENSION].years
    assert sum(year.total for year in years) == Decimal("2514.13")
    assert sum(year.returned for year in years) == 1
    assert "银行已退回" in page_of(CAST.feng, insurance="pension")


def test_work_injury_shows_sums_alone():
    benefit(CAST.wang, "injury_grant", "work_injury", date(2024, 5, 6), pool="88000.00", decision_no="GS77")
    page = page_of(CAST.wang, insurance="work_injury", year=2024)
    assert "88,000.00" in page
    assert "一次性伤残补助金" not in page and "GS77" not in page
    assert reverse("work_injury") in visitors.person(CAST.wang).get(PAGE, {"insurance": "work_injury"}).text


def test_an_injury_is_not_what_was_received_last():
    benefit(CAST.feng, "injury_grant", "work_injury", TODAY, pool="88000.00")
    assert "一次性伤残补助金" not in page_of(CAST.feng)


def test_settlements_count_for_medical_insurance():
    treated(CAST.wang, date(2024, 5, 6), pool="100.00", account="20.00", own="5.00")
    found = received(CAST.wang)[Insurance.MEDICAL].years
    assert [(y.year, y.settled, y.total) for y in found] == [(2024, 1, Decimal("120.00"))]
    assert "没有发给您的款项" in page_of(CAST.wang, insurance="medical", year=2024)


@pytest.mark.parametrize("asked", [{"insurance": "lottery"}, {"year": "soon"}, {"year": "1900"}])
def test_what_cannot_be_read_is_said(asked):
    assert "需要修改" in page_of(CAST.feng, **asked)


def test_a_stranger_sees_none_of_it():
    benefit(CAST.feng, "unemployment", "unemployment", date(2023, 5, 18), pool="2233.44")
    for asked in ({}, {"insurance": "unemployment", "year": 2023}):
        page = page_of(CAST.li, **asked)
        assert "2,233.44" not in page and "2,514.13" not in page


def test_nobody_is_let_in_without_signing_in(client):
    assert client.get(PAGE).headers["Location"].startswith(reverse("home"))


def test_queries_do_not_depend_on_the_history(django_assert_num_queries):
    client, asked = visitors.person(CAST.feng), {"insurance": "pension", "year": months_ago(1).year}
    client.get(PAGE, asked)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE, asked)
    for year in range(1985, 2025):
        benefit(CAST.feng, "pension", "pension", date(year, 3, 15), pool="2000.00", account="100.00")
        treated(CAST.feng, date(year, 4, 15), pool="10.00")
    with django_assert_num_queries(QUERIES):
        client.get(PAGE, asked)


def test_each_source_says_how_far_it_reaches(as_job):
    with as_job():
        SourceState.objects.filter(kind="benefits", agency__family="medical_security").update(complete_to=months_ago(7))
    assert f"截至 {months_ago(7):%Y}年{months_ago(7).month}月" in page_of(CAST.feng, insurance="medical")
    assert f"截至 {months_ago(1):%Y}年{months_ago(1).month}月" in page_of(CAST.feng, insurance="pension")
