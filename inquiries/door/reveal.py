"""The one deed that shows a whole identity number: with a reason, and its own row in the access log."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST

from ..models import AccessLog, Inquiry, StaffMember
from .authority import OF_OPERATORS, open_inquiry
from .deeds import is_form_of
from .log import write_log
from .scopes import may_open
from .ways import no_record_here, shown_only


def revealing_deed(page, reasons, begins_at):
    """Decorate `view(request, person)`: a deed (POST) that shows the whole number of the person of the open inquiry.

    `reasons`: those of each capacity that may do it. The form carries the inquiry's token (409 page otherwise) and one
    of the reasons (404 otherwise), which stands in the log row, committed before the number is read. `begins_at`: where
    operators begin a look-up.
    """

    def decorate(view):
        @require_POST
        @wraps(view)
        def behind_the_door(request):
            inquiry = open_inquiry(request)
            if (
                inquiry is None
                or inquiry.person_id is None
                or inquiry.capacity not in reasons
                or not may_open(inquiry, page)
            ):
                is_of_operators = inquiry is not None and inquiry.capacity in OF_OPERATORS
                return no_record_here(request, begins_at if is_of_operators else None, {StaffMember.Role.OPERATOR})
            if inquiry.visit and not inquiry.visit.is_identity_matched:
                return no_record_here(request)
            request.inquiry = inquiry
            if not is_form_of(inquiry, request):
                return render(request, "409.html", status=409)
            reason = request.POST.get("reason", "")
            if reason not in reasons[inquiry.capacity]:
                raise Http404
            clerk = request.user.staff_member if inquiry.capacity == Inquiry.Capacity.OPERATOR else None
            write_log(inquiry, page, AccessLog.Kind.REVEAL, reason, [inquiry.person_id], clerk)
            with shown_only(inquiry):
                return view(request, inquiry.person)

        behind_the_door.door, behind_the_door.asks_token = page, True
        return behind_the_door

    return decorate
