"""What treatment cost and who paid it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.medical_spending import medical_spending
from tests import visitors
from tests.cast import CAST, TODAY
from tests.living import benefit, person_of, refuse, treated

pytestmark = pytest.mark.django_db
PAGE = reverse("medical_spending")


def page_of(member, **asked):
    return visitors.words(visitors.person(member).get(PAGE, asked))


def treat_wang():
    treated(CAST.wang, date(2024, 3, 4), pool="300.00", account="50.00", own="12.34")
    treated(CAST.wang, date(2024, 3, 9), account="80.00", visit="pharmacy")
    treated(CAST.wang, date(2024, 4, 9), account="43.20", relation="spouse", visit="pharmacy")
    treated(CAST.wang, date(2023, 4, 9), pool="5000.00", own="900.00", visit="inpatient", provider="望江医院")


def test_a_year_split_in_three_and_the_parts_add_up():
    treat_wang()
    years = medical_spending(person_of(CAST.wang), TODAY).years
    assert [year.year for year in years] == [2024, 2023]
    for year in years:
        assert year.whole.total == year.whole.from_pool + year.whole.from_account + year.whole.self_paid
        assert sum(split.total for _label, split in year.visits) == year.whole.total
    assert years[0].whole.from_account == Decimal("173.20")
    assert years[0].for_relatives.from_account == Decimal("43.20")


def test_the_newest_year_stands_first():
    treat_wang()
    page = page_of(CAST.wang)
    assert page.index("485.54") < page.index("5,900.00")
    for figure in ("300.00", "173.20", "12.34", "43.20"):
        assert figure in page


def test_the_picture_says_its_figures_and_stays_in_its_frame():
    treat_wang()
    page = visitors.person(CAST.wang).get(PAGE).text
    assert "2024：统筹基金 300.00 元，个人账户 173.20 元，自付 12.34 元" in page
    for _year, bars in medical_spending(person_of(CAST.wang), TODAY).drawn:
        assert all(width >= 0 and left + width <= 100 for _name, left, width in bars)


def test_the_settlements_of_a_year():
    treat_wang()
    page = page_of(CAST.wang, year=2023)
    for words in ("望江医院", "住院", "5,000.00", "900.00", "本人"):
        assert words in page
    assert "云杉医院" not in page


def test_a_year_without_settlements():
    treat_wang()
    assert "2020年没有结算记录" in page_of(CAST.wang, year=2020)


def test_what_was_reimbursed_stands_beside_the_costs():
    benefit(CAST.wang, "medical_reimbursement", "medical", date(2024, 5, 6), pool="640.00")
    year = medical_spending(person_of(CAST.wang), TODAY).year(2024)
    assert (year.whole.total, year.reimbursed.total) == (Decimal("0.00"), Decimal("640.00"))
    assert "640.00" in page_of(CAST.wang)


def test_none_is_said_only_of_a_complete_source():
    assert "没有查到您在医院或药店的结算记录" in page_of(CAST.wang)
    refuse("benefits")
    page = page_of(CAST.wang)
    assert "没有查到您在医院或药店的结算记录" not in page and "还不能确定" in page


def test_a_stranger_sees_none_of_it():
    treat_wang()
    page = page_of(CAST.li, year=2023)
    assert "5,000.00" not in page and "望江医院" not in page


def test_a_long_year_goes_on_on_another_page():
    for day in range(1, 29):
        treated(CAST.wang, date(2024, 5, day), own="1.00")
        treated(CAST.wang, date(2024, 6, day), own="1.00")
    answer = visitors.person(CAST.wang).get(PAGE, {"year": 2024})
    assert answer.text.count("云杉医院") == 30
    assert "?year=2024&amp;page=2" in answer.text


def test_queries_do_not_depend_on_the_history(django_assert_num_queries):
    treated(CAST.wang, date(2024, 3, 4), own="1.00")
    client = visitors.person(CAST.wang)
    client.get(PAGE, {"year": 2024})
    with django_assert_num_queries(13):
        client.get(PAGE, {"year": 2024})
    for year in range(1990, 2025):
        treated(CAST.wang, date(year, 3, 4), own="1.00")
    with django_assert_num_queries(13):
        client.get(PAGE, {"year": 2024})
