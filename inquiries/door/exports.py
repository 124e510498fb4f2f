"""Deeds that hand a whole record out as a file: a row of their own in the access log, before anything is read."""

from functools import wraps

from django.db import connection
from django.shortcuts import render
from django.views.decorators.http import require_POST

from ..models import AccessLog
from .authority import OF_OPERATORS, open_inquiry
from .deeds import is_form_of
from .log import write_log
from .scopes import may_open
from .ways import no_record_here, out_of_scope, shown_only


class one_snapshot(shown_only):
    """A transaction that cannot write and sees one moment throughout, so that the parts of a file agree."""

    def _name_the_inquiry(self):
        # Where a transaction is open around this one, its first statement has settled what it sees.
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        super()._name_the_inquiry()


def exporting_deed(page):
    """Decorate `view(request, person)`: a deed (POST) that answers with a file of the open inquiry's person.

    Whoever may open `page` may do it. The form carries the inquiry's token (409 page otherwise). The log row says
    that the record was handed out, and is committed before anything of it is read.
    """

    def decorate(view):
        @require_POST
        @wraps(view)
        def behind_the_door(request):
            inquiry = open_inquiry(request)
            if inquiry is None or inquiry.capacity in OF_OPERATORS:
                return no_record_here(request)
            if inquiry.person_id is None or not may_open(inquiry, page):
                return out_of_scope(request, inquiry)
            if inquiry.visit and not inquiry.visit.is_identity_matched:
                return no_record_here(request)
            request.inquiry = inquiry
            if not is_form_of(inquiry, request):
                return render(request, "409.html", status=409)
            write_log(inquiry, page, AccessLog.Kind.EXPORT, "", [inquiry.person_id])
            with one_snapshot(inquiry):
                return view(request, inquiry.person)

        behind_the_door.door, behind_the_door.asks_token = page, True
        return behind_the_door

    return decorate
