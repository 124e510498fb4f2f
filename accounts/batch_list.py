"""Batches as operators and auditors read them: a list, one batch with both sides, the entries of one batch."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.http import Http404

from registry.models import Employer, FeedFile, Identifier, InsuredPerson

from .models import Batch, Correction, Entry, FundEntry

PAGE_SIZE = 50


@dataclass(frozen=True)
class BatchPage:
    batches: list
    older: int | None  # batches before this number stand on the next page


def page_of(conditions, size=PAGE_SIZE):
    """The newest batches of a filter, each with its two sides. Three queries.

    A batch gets `.entry_count`, `.entry_sum` (yuan of the persons' side), `.fund` (its fund entries) and `.rest`, which
    is zero.
    """
    batches = list(Batch.objects.filter(**conditions).order_by("-pk")[: size + 1])
    shown = batches[:size]
    _add_sides(shown)
    return BatchPage(shown, shown[-1].pk if len(batches) > size else None)


def _add_sides(batches):
    of_batch = {batch.pk: batch for batch in batches}
    # The months let the database leave out the other years' partitions.
    months = {batch.booked_month for batch in batches}
    found = _rows("SELECT * FROM batch_sums(%s::bigint[], %s::date[])", [list(of_batch), list(months)])
    sums = {pk: (count, amount) for pk, count, amount in found}
    for batch in batches:
        batch.entry_count, batch.entry_sum = sums.get(batch.pk, (0, Decimal("0.00")))
        batch.fund = []
    for side in FundEntry.objects.filter(batch_id__in=of_batch).select_related("fund_account").order_by("fund_account"):
        of_batch[side.batch_id].fund.append(side)
    for batch in batches:
        batch.rest = batch.entry_sum + sum((side.amount for side in batch.fund), Decimal("0.00"))


def one(pk):
    """One batch with its sides, the entries summed by kind, its file, employer and correction; Http404."""
    batch = Batch.objects.filter(pk=pk).first()
    if batch is None:
        raise Http404
    _add_sides([batch])
    batch.kinds = [
        {"kind": kind, "word": Entry.Kind(kind).label, "entries": entries, "persons": persons, "amount": amount}
        for kind, entries, persons, amount in _rows(
            "SELECT * FROM batch_kinds(%s::bigint, %s::date)", [pk, batch.booked_month]
        )
    ]
    batch.file = FeedFile.objects.filter(pk=batch.feed_file_id).first()
    batch.employer = Employer.objects.filter(pk=batch.employer_id).first()
    batch.correction = None
    if batch.kind in (Batch.Kind.REVERSAL, Batch.Kind.MANUAL):
        found = list(Correction.objects.raw("SELECT * FROM correction_of_batch(%s::bigint)", [pk]))
        batch.correction = found[0] if found else None
    return batch


def _rows(question, parameters):
    """What a function of accounts/wall_functions.py says: these pages have no inquiry open, so entries are shut."""
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchall()


@dataclass(frozen=True)
class EntriesPage:
    """Some entries of one batch, each with its `.person` (and that person's `.number`)."""

    batch: Batch
    entries: list
    number: int
    has_more: bool

    @property
    def person_ids(self):
        return [entry.person_id for entry in self.entries]


def entries_of(pk, number, size=PAGE_SIZE):
    """Page `number` (from 1) of the entries of a batch, by person; Http404 where there is no such batch."""
    batch = Batch.objects.filter(pk=pk).first()
    if batch is None:
        raise Http404
    start = (number - 1) * size
    entries = Entry.objects.filter(batch_id=pk, booked_month=batch.booked_month).order_by("person_id", "kind", "line")
    entries = list(entries[start : start + size + 1])
    page = EntriesPage(batch, entries[:size], number, len(entries) > size)
    persons = InsuredPerson.objects.in_bulk(page.person_ids)
    numbers = Identifier.objects.filter(person__in=page.person_ids, is_main=True)
    numbers = {identifier.person_id: identifier.number for identifier in numbers}
    for entry in page.entries:
        entry.person = persons.get(entry.person_id)
        entry.number = numbers.get(entry.person_id, "")
    return page
