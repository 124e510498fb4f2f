"""Deeds about a record: their form carries the token of the inquiry it was shown in."""

from functools import wraps

from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST

from ..models import AccessLog, Inquiry, StaffMember
from .authority import OF_OPERATORS, open_inquiry
from .log import detail_of, write_log
from .scopes import may_open
from .ways import no_record_here, out_of_scope, writing


def deed_of_inquiry(view):
    """Decorate `view(request, inquiry, …)`: a deed whose form carries the token of the inquiry it was shown in.

    If another inquiry is open by now (a second tab), nothing is done and the answer is a 409 page.
    """

    @wraps(view)
    def behind_the_door(request, **kwargs):
        inquiry = open_inquiry(request)
        if inquiry is None or inquiry.capacity in OF_OPERATORS:
            return no_record_here(request)
        request.inquiry = inquiry
        if not is_form_of(inquiry, request):
            return render(request, "409.html", status=409)
        with writing(inquiry):
            return view(request, inquiry, **kwargs)

    behind_the_door.door, behind_the_door.asks_token = "deed", True
    return behind_the_door


def deed_on(page):
    """Decorate `view(request, inquiry, …)`: a deed (POST) of whoever may open `page`; token and 409 as above."""

    def decorate(view):
        deed = deed_of_inquiry(view)

        @require_POST
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is not None and inquiry.capacity not in OF_OPERATORS and not may_open(inquiry, page):
                return out_of_scope(request, inquiry)
            return deed(request, **kwargs)

        behind_the_door.door, behind_the_door.asks_token = page, True
        return behind_the_door

    return decorate


def of_open_inquiry(view):
    """Decorate a deed of staff on the inquiry itself: with another one open than the form's, nothing is done (409)."""

    @wraps(view)
    def deed(request, *args, **kwargs):
        inquiry = open_inquiry(request)
        if inquiry is not None and not is_form_of(inquiry, request):
            return render(request, "409.html", status=409)
        return view(request, *args, **kwargs)

    deed.asks_token = True
    return deed


def operators_deed_on_record(page, begins_at):
    """Decorate `view(request, person, …)`: an operator's deed (POST) on the record of the person looked up.

    Token and 409 as for `deed_of_inquiry`. The log row comes first, because what is wrong is shown beside the record.
    """

    def decorate(view):
        @require_POST
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.person_id is None or inquiry.capacity != Inquiry.Capacity.OPERATOR:
                return no_record_here(request, begins_at, {StaffMember.Role.OPERATOR})
            if not may_open(inquiry, page):
                return out_of_scope(request, inquiry)
            request.inquiry = inquiry
            if not is_form_of(inquiry, request):
                return render(request, "409.html", status=409)
            clerk, detail = request.user.staff_member, detail_of(request, kwargs)
            write_log(inquiry, page, AccessLog.Kind.LOOK, detail, [inquiry.person_id], clerk)
            with writing(inquiry):
                return view(request, inquiry.person, **kwargs)

        behind_the_door.door, behind_the_door.asks_token = page, True
        return behind_the_door

    return decorate


def deed_on_books(page, begins_at, roles, kind=AccessLog.Kind.LOOK):
    """Decorate `view(request, inquiry, …)`: a deed (POST) of staff that hangs on an inquiry with purpose and document.

    Token and 409 as for `deed_of_inquiry`. The log row comes first: about the inquiry's person, or about nobody.
    `roles`: the capacities that may do it; `begins_at` as for `on_books`.
    """

    def decorate(view):
        @require_POST
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.capacity not in roles:
                return no_record_here(request, begins_at, set(roles))
            if not may_open(inquiry, page):
                return out_of_scope(request, inquiry)
            request.inquiry = inquiry
            if not is_form_of(inquiry, request):
                return render(request, "409.html", status=409)
            persons = [inquiry.person_id] if inquiry.person_id else []
            write_log(inquiry, page, kind, detail_of(request, kwargs), persons, request.user.staff_member)
            with writing(inquiry):
                return view(request, inquiry, **kwargs)

        behind_the_door.door, behind_the_door.asks_token = page, True
        return behind_the_door

    return decorate


def is_form_of(inquiry, request):
    """Whether the form that was sent carries the token of this inquiry."""
    return constant_time_compare(request.POST.get("inquiry", ""), inquiry.token)
