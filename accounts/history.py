"""What happened on a person's accounts: entries with the balance after each, and the statement of one insurance."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import Coalesce

from contributions.models import Contribution
from registry.insurance import SCHEMES_OF

from .correction_list import by_batch
from .models import Account, BenefitPayment, Entry, Reversal, Spending

ZERO = Decimal("0.00")
ENTRIES_SHOWN = 60


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


def accounts_with_entries(person, insurance):
    """The person's accounts of one insurance, each with its latest entries and the balance after each (`.entries`).

    An entry says whether it `.is_undone`, and which `.correction` posted it, if one did; an account lists its
    `.corrections`. An empty list means that no rule ever routed money to an account of hers. Four queries.
    """
    accounts = list(Account.objects.of(person).of_insurance(insurance).order_by("opened_month", "pk"))
    entries = (
        Entry.objects.filter(person_id__in=person.record_ids, scheme__in=SCHEMES_OF[insurance])
        .annotate(
            after=Window(
                Sum("amount"),
                partition_by=[F("person_id"), F("scheme"), F("area_code")],
                order_by=[F("booked_month").asc(), F("batch_id").asc(), F("kind").asc(), F("line").asc()],
            )
        )
        .order_by("-booked_month", "-batch_id", "-kind", "-line")
    )
    undone, corrections = _undone(person, insurance), by_batch(person, insurance)
    of_account = {(a.person_id, a.scheme, a.area_code): a for a in accounts}
    for account in accounts:
        account.entries, account.corrections = [], []
    for entry in entries[: ENTRIES_SHOWN * max(1, len(accounts))]:
        account = of_account[entry.person_id, entry.scheme, entry.area_code]
        entry.is_undone, entry.correction = entry.pk in undone, corrections.get(entry.batch_id)
        if entry.correction and entry.correction not in account.corrections:
            account.corrections.append(entry.correction)
        account.entries.append(entry)
    for correction in corrections.values():
        # What undid a closing that paid nothing stands beside no entry.
        if not correction.has_entries:
            of_account[correction.person_id, correction.scheme, correction.area_code].corrections.append(correction)
    return accounts


def _undone(person, insurance):
    """The keys of the person's entries of one insurance that a reversal undid."""
    undone = Reversal.objects.filter(person_id__in=person.record_ids, scheme__in=SCHEMES_OF[insurance])
    return {reversal.pk for reversal in undone}


def _sum(column):
    return Coalesce(Sum(column), ZERO)


def _distinct_periods():
    return Count("period", distinct=True, filter=Q(kind__in=["normal", "backpay", "transferred_in"]))
