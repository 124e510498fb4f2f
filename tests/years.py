"""Whole years of an account in a few words: what came in and went out, the interest of a year, the rates of a test."""

import io
from datetime import date
from decimal import Decimal

from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Entry, InterestCredit
from contributions.models import CreditingRate, InterestMethod
from registry.commands import Refused
from registry.roles import acting_as
from tests import staged

INTEREST = ("interest_opening", "interest_current", "interest_payout_adj")


def month(year, number):
    return date(year, number, 1)


def open_with(person, amount, year, scheme="pension", **changes):
    """A balance taken over in January: the opening balance of the year."""
    line = staged.opening_line(person, amount, scheme, month(year, 1), slip_no=f"O{year}{scheme}{person}", **changes)
    staged.load("openings", [line])


def pay_in(person, employer, amounts, year, scheme="pension", **changes):
    """{month booked: own contribution}; the base follows from the 8 % (medical: 2 %) that goes to the account."""
    rate = Decimal("0.02") if scheme == "medical" else Decimal("0.08")
    rows = [
        staged.employer_line(
            person,
            employer,
            scheme=scheme,
            base=(Decimal(amount) / rate).quantize(Decimal("0.01")),
            month=month(year, number),
            slip_no=f"{scheme}{person}",
            kind="backpay",
            er_share=Decimal(0),
            ind_share=Decimal(amount),
            **changes,
        )
        for number, amount in amounts.items()
    ]
    staged.load("employer_contributions", rows)


def pay_out(person, amounts, year, scheme="pension", **changes):
    """{month booked: paid from the account}."""
    rows = [
        staged.benefit_line(
            person,
            from_account=amount,
            scheme=scheme,
            month=month(year, number),
            payment_no=f"{scheme}{person}",
            **changes,
        )
        for number, amount in amounts.items()
    ]
    staged.load("benefits", rows)


def credit(year, *arguments, area=staged.AREA):
    """What the command prints."""
    out = io.StringIO()
    call_command("credit_interest", "--year", year, "--area", area, *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def issue(year, *arguments, area=staged.AREA):
    out = io.StringIO()
    call_command("issue_statements", "--year", year, "--area", area, *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refusal(command, *arguments):
    """The sentence with which a command refuses."""
    try:
        command(*arguments)
    except Refused as refused:
        return str(refused)
    raise AssertionError("It was not refused.")


def parts(person, year, scheme="pension", last=12):
    """(on opening, on credits, removed) of the standing credit of the period that ends with month `last`, or None."""
    found = InterestCredit.objects.filter(person_id=person, period=month(year, last), scheme=scheme)
    standing = found.order_by("-batch_id").first()
    return standing and (standing.on_opening, standing.on_credits, standing.removed)


def interest_entries(person):
    """[(kind, period, amount)] of everything interest has done, in the order it was posted."""
    found = Entry.objects.filter(person_id=person, kind__in=[*INTEREST, "reversal"])
    return [(e.kind, e.period, e.amount) for e in found.order_by("batch_id", "kind", "line")]


def rate(value, since, until=None, *, scheme="pension", area="", bucket="whole", credits_per_year=1):
    """A published rate. since, until: months (until exclusive)."""
    with acting_as("job"):
        return CreditingRate.objects.create(
            key=f"test.{scheme}.{area}.{bucket}.{since}",
            area_code=area,
            period=DateRange(since, until),
            scheme=scheme,
            bucket=bucket,
            rate=Decimal(value),
            credits_per_year=credits_per_year,
            source="a test",
            origin="national",
            state="in_force",
        )


def method(since, until=None, *, scheme="pension", area=staged.AREA, **columns):
    with acting_as("job"):
        return InterestMethod.objects.create(
            key=f"test.{scheme}.{area}.{since}",
            area_code=area,
            period=DateRange(since, until),
            scheme=scheme,
            source="a test",
            origin="national",
            state="in_force",
            **columns,
        )
