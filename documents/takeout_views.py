"""The whole record as a file, handed out to its person (PIPL, art. 45), and the program that checks it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inquiries.door import exporting_deed, on_record
from inquiries.step_up import fresh, is_fresh

from .takeout import PROGRAM, record_file, record_of

PAGE = "documents.take_out"


@require_safe
@on_record(PAGE)
def take_out(request, person):
    """What is in the file, the warning of a public computer, and the form that hands it out."""
    session = request.own_session
    context = {"inquiry": request.inquiry, "is_public": session.is_public, "is_fresh": is_fresh(request)}
    return render(request, "documents/own/take_out.html", context)


@fresh
@exporting_deed(PAGE)
def take_record(request, person):
    """The record as a zip: JSON, CSV, the program that checks it. The person reads in her log that it was taken."""
    answer = HttpResponse(record_file(record_of(person)), content_type="application/zip")
    day = timezone.localdate()
    answer["Content-Disposition"] = f'attachment; filename="social-security-record-{day:%Y-%m-%d}.zip"'
    return answer


@require_safe
@login_not_required
def verify_program(request):
    """verify.py for whoever was given a record's file; it is the same for everybody."""
    answer = HttpResponse(PROGRAM.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{PROGRAM.name}"'
    return answer
