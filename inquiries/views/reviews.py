"""Second pairs of eyes: papers that another clerk has taken, and quotas that are reached."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inquiries import mandates, opening, quotas, window
from inquiries.door import deed_of_operator, for_clerk, for_operator
from inquiries.models import StaffMember
from inquiries.visit_forms import ReleaseForm


@require_safe
@for_clerk
def papers_waiting(request, clerk):
    """Visits of colleagues whose papers wait for confirmation: the papers, never the record."""
    return render(request, "inquiries/papers_waiting.html", {"waiting": window.waiting_for(clerk)})


@require_POST
@for_clerk
def confirm_papers(request, clerk):
    """The second clerk has compared the papers with the list; the person can read that she did."""
    mandate = _waiting(request, clerk)
    if mandate is None:
        messages.error(request, _("This visit waits for nobody any more. Nothing was done."))
        return redirect("papers_waiting")
    opening.note_review(clerk, mandate)
    if mandates.confirm(mandate, clerk):
        messages.success(request, _("The papers of visit %(number)s are confirmed.") % {"number": mandate.visit.number})
    return redirect("papers_waiting")


@require_POST
@for_clerk
def refuse_papers(request, clerk):
    """The papers are not in order: the mandate ends before it began, and the visit opens nothing."""
    mandate = _waiting(request, clerk)
    if mandate is None:
        messages.error(request, _("This visit waits for nobody any more. Nothing was done."))
    else:
        mandates.end(request.user, pk=mandate.pk, confirmed_at=None)
        messages.success(request, _("The papers of visit %(number)s are refused.") % {"number": mandate.visit.number})
    return redirect("papers_waiting")


def _waiting(request, clerk):
    return window.waiting_for(clerk).filter(token=request.POST.get("mandate", "")).first()


@require_safe
@for_operator
def clerks_today(request, member):
    """How many persons each clerk of the agency has looked up today."""
    return _show_clerks(request, member, None)


@deed_of_operator
def release_quota(request, member):
    """Let a clerk of the agency look up more persons today, for a reason."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _show_clerks(request, member, form)
    clerks = StaffMember.objects.in_force().filter(agency=member.agency, role=StaffMember.Role.CLERK)
    clerk = clerks.filter(staff_no=form.cleaned_data["clerk"]).first()
    if clerk is None:
        form.add_error(None, _("No clerk of your agency has this number."))
        return _show_clerks(request, member, form)
    quotas.release(clerk, member, form.cleaned_data["reason"])
    messages.success(request, _("Clerk %(number)s may look up more persons today.") % {"number": clerk.staff_no})
    return redirect("clerks_today")


def _show_clerks(request, member, form):
    is_operator = member.role == StaffMember.Role.OPERATOR
    context = {"quotas": quotas.busiest(member.agency), "form": form or ReleaseForm(), "more": quotas.MORE}
    return render(request, "inquiries/clerks_today.html", context | {"is_operator": is_operator})
