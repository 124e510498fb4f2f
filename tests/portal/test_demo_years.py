"""The demo's records get interest and statements for every year that is over, through the commands themselves."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import checks
from accounts.models import InterestYear, Statement
from portal import demo
from registry.months import add_months, month_of
from registry.roles import acting_as

from .made_feed import make

LAST_MONTH = add_months(month_of(date.today()), -1)


@pytest.fixture
def loaded(fresh_database, tmp_path):
    folder = make(tmp_path / "made", people=28, employers=7, years=3, until=f"{LAST_MONTH:%Y-%m}")
    call_command("load_feed", str(folder), stdout=io.StringIO(), stderr=io.StringIO())


def test_the_years_that_are_over_are_credited_and_stated(loaded):
    years = demo.years_to_state()
    last = LAST_MONTH.year if LAST_MONTH.month == 12 else LAST_MONTH.year - 1
    assert years[-1] == last and len(years) >= 2
    for year in years:
        for command in ("credit_interest", "issue_statements"):
            call_command(command, year=year, stdout=io.StringIO(), stderr=io.StringIO())
    assert demo.years_to_state() == []
    assert {row.year for row in Statement.objects.all()} == set(years)
    assert {"pension", "pension_public", "medical"} <= set(InterestYear.objects.values_list("scheme", flat=True))
    with acting_as("read"), connection.cursor() as cursor:
        assert checks.prove(cursor) == []
