"""The inbox: what happened to one's account and record."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inquiries import notices

PAGE_SIZE = 30


@require_safe
def inbox(request):
    """The user's notices, newest first; opening the page marks nothing as read."""
    page = Paginator(notices.inbox_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    for notice in page:
        notice.sentence, notice.advice = notices.sentence_of(notice), notices.advice_on(notice)
        notice.address = notices.address_of(notice)
    return render(request, "inquiries/inbox.html", {"page": page})


@require_POST
def mark_read(request):
    """Mark one notice as read."""
    asked = request.POST.get("notice", "")
    if not asked.isdecimal() or not notices.inbox_of(request.user).filter(pk=asked).exists():
        raise Http404
    notices.mark_read(request.user, pk=asked)
    return redirect("inbox")


@require_POST
def mark_all_read(request):
    """Mark the whole inbox as read."""
    notices.mark_read(request.user)
    return redirect("inbox")
