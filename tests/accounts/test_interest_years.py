"""What a preview of interest keeps, and the operators' page that shows it beside the years."""

from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import interest_previews, interest_years
from accounts.models import Batch, ClosedYear, Entry, InterestCredit, InterestPreview, InterestYear
from contributions.models import CreditingRate
from registry.models import Area
from registry.roles import acting_as
from tests import visitors
from tests.cast import AUDITOR, OPERATOR
from tests.staged import AREA, OTHER_AREA
from tests.years import credit, method, month, open_with, pay_in, pay_out, rate, refusal

pytestmark = pytest.mark.django_db
ADDRESS = "interest_years"


def page(staff_no=OPERATOR, language="en"):
    client = visitors.staff(staff_no)
    client.cookies["language"] = language
    return visitors.words(client.get(reverse(ADDRESS)))


def credited(year, *, is_provisional=False, area=AREA, scheme="pension", interest="1.00"):
    with acting_as("job"):
        InterestYear.objects.create(
            scheme=scheme,
            area_code=area,
            year=year,
            is_provisional=is_provisional,
            accounts=1,
            interest=interest,
            credited_at=timezone.now(),
        )


def closed(year, area=AREA, scheme="pension"):
    with acting_as("job"):
        ClosedYear.objects.create(scheme=scheme, area_code=area, year=year, closed_at=timezone.now())


def test_a_preview_posts_nothing_and_keeps_what_it_found(person, employer):
    open_with(person, "10000.00", 2026)
    pay_in(person, employer, {1: 1200}, 2026)
    pay_out(person, {12: 100}, 2026)
    counted = [model.objects.count() for model in (Batch, Entry, InterestCredit, InterestYear)]
    credit(2026, "--preview")
    assert [model.objects.count() for model in (Batch, Entry, InterestCredit, InterestYear)] == counted
    kept = InterestPreview.objects.get()
    assert (kept.year, kept.scheme, kept.area_code, kept.stale) == (2026, "", AREA, [])
    assert kept.last_batch == Batch.objects.latest("pk").pk
    (mark,) = interest_previews.rules_of(kept.groups, 2026).values()
    assert kept.groups == [
        {
            "scheme": "pension",
            "area_code": AREA,
            "rules": mark,
            "accounts": 1,
            "opening": "10000.00",
            "credits": "1200.00",
            "payouts": "100.00",
            "interest": "167.87",
            "rates": ["1.5 %"],
            "prior_rates": [],
            "is_provisional": True,
            "changed": 1,
            "unbearable": 0,
        }
    ]


def test_a_run_that_credits_or_refuses_keeps_no_preview(person):
    open_with(person, "10000.00", 2022)
    refusal(credit, 2024, "--preview")
    credit(2022)
    assert not InterestPreview.objects.exists()


def test_rates_of_two_parts_and_those_not_known_are_kept(person, employer):
    open_with(person, "10000.00", 2015)
    open_with(person, "3210.55", 2015, scheme="medical")
    rate("0.03", month(2015, 1), month(2015, 7), scheme="medical", area=AREA, bucket="current_year")
    rate("0.05", month(2015, 7), month(2016, 1), scheme="medical", area=AREA, bucket="current_year")
    rate("0.011", month(2015, 1), month(2016, 1), scheme="medical", area=AREA, bucket="prior_years")
    credit(2015, "--preview")
    medical, pension = InterestPreview.objects.get().groups
    assert (medical["rates"], medical["prior_rates"]) == (["3 %", "5 %"], ["1.1 %"])
    assert pension.pop("rules") != medical["rules"]
    assert pension == {"scheme": "pension", "area_code": AREA, "no_rate": ["2015-01", "2015-12"]}
    told = page()
    assert "3 % → 5 %" in told and "on earlier years: 1.1 %" in told
    assert "no rate is known for Jan 2015 to Dec 2015" in told


def test_later_years_that_would_start_from_it_are_named(person, employer):
    open_with(person, "10000.00", 2023)
    credit(2023)
    credit(2024)
    pay_in(person, employer, {7: 1200}, 2023)
    credit(2023, "--preview")
    assert InterestPreview.objects.get().stale == [2024]
    assert "because they start from it: 2024" in page()


