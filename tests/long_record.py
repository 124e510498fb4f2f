"""Forty years of one member of the cast: an account with a statement for each year, and every month paid for."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Account, ClosedYear, Statement
from contributions.models import Contribution
from registry.models import InsuredPerson
from registry.months import add_months, month
from registry.roles import acting_as
from tests.cast import LAST, SHANGHAI

YEARS = 40
SCHEMES = ("pension", "medical", "unemployment", "work_injury", "maternity")
NOTHING = {name: Decimal("0.00") for name in "employer subsidy pool_allocation transferred_in taken_over".split()}


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def give(member):
    """Write the record as the job role; its figures rise by a fen a month, and the base with each year."""
    person, first = person_of(member), LAST.year - YEARS
    with acting_as("job"):
        Account.objects.create(
            person=person,
            scheme="pension",
            area_code=SHANGHAI,
            opened_month=month(first, 1),
            last_booked_month=month(LAST.year - 1, 12),
            year=LAST.year - 1,
            prior_years=Decimal(100 * YEARS),
        )
        for year in range(first, LAST.year):
            _state(person, year, Decimal(100 * (year - first)))
        _pay(person, first)


def _state(person, year, opening):
    figures = NOTHING | {"corrected": Decimal("0.00"), "earlier_interest": Decimal("0.00"), "paid_out": Decimal("0.00")}
    Statement.objects.create(
        person_id=person.pk,
        period=month(year, 12),
        scheme="pension",
        area_code=SHANGHAI,
        opening=opening,
        own=Decimal("96.00"),
        interest=Decimal("4.00"),
        closing=opening + 100,
        months=12,
        **figures,
    )
    ClosedYear.objects.create(scheme="pension", area_code=SHANGHAI, year=year, closed_at=timezone.now())


def _pay(person, first):
    rows = []
    for index in range(12 * YEARS):
        covered = add_months(date(first, 1, 1), index)
        for scheme in SCHEMES:
            rows.append(_received(person, scheme, covered, Decimal(2000 + 100 * (index // 12))))
    Contribution.objects.bulk_create(rows)


def _received(person, scheme, covered, base):
    return Contribution(
        person_id=person.pk,
        booked_month=covered,
        scheme=scheme,
        slip_no=f"L{covered:%Y%m}",
        line=1,
        area_code=SHANGHAI,
        period=covered,
        employer_id=None,
        category="employee",
        kind="normal",
        base=base,
        er_share=base * Decimal("0.16"),
        ind_share=base * Decimal("0.08"),
        to_account=base * Decimal("0.08"),
        received_on=covered + timedelta(days=9),
        batch_id=1,
        feed_file_id=1,
        feed_row=1,
    )
