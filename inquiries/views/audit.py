"""Auditors' pages about the access log: the list, its file, what is unusual."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inquiries import anomalies, log_list
from inquiries.door import deed_on_books, on_books
from inquiries.look_forms import ExportForm, LogForm
from inquiries.models import AccessLog, Inquiry
from inquiries.step_up import fresh

WHY = "why_these_entries"
AUDITOR = (Inquiry.Capacity.AUDITOR,)


def _persons(request):
    person = request.inquiry.person if request.inquiry.person_id else None
    return person.record_ids if person else ()


def _looks(request):
    return log_list.LogPage(LogForm(request.GET), request.GET.get("before", ""), _persons(request))


@require_safe
@on_books("inquiries.audit_looks", _looks, begins_at=WHY, roles=AUDITOR, of_one_too=True)
def audit_looks(request, page):
    """The access log by time; with an inquiry about one person open, her rows alone."""
    asked = request.GET.copy()
    asked.pop("before", None)
    chosen = page.form.cleaned_data
    agency = chosen["agency"].pk if chosen.get("agency") else ""
    return _show(request, page, ExportForm(initial=chosen | {"agency": agency}), asked.urlencode())


@fresh
@deed_on_books("inquiries.audit_export", "audit_looks", AUDITOR, AccessLog.Kind.EXPORT)
def export_looks(request, inquiry):
    """The rows of a period as a file, for a reason; three a day, each kept with its reason and log row."""
    form = ExportForm(request.POST)
    refused = ""
    if form.is_valid():
        try:
            text = log_list.export(form, inquiry, _persons(request))
        except log_list.ExportRefused as error:
            refused = str(error)
        else:
            name = f"look-ups-{timezone.localdate():%Y%m%d}.csv"
            answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
    return _show(request, log_list.LogPage(LogForm(request.POST), "", _persons(request)), form, "", refused)


@require_safe
@on_books("inquiries.anomalies", anomalies.UnusualLooks, begins_at=WHY, roles=AUDITOR)
def unusual_looks(request, listed):
    """Signs of look-ups without a reason, in the last 31 days."""
    return render(request, "inquiries/unusual_looks.html", {"unusual": listed, "inquiry": request.inquiry})


def _show(request, page, export_form, asked, refused=""):
    context = {
        "page": page,
        "form": page.form,
        "export": export_form,
        "asked": asked,
        "refused": refused,
        "inquiry": request.inquiry,
        "most_rows": log_list.ROWS_OF_AN_EXPORT,
        "a_day": log_list.EXPORTS_A_DAY,
    }
    return render(request, "inquiries/audit_looks.html", context)
