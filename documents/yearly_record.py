"""The yearly personal-rights record (个人权益记录单) of a person, from the statements that were issued (F30).

A statement is never changed, so the record of a year reads the same each time: figures, day of issue, serial, seal.
Where a year has no statement, the reason is told: it is not closed yet, or no account existed.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Account, ClosedYear, Seal, Statement
from contributions.payment_calendar import YEARLY
from registry.insurance import Scheme
from registry.models import Area, Enrolment

SERIAL_BYTES, GROUP = 10, 4
# What a serial is made of: every column of a statement but the person, whose id stands on no paper.
SERIAL_COLUMNS = [f.name for f in Statement._meta.concrete_fields]


@dataclass(frozen=True)
class StatedAccount:
    """One account's statement of a year, with the names of the area and of the agency that answers for it."""

    statement: Statement
    area: str
    agency: str
    issued_at: datetime | None

    @property
    def scheme(self):
        return Scheme(self.statement.scheme)

    @property
    def is_paid_by_year(self):
        """Whether the scheme takes one payment a year, so that there are no months to count."""
        return self.scheme in YEARLY


@dataclass
class StatedYear:
    """One year: what was stated, and the schemes whose year is not closed yet."""

    year: int
    stated: list = field(default_factory=list)
    waiting: list = field(default_factory=list)

    @property
    def issued_at(self):
        """When the last of the year's statements was issued, or None."""
        return max((s.issued_at for s in self.stated if s.issued_at), default=None)

    @property
    def issued_on(self):
        """The local day of `issued_at`, or None."""
        return self.issued_at and timezone.localdate(self.issued_at)


@dataclass
class YearlyRecords:
    """Every year since the first account, newest first; `first` is None where there never was an account.

    `accounts`: (Scheme, name of the area) of every account, the columns of a list of years.
    """

    years: list
    first: int | None
    accounts: list

    def of(self, year):
        return next((each for each in self.years if each.year == year), StatedYear(year))

    def rows(self):
        """[(StatedYear, cells)]: for each account what the year closed with in yuan, "waiting", or None for neither."""
        for each in self.years:
            closings = {(s.scheme, s.area): s.statement.closing for s in each.stated}
            waiting = dict.fromkeys(each.waiting, "waiting")
            yield each, [(*account, closings.get(account, waiting.get(account))) for account in self.accounts]


def yearly_records(person, today):
    """The YearlyRecords of a person on a day. Five queries at any length."""
    accounts = sorted(Account.objects.of(person), key=_in_order)
    statements = sorted(Statement.objects.filter(person_id__in=person.record_ids), key=_in_order)
    codes = {account.area_code for account in accounts}
    closed = ClosedYear.objects.filter(scheme__in={a.scheme for a in accounts}, area_code__in=codes)
    closed_at = {(row.scheme, row.area_code, row.year): row.closed_at for row in closed}
    areas = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    agencies = _agencies(person)
    first = min((account.opened_month.year for account in accounts), default=None)
    years = {year: StatedYear(year) for year in range(today.year, (first or today.year + 1) - 1, -1)}
    for row in statements:
        key = (row.scheme, row.area_code)
        stated = StatedAccount(row, areas.get(row.area_code, row.area_code), agencies.get(key, ""),
                               closed_at.get((*key, row.year)))  # fmt: skip
        years.setdefault(row.year, StatedYear(row.year)).stated.append(stated)
    for account in accounts:
        last = account.closed_month.year if account.closed_month else today.year
        for year in range(account.opened_month.year, last + 1):
            if (account.scheme, account.area_code, year) not in closed_at:
                years[year].waiting.append((Scheme(account.scheme), areas.get(account.area_code, account.area_code)))
    kept = dict.fromkeys((Scheme(a.scheme), areas.get(a.area_code, a.area_code)) for a in accounts)
    return YearlyRecords(sorted(years.values(), key=lambda each: -each.year), first, list(kept))


def _in_order(row):
    return list(Scheme).index(row.scheme), row.area_code


def _agencies(person):
    """{(scheme, area code): name of the agency that keeps the enrolment}."""
    found = Enrolment.objects.filter(person__in=person.record_ids).select_related("agency")
    return {(e.scheme, e.area_id): e.agency.name for e in found}


def serial(stated_year):
    """The serial of a year's record, such as `2025-7KQM-2XVA-P4DN-TR6B`; "" where nothing was stated.

    It is made of the stored statements, so the same record has the same serial whenever it is printed, and another
    figure another serial. Letters and digits of base 32, in which 0, 1, 8 and 9 do not occur.
    """
    if not stated_year.stated:
        return ""
    rows = sorted([str(getattr(s.statement, name)) for name in SERIAL_COLUMNS] for s in stated_year.stated)
    digest = hashlib.sha256(json.dumps([stated_year.year, rows], separators=(",", ":")).encode()).digest()
    letters = base64.b32encode(digest[:SERIAL_BYTES]).decode()
    return "-".join([str(stated_year.year), *(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))])


def seal_of(stated_year):
    """The first Seal of the ledger made of a day on or after the day of issue, or None where there is none yet.

    Its hash covers every earlier day too, so a paper that bears it holds the year's entries fast (docs/seals.md).
    """
    if stated_year.issued_at is None:
        return None
    return Seal.objects.filter(day__gte=stated_year.issued_on).order_by("day").first()


def seal_text(seal):
    """A Seal as `verify.py --published` takes it, such as `2026-11-20=9f0c…`; "" where there is none."""
    return f"{seal.day:%Y-%m-%d}={bytes(seal.hash).hex()}" if seal else ""


def end_of(year):
    """The last month of a year, up to which its record reaches."""
    return date(year, 12, 1)
