"""Pages about a record: of one person, of an employer's persons, of the persons in a batch."""

from functools import wraps
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse

from ..kiosk import with_warning
from ..models import AccessLog
from .authority import OF_OPERATORS, open_inquiry
from .log import detail_of, write_log
from .scopes import may_open
from .ways import no_record_here, out_of_scope, shown_only


def on_record(page, kind=AccessLog.Kind.LOOK, before_match=False, begins_at=None):
    """Decorate `view(request, person, …)`: a page about the person of the open inquiry, if its capacity opens `page`.

    At the window the record opens only once the identity check matched; `before_match` marks the check's own page.
    `begins_at` marks a page of operators and auditors: the name of the page where they begin such a look-up. Their
    inquiries open these pages alone, and nobody else's inquiry does.
    """

    def decorate(view):
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or (inquiry.capacity in OF_OPERATORS) != bool(begins_at):
                return no_record_here(request, begins_at)
            if begins_at and inquiry.person_id is None:
                return no_record_here(request, begins_at)
            if not may_open(inquiry, page):
                return out_of_scope(request, inquiry)
            if inquiry.visit and inquiry.visit.is_waiting:
                return redirect("window_today")
            if inquiry.visit and not before_match and not inquiry.visit.is_identity_matched:
                return redirect("check_identity")
            clerk = request.user.staff_member if inquiry.is_of_staff else None
            write_log(inquiry, page, kind, detail_of(request, kwargs), [inquiry.person_id], clerk)
            request.inquiry = inquiry
            with shown_only(inquiry):
                return with_warning(request, view(request, inquiry.person, **kwargs))

        behind_the_door.door = page
        return behind_the_door

    return decorate


def on_list(page, listing, kind=AccessLog.Kind.LOOK):
    """Decorate `view(request, employer, listed, …)`: a page that lists persons of the open inquiry's employer.

    `listing(request, employer, …)` reads what will be shown and returns an object whose `person_ids` are the persons
    on it; each of them gets a log row, committed, before the page is made.
    """

    def decorate(view):
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None:
                return no_record_here(request)
            if inquiry.employer is None or not may_open(inquiry, page):
                return out_of_scope(request, inquiry)
            request.inquiry = inquiry
            with shown_only(inquiry):
                listed = listing(request, inquiry.employer, **kwargs)
            write_log(inquiry, page, kind, detail_of(request, kwargs), listed.person_ids)
            with shown_only(inquiry):
                return view(request, inquiry.employer, listed, **kwargs)

        behind_the_door.door = page
        return behind_the_door

    return decorate


def on_books(page, listing, begins_at, roles=OF_OPERATORS, of_one_too=False):
    """Decorate `view(request, listed, …)`: a page of operators and auditors that shows the persons in a batch.

    The open inquiry names no person but a purpose and a document; `listing(request, …)` works as for `on_list`.
    `begins_at`: the name of the page where such an inquiry is opened. `roles`: the capacities that it opens to.
    `of_one_too`: an inquiry about one person opens it as well, and then shows what is hers.
    """

    def decorate(view):
        @wraps(view)
        def behind_the_door(request, **kwargs):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.capacity not in roles or (inquiry.person_id and not of_one_too):
                return no_record_here(request, f"{reverse(begins_at)}?{urlencode({'next': request.path})}", roles)
            if not may_open(inquiry, page):
                return out_of_scope(request, inquiry)
            request.inquiry = inquiry
            with shown_only(inquiry):
                listed = listing(request, **kwargs)
            clerk, detail = request.user.staff_member, detail_of(request, kwargs)
            persons = [inquiry.person_id] if inquiry.person_id else listed.person_ids
            write_log(inquiry, page, AccessLog.Kind.LOOK, detail, persons, clerk)
            with shown_only(inquiry):
                return view(request, listed, **kwargs)

        behind_the_door.door = page
        return behind_the_door

    return decorate
