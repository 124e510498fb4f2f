"""A record of many years in a few words, beside what a member of the cast has already."""

from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from contributions.models import ContributionRule
from registry.months import each_month
from registry.roles import acting_as
from tests.staged import AREA, due, employer_line, load, make_employer, make_places
from tests.years import credit, rate

# The first year of which a national rate is published: those before it earn nothing here.
FIRST_RATE = 2016
LATE_YEARS = 5


def live_long(person, last_year, years=40):
    """Give a person `years` years of contributions to employee old-age insurance in AREA, with the interest published.

    person: its id; last_year: the last of them, which is over. The last five were credited twice: their rate was put
    right after the first time.
    """
    make_places()
    first = last_year - years + 1
    _rule_since(date(first, 1, 1))
    employer = make_employer()
    months = each_month(date(first, 1, 1), date(last_year + 1, 1, 1))
    lines = [
        employer_line(person, employer, slip_no=f"L{month:%Y%m}", month=month, **_shares(month)) for month in months
    ]
    load("employer_contributions", lines)
    credited = range(max(first, FIRST_RATE), last_year + 1)
    late = credited[-LATE_YEARS:]
    for year in credited:
        credit(year)
    for year in late:
        rate("0.04", date(year, 1, 1), date(year + 1, 1, 1), area=AREA)
    for year in late:
        credit(year)


def _rule_since(day):
    """A rule of AREA: the national ones begin in 1998."""
    with acting_as("job"):
        ContributionRule.objects.create(
            key="test.pension.long",
            area_code=AREA,
            scheme="pension",
            category="employee",
            period=DateRange(day, None),
            er_rate=Decimal("0.16"),
            ind_rate=Decimal("0.08"),
            ind_to_account=Decimal("0.08"),
            source="a test",
            origin="national",
            state="in_force",
        )


def _shares(month):
    shares = due("8000.00", month)
    return {"er_share": shares.er, "ind_share": shares.ind}