@pytest.mark.parametrize("role", ["web", "job"])
def test_a_preview_is_only_ever_added(person, role):
    open_with(person, "10000.00", 2026)
    credit(2026, "--preview")
    with acting_as(role):
        for change in (lambda kept: kept.update(year=2025), lambda kept: kept.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(InterestPreview.objects.all())


def test_the_page_shows_the_last_preview_with_its_sums(person):
    open_with(person, "10000.00", 2026)
    open_with(person, "2000.50", 2026, scheme="medical", line=2)
    credit(2025, "--preview")
    credit(2026, "--preview")
    kept = {told["scheme"]: told for told in InterestPreview.objects.latest().groups}
    together = sum(D(told["interest"]) for told in kept.values())
    for staff_no in (OPERATOR, AUDITOR):
        told = page(staff_no)
        assert "Interest of 2026, reckoned" in told
        assert AREA in told
        assert "12,000.50" in told and f"{together:,.2f}" in told
        assert "provisional rate" in told
        assert f"manage.py credit_interest --year 2026 --area {AREA}" in told
    shown = interest_years.last_preview()
    assert shown.sums["interest"] == together
    assert (shown.sums["accounts"], shown.sums["changed"]) == (2, 2)
    assert [told["area_name"] for told in shown.groups] == [Area.objects.get(pk=AREA).name] * 2


def test_what_is_posted_afterwards_asks_for_a_new_preview(person):
    assert "No preview was made yet." in page()
    open_with(person, "10000.00", 2026)
    credit(2026, "--preview")
    assert "Nothing was posted since. This credits it:" in page()
    open_with(person, "20000.00", 2026, area_code=OTHER_AREA, line=2)
    assert not interest_years.last_preview().posted_since
    credit(2026)
    told = page()
    assert "Something was posted since" in told
    assert f"manage.py credit_interest --year 2026 --area {AREA} --preview" in told
    credit(2026, "--preview", "--scheme", "pension")
    assert "Nothing was posted since, and there is nothing to post." in page()
    assert InterestPreview.objects.latest().command.endswith(f"--year 2026 --area {AREA} --scheme pension")


def test_a_rate_that_is_published_afterwards_asks_for_a_new_preview(person):
    open_with(person, "10000.00", 2026)
    credit(2026, "--preview")
    rate("0.0300", month(2026, 1), month(2027, 1), scheme="medical")
    rate("0.0300", month(2026, 1), month(2027, 1), area=OTHER_AREA)
    rate("0.0300", month(2027, 1))
    assert not interest_years.last_preview().ruled_since
    published = rate("0.0200", month(2026, 1), month(2027, 1))
    told = page()
    assert "A rate or a method came into force or was withdrawn since" in told
    assert f"manage.py credit_interest --year 2026 --area {AREA} --preview" in told
    credit(2026, "--preview")
    assert "Nothing was posted since. This credits it:" in page()
    with acting_as("job"):
        CreditingRate.objects.filter(pk=published.pk).update(state="withdrawn", withdrawn_at=timezone.now())
    assert interest_years.last_preview().ruled_since
    credit(2026, "--preview")
    method(month(2026, 1), rounding_mode="CEIL_JIAO")
    assert interest_years.last_preview().ruled_since


def test_where_no_rate_was_known_one_that_is_published_asks_for_a_new_preview(person):
    open_with(person, "10000.00", 2026, scheme="pension_resident")
    credit(2026, "--preview")
    assert "no rate is known" in page() and not interest_years.last_preview().ruled_since
    rate("0.0200", month(2026, 1), month(2027, 1), scheme="pension_resident", area=AREA)
    assert interest_years.last_preview().ruled_since


def test_a_year_without_accounts_is_said(places):
    credit(1995, "--preview")
    assert "There was no account in that year." in page()


def test_the_newest_five_years_with_what_is_known_last(places):
    assert "No year is credited or closed yet." in page()
    for year in range(2019, 2026):
        credited(year, interest=f"{year}.00")
    credited(2025, is_provisional=True, interest="7.77")
    credited(2024, is_provisional=True, area=OTHER_AREA)
    closed(2024)
    closed(2023, scheme="medical")
    years = interest_years.last_years()
    assert years.years == [2025, 2024, 2023, 2022, 2021]
    rows = {(row.scheme, row.area_code): row.states for row in years.rows}
    assert set(rows) == {("pension", AREA), ("pension", OTHER_AREA), ("medical", AREA)}
    first, second, *_rest = rows["pension", AREA]
    assert (first.is_provisional, first.interest, first.is_closed) == (True, D("7.77"), False)
    assert (second.is_provisional, second.interest, second.is_closed) == (False, D("2024.00"), True)
    assert rows["pension", OTHER_AREA] == [
        None,
        interest_years.YearState(2024, True, D("1.00"), False),
        None,
        None,
        None,
    ]
    assert rows["medical", AREA][2] == interest_years.YearState(2023, None, None, True)
    told = page()
    assert "7.77" in told and "2,020.00" not in told
    for words in ("provisional rate", "final rate", "no interest", "year closed", "year open"):
        assert words in told


def test_the_number_of_queries_is_fixed(person, django_assert_num_queries):
    client = visitors.staff(OPERATOR)
    client.get(reverse(ADDRESS))
    open_with(person, "10000.00", 2026)
    for scheme, area in (("medical", AREA), ("pension_resident", OTHER_AREA)):
        credit(2026, "--preview")
        with django_assert_num_queries(8):
            client.get(reverse(ADDRESS))
        open_with(person, "10000.00", 2026, scheme=scheme, line=2)
        credited(2025, area=area, scheme=scheme)
