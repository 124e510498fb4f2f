"""Where the balance of an account comes from (余额怎么来的): sums by kind and year, which add up to it to the fen.

A sum holds the entries of one kind together with what was undone of them later, so that interest credited twice and
undone once is told once. Every entry belongs to exactly one sum; `explain.lines_of` opens the lines of each.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext_lazy as _

from .explain import CAME_IN, INTEREST, PUT_RIGHT, TERMS, WENT_OUT, ZERO
from .models import Account, Entry

Kind = Entry.Kind
# The parts of the equation and of the pictures.
GROUPS = {
    "came_in": (_("What came in"), CAME_IN),
    "earned": (_("Interest"), INTEREST),
    "went_out": (_("What went out"), WENT_OUT),
    "put_right": (_("What was put right"), PUT_RIGHT),
}
GROUP_OF = {kind: name for name, (_label, kinds) in GROUPS.items() for kind in kinds}
# A reversal counts as the kind of what it undid.
SUMS = """
SELECT extract(year FROM e.booked_month)::integer, coalesce(r.kind, e.kind), sum(e.amount), count(*)
FROM accounts_entry e LEFT JOIN accounts_reversal r
    ON e.kind = 'reversal' AND r.person_id = e.person_id AND r.by_batch_id = e.batch_id AND r.by_line = e.line
WHERE e.person_id = %s AND e.scheme = %s AND e.area_code = %s AND (%s::date IS NULL OR e.booked_month <= %s::date)
GROUP BY 1, 2 ORDER BY 1
"""


@dataclass
class SourceSum:
    """All entries of one kind, less what was undone of them. `years`: {year booked: yuan}, oldest first."""

    kind: Entry.Kind
    years: dict = field(default_factory=dict)
    lines: int = 0

    @property
    def amount(self):
        return sum(self.years.values(), ZERO)

    @property
    def label(self):
        return self.kind.label


@dataclass
class SourceGroup:
    name: str
    label: str
    sums: list

    @property
    def amount(self):
        return sum((each.amount for each in self.sums), ZERO)


@dataclass(frozen=True)
class SourceYear:
    """One year: yuan by kind, and what the account held when it ended (or at the month asked for)."""

    year: int
    amounts: dict
    closing: Decimal

    def of(self, kinds):
        return sum((self.amounts.get(kind, ZERO) for kind in kinds), ZERO)


@dataclass
class Sources:
    """The equation of one account. `until`: the last month booked that counts, None for all."""

    account: Account
    until: date | None
    groups: list
    years: list

    @property
    def balance(self):
        """Yuan at the end of `until`: the sum of the groups."""
        return sum((group.amount for group in self.groups), ZERO)

    @property
    def rows(self):
        """[(SourceYear, [(label, yuan) of each group there is])], newest year first."""
        columns = [(group.label, GROUPS[group.name][1]) for group in self.groups]
        return [(year, [(label, year.of(kinds)) for label, kinds in columns]) for year in reversed(self.years)]

    def sum_of(self, kind):
        """The SourceSum of one kind, or None."""
        return next((each for group in self.groups for each in group.sums if each.kind == kind), None)


def sources_of(account, until=None):
    """The Sources of an Account, from every entry booked by the end of `until` (a month): one query."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [account.person_id, account.scheme, account.area_code, until, until])
        found = cursor.fetchall()
    sums = {}
    for year, kind, amount, lines in found:
        each = sums.setdefault(kind, SourceSum(Kind(kind)))
        each.years[year] = amount
        each.lines += lines
    groups = [
        SourceGroup(name, label, [sums[kind] for kind in TERMS if kind in sums and GROUP_OF[kind] == name])
        for name, (label, _kinds) in GROUPS.items()
    ]
    return Sources(account, until, [group for group in groups if group.sums], list(_years(sums)))


def _years(sums):
    """Every year from the first one booked to the last one, also those in which nothing was."""
    booked = [year for each in sums.values() for year in each.years]
    closing = ZERO
    for year in range(min(booked, default=0), max(booked, default=-1) + 1):
        amounts = {each.kind: each.years[year] for each in sums.values() if year in each.years}
        closing += sum(amounts.values(), ZERO)
        yield SourceYear(year, amounts, closing)
