"""Corrections: one operator asks on the person's entries, another decides; auditors look at all of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import correction_list, corrections, person_entries
from accounts.forms import DecideForm, ProposeForm
from accounts.models import Account, Correction
from inquiries import opening
from inquiries.door import for_operator, on_record, operators_deed_on_record
from inquiries.models import Purpose

PERSON, LIST = "find_person", "corrections"


@require_safe
@on_record("accounts.person_entries", begins_at=PERSON)
def entries_of_person(request, person):
    """A year of the person's accounts; from here a correction is asked for."""
    context = _about(request, person) | {"shown": person_entries.year_of(person, _year(request.GET))}
    return render(request, "accounts/operators/person_entries.html", context)


@require_safe
@on_record("accounts.correction", begins_at=PERSON)
def propose_correction(request, person):
    """The form of a correction: which entries of a year are wrong, and what is right."""
    account, year, undoable = _account_asked(person, request.GET)
    form = ProposeForm(undoable, initial={"document_ref": request.inquiry.reference})
    form.initial["undone"] = [closing.choice for closing in account.closings]
    return _show_proposal(request, person, account, year, form)


@operators_deed_on_record("accounts.correction", begins_at=PERSON)
def ask_for_correction(request, person):
    account, year, undoable = _account_asked(person, request.POST)
    form = ProposeForm(undoable, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        words = {"reason": data["reason"], "document_ref": data["document_ref"]}
        try:
            asked = corrections.ask(account, form.undone_keys(), form.rights(), by=request.user, **words)
        except corrections.CorrectionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The correction is asked for. Somebody else decides it."))
            return redirect("correction", correction=asked.pk)
    return _show_proposal(request, person, account, year, form)


@require_safe
@for_operator
def list_corrections(request, member):
    """Requests that wait for somebody, and the latest that ended; no person is named."""
    context = {"open": correction_list.open_requests(), "ended": correction_list.ended_requests()}
    return render(request, "accounts/operators/corrections.html", context)


@require_POST
@for_operator
def look_at_correction(request, member, correction):
    """Open the record of the person whom a request is about: the request itself is the reason."""
    about = correction_list.about(correction)
    if about is None:
        raise Http404
    opening.open_for_operator(request, member, Purpose.CORRECTION, about.document_ref, about.person_id)
    return redirect("correction", correction=correction)


@require_safe
@on_record("accounts.correction", begins_at=LIST)
def correction(request, person, correction):
    """One request with its lines, the account as it stands, and what became of it."""
    return _show_correction(request, person, _found(person, correction), DecideForm())


@operators_deed_on_record("accounts.correction", begins_at=LIST)
def approve_correction(request, person, correction):
    return _decide(request, person, correction, Correction.Decision.APPROVED)


@operators_deed_on_record("accounts.correction", begins_at=LIST)
def refuse_correction(request, person, correction):
    return _decide(request, person, correction, Correction.Decision.REFUSED)


def _decide(request, person, pk, decision):
    found, form = _found(person, pk), DecideForm(request.POST)
    if form.is_valid():
        try:
            corrections.decide(found, decision, by=request.user, reason=form.cleaned_data["decision_reason"])
        except corrections.CorrectionRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("correction", correction=pk)
    return _show_correction(request, person, found, form)


def _found(person, pk):
    """The request, where it is about the person looked up; 404 otherwise."""
    return get_object_or_404(Correction.objects.prefetch_related("lines"), pk=pk, person__in=person.record_ids)


def _show_correction(request, person, found, form):
    may_decide = found.state == "waiting" and found.asked_by_id != request.user.pk and _is_operator(request)
    context = {"correction": correction_list.told(found), "form": form, "may_decide": may_decide}
    return render(request, "accounts/operators/correction.html", _about(request, person) | context)


def _show_proposal(request, person, account, year, form):
    if not _is_operator(request):
        raise PermissionDenied
    context = {"account": account, "year": year, "form": form}
    return render(request, "accounts/operators/propose_correction.html", _about(request, person) | context)


def _account_asked(person, asked):
    """(Account, year, what may be undone: its closings, and entries of the year) of the query or form.

    404 where the account is not the person's, or is closed and nothing says by what.
    """
    number, shown = asked.get("account", ""), person_entries.year_of(person, _year(asked))
    account = next((a for a in shown.accounts if str(a.pk) == number), None)
    if account is None or (account.status == Account.Status.CLOSED and not account.closings):
        raise Http404
    ends = {closing.key for closing in account.closings}
    others = [e for e in account.entries if (e.booked_month, e.kind, e.batch_id, e.line) not in ends]
    return account, shown.year, [*account.closings, *(entry for entry in others if entry.is_undoable)]


def _about(request, person):
    """What the head of each page says: whose record, and in which inquiry."""
    number = person.identifiers.filter(is_main=True).first()
    context = {"person": person, "number": number.number if number else "", "inquiry": request.inquiry}
    return context | {"is_operator": _is_operator(request)}


def _is_operator(request):
    return request.inquiry.capacity == request.inquiry.Capacity.OPERATOR


def _year(asked):
    text = asked.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
