"""Operators' and auditors' pages about no person: the desk, batches, interest by year, the proofs of the books."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import batch_list, desk
from accounts.forms import BatchesForm
from accounts.interest_years import last_preview, last_years
from accounts.models import Proof
from inquiries.door import for_operator, on_books

PROOFS_SHOWN = 30


@require_safe
@for_operator
def operators_desk(request, member):
    """What waits for somebody, and how far the books and their sources are."""
    context = {"member": member, "desk": desk.desk_of(member, timezone.localdate())}
    return render(request, "accounts/operators/desk.html", context)


@require_safe
@for_operator
def batches(request, member):
    """The batches of the ledger, newest first, each with its two sides."""
    form = BatchesForm(request.GET)
    page = batch_list.page_of(form.conditions())
    asked = request.GET.copy()
    asked.pop("before", None)
    return render(request, "accounts/operators/batches.html", {"form": form, "page": page, "asked": asked.urlencode()})


@require_safe
@for_operator
def batch(request, member, batch):
    """One batch: why, when, from which file, and both sides; no person is named."""
    return render(request, "accounts/operators/batch.html", {"batch": batch_list.one(batch)})


def _entries_of_batch(request, batch):
    number = request.GET.get("page", "1")
    is_number = number.isascii() and number.isdigit() and 0 < len(number) < 7
    return batch_list.entries_of(batch, max(1, int(number)) if is_number else 1)


@require_safe
@on_books("accounts.batch_entries", _entries_of_batch, begins_at="why_these_entries")
def batch_entries(request, page, batch):
    """The entries of a batch; each person shown has a line in her log."""
    return render(request, "accounts/operators/batch_entries.html", {"page": page})


@require_safe
@for_operator
def interest_years(request, member):
    """What the last preview of a year's interest found, and which years are credited, final and closed."""
    context = {"shown": last_preview(), "years": last_years()}
    return render(request, "accounts/operators/interest_years.html", context)


@require_safe
@for_operator
def proofs(request, member):
    """The last runs of check_books, and what the last one found."""
    kept = list(Proof.objects.order_by("-pk")[:PROOFS_SHOWN])
    return render(request, "accounts/operators/proofs.html", {"last": kept[0] if kept else None, "proofs": kept})
