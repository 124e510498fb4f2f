"""The entries of one person as operators and auditors read them: a year of every account, with what was undone."""

from dataclasses import dataclass
from datetime import date

from . import closings
from .models import Account, Correction, CorrectionLine, Entry, Reversal
from .models.corrections import NEVER_UNDONE


@dataclass(frozen=True)
class YearOfEntries:
    accounts: list  # each with `.entries` of the year, newest first
    years: list  # newest first
    year: int | None


def year_of(person, year=None):
    """The person's accounts with the entries booked in one year, by default the latest.

    Four queries, and one more where an account is closed. An entry gets `.is_undone`, and `.is_undoable`
    where a correction may undo it; an account its `.closings`, which a correction of a closed account has to undo,
    whatever their year.
    """
    accounts = list(Account.objects.of(person).order_by("scheme", "area_code", "pk"))
    first = min((a.opened_month.year for a in accounts), default=None)
    last = max((a.last_booked_month.year for a in accounts), default=None)
    years = list(range(last, first - 1, -1)) if accounts else []
    year = year if year in years else last
    closed = any(account.status == Account.Status.CLOSED for account in accounts)
    ends = closings.standing(person.record_ids) if closed else {}
    for account in accounts:
        account.entries, account.closings = [], ends.get(_account_key(account), [])
    if accounts:
        _add_entries(person, accounts, year)
    return YearOfEntries(accounts, years, year)


def _add_entries(person, accounts, year):
    of_account = {(a.person_id, a.scheme, a.area_code): a for a in accounts}
    booked = {"booked_month__gte": date(year, 1, 1), "booked_month__lt": date(year + 1, 1, 1)}
    undone = set(
        Reversal.objects.filter(person_id__in=person.record_ids, **booked).values_list(
            "person_id", "scheme", "area_code", "booked_month", "kind", "batch_id", "line"
        )
    )
    under_way = CorrectionLine.objects.filter(
        correction__person__in=person.record_ids, correction__outcome="", **booked
    )
    under_way = set(
        under_way.exclude(correction__decision=Correction.Decision.REFUSED).values_list(
            "correction__person",
            "correction__scheme",
            "correction__area_code",
            "booked_month",
            "kind",
            "batch_id",
            "entry_line",
        )
    )
    entries = Entry.objects.filter(person_id__in=person.record_ids, **booked)
    for entry in entries.order_by("-booked_month", "-batch_id", "-kind", "-line"):
        account = of_account[entry.person_id, entry.scheme, entry.area_code]
        key = (*_account_key(entry), entry.booked_month, entry.kind, entry.batch_id, entry.line)
        entry.is_undone, entry.is_asked = key in undone, key in under_way
        entry.is_undoable = entry.kind not in NEVER_UNDONE and not entry.is_undone and not entry.is_asked
        account.entries.append(entry)


def _account_key(entry):
    return entry.person_id, entry.scheme, entry.area_code
