from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inquiries import looked
from inquiries.door import on_record


@require_safe
@on_record("inquiries.me")
def me(request, person):
    """The portal's smallest page: session, user, door with its log row, nothing else. The measure of other pages."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@on_record("inquiries.who_looked")
def who_looked(request, person):
    """Every look-up of this person's record, newest first."""
    page = looked.page_of(person, before=request.GET.get("before"))
    return render(request, "inquiries/who_looked.html", {"page": page})
