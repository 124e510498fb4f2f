"""What happened on a person's accounts: entries with the balance after each, and the statement of one insurance."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from contributions.models import Contribution
from registry.insurance import SCHEMES_OF
from registry.months import month

from .correction_list import by_batch
from .models import Account, BenefitPayment, Entry, Reversal, Spending

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class InsuranceStatement:
    """All that was ever paid for a person in one insurance and where it went; yuan."""

    own: Decimal
    employer: Decimal
    subsidy: Decimal
    to_account: Decimal
    benefits_from_pool: Decimal
    benefits_from_account: Decimal
    months: int

    @property
    def paid_in(self):
        return self.own + self.employer + self.subsidy

    @property
    def to_pool(self):
        return self.paid_in - self.to_account

    @property
    def benefits(self):
        return self.benefits_from_pool + self.benefits_from_account

    @property
    def record_total(self):
        """The memo total of the record (权益记录累计): own contributions less benefits. No money that anybody owns."""
        return self.own - self.benefits


def statement(person, insurance):
    """The person-level statement of one insurance (Social Insurance Law, art. 74): three queries."""
    schemes = SCHEMES_OF[insurance]
    received = Contribution.objects.filter(person_id__in=person.record_ids, scheme__in=schemes)
    paid = received.aggregate(
        own=_sum("ind_share"),
        employer=_sum("er_share"),
        subsidy=_sum("subsidy"),
        to_account=_sum("to_account"),
        months=_distinct_periods(),
    )
    # What a bank returned is a line of its own with negative amounts, so that the sums are what was really paid.
    hers = {"person_id__in": person.record_ids, "scheme__in": schemes}
    parts = {"benefits_from_pool": _sum("from_pool"), "benefits_from_account": _sum("from_account")}
    benefits = BenefitPayment.objects.filter(**hers).aggregate(**parts)
    spent = Spending.objects.filter(**hers).aggregate(**parts)
    benefits = {part: benefits[part] + spent[part] for part in parts}
    return InsuranceStatement(**paid, **benefits)


@dataclass
class YearOfEntries:
    """The entries that one year booked, newest first, each with the balance `.after` it; `years` newest first."""

    accounts: list
    years: list
    year: int | None
    entries: list

    def accounts_with(self, entries):
        """The accounts that some of these entries stand on, or that were corrected in the year, each with its own.

        An account gets its `.entries` and its `.corrections`.
        """
        for account in self.accounts:
            account.entries = [entry for entry in entries if _key(entry) == _key(account)]
            shown = [entry.correction for entry in account.entries if entry.correction]
            account.corrections = list(dict.fromkeys([*shown, *account.without_entries]))
        return [account for account in self.accounts if account.entries or account.corrections]


def year_of_entries(person, insurance, year=None):
    """The YearOfEntries of the person's accounts of one insurance, by default of the latest year booked.

    An entry says whether it `.is_undone`, and which `.correction` posted it, if one did. No accounts means that no rule
    ever routed money to an account of hers. Five queries.
    """
    accounts = list(Account.objects.of(person).of_insurance(insurance).order_by("opened_month", "pk"))
    first = min((account.opened_month.year for account in accounts), default=None)
    last = max((account.last_booked_month.year for account in accounts), default=None)
    years = list(range(last, first - 1, -1)) if accounts else []
    year = year if year in years else last
    corrections = by_batch(person, insurance) if accounts else {}
    for account in accounts:
        # What undid a closing that paid nothing stands beside no entry: it is told in the year it was posted.
        account.without_entries = [
            correction
            for correction in dict.fromkeys(corrections.values())
            if not correction.has_entries
            and _key(correction) == _key(account)
            and timezone.localdate(correction.ended_at).year == year
        ]
    entries = _booked_in(person, insurance, year, accounts) if accounts else []
    undone = _undone(person, insurance) if accounts else set()
    for entry in entries:
        entry.is_undone, entry.correction = entry.pk in undone, corrections.get(entry.batch_id)
    return YearOfEntries(accounts, years, year, entries)


def _booked_in(person, insurance, year, accounts):
    """The year's entries, newest first; the balance runs back from that of today over what was booked later."""
    booked = Entry.objects.filter(person_id__in=person.record_ids, scheme__in=SCHEMES_OF[insurance])
    since, until = month(year, 1), month(year + 1, 1)
    later = booked.filter(booked_month__gte=until).values_list("person_id", "scheme", "area_code")
    later = {tuple(key): amount for *key, amount in later.annotate(Sum("amount")).order_by()}
    running = {_key(account): account.balance - later.get(_key(account), ZERO) for account in accounts}
    entries = booked.filter(booked_month__gte=since, booked_month__lt=until)
    entries = list(entries.order_by("-booked_month", "-batch_id", "-kind", "-line"))
    for entry in entries:
        entry.after = running[_key(entry)]
        running[_key(entry)] -= entry.amount
    return entries


def _key(row):
    return row.person_id, row.scheme, row.area_code


def _undone(person, insurance):
    """The keys of the person's entries of one insurance that a reversal undid."""
    undone = Reversal.objects.filter(person_id__in=person.record_ids, scheme__in=SCHEMES_OF[insurance])
    return {reversal.pk for reversal in undone}


def _sum(column):
    return Coalesce(Sum(column), ZERO)


def _distinct_periods():
    return Count("period", distinct=True, filter=Q(kind__in=["normal", "backpay", "transferred_in"]))
