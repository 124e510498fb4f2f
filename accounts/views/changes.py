"""What changed since the person last looked, and her own marks on her record."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import changes as news
from accounts.models import Mark
from accounts.own_check import own_check
from inquiries.door import deed_on, on_record


@require_safe
@on_record("accounts.changes")
def changes(request, person):
    """All that came into the record since the person said that she had seen it, newest first."""
    mark = Mark.objects.latest(person, Mark.Kind.SEEN)
    found = news.since(person, mark)
    context = {
        "mark": mark,
        "news": found,
        "form": news.signed(found, request.inquiry),
        "check": own_check(person, timezone.localdate()),
    }
    return render(request, "accounts/changes.html", context)


@deed_on("accounts.mark_record")
def mark_seen(request, inquiry):
    """The person has seen what the page showed: from now on it tells what comes in after that."""
    try:
        news.mark_seen(inquiry.person, inquiry, request.POST.get("shown", ""))
    except news.FormTooOld:
        messages.warning(request, _("This page was open for a long time. Please look again, then mark it as seen."))
        return redirect("changes")
    messages.success(request, _("Marked as seen. From now on this page shows what comes in after today's look."))
    return redirect("changes")


@deed_on("accounts.mark_record")
def mark_checked(request, inquiry):
    """The person says that she checked her record and found it right."""
    news.mark_checked(inquiry.person, inquiry)
    messages.success(request, _("Noted: you checked your record today."))
    return redirect("my_accounts")
