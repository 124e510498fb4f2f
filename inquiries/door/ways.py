"""What the kinds of page behind the door share: the transaction that can only show, and the way back to a beginning."""

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.shortcuts import redirect, render

from ..models import Inquiry, StaffMember, User
from .authority import OF_OPERATORS, OF_PROXIES, SESSION_KEY, open_inquiry

# Where staff without an open inquiry begin one.
BEGINNINGS = {StaffMember.Role.CLERK: "window_today", StaffMember.Role.PHONE: "phone_desk"}


class shown_only(transaction.Atomic):
    """A transaction that reads only and names the inquiry it serves (row-level policies compare with it)."""

    def __init__(self, inquiry):
        super().__init__(using=None, savepoint=True, durable=False)
        self.inquiry = inquiry

    def __enter__(self):
        super().__enter__()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('transaction_read_only', 'on', true), set_config('portal.inquiry', %s, true)",
                [str(self.inquiry.pk)],
            )


def no_record_here(request, begins_at=None, roles=OF_OPERATORS):
    """Where to send a user who has no such inquiry open. Only the role decides: nothing about any record is told."""
    if request.user.kind == User.Kind.STAFF:
        member = request.user.staff_member
        if member and member.role in BEGINNINGS and not begins_at:
            return redirect(BEGINNINGS[member.role])
        if member and member.role in roles and begins_at:
            return redirect(begins_at)
    elif not begins_at and open_inquiry(request) is None:
        if request.user.kind == User.Kind.AGENT:
            return redirect("choose_employer")
        asked = Inquiry.objects.filter(token=request.session.get(SESSION_KEY), user=request.user)
        if asked.filter(capacity__in=OF_PROXIES).exists():
            return redirect("choose_record")
        return redirect("sign_in", kind=User.Kind.PERSON)
    raise PermissionDenied


def out_of_scope(request, inquiry):
    """403: the page is none of those that this capacity opens. Capacity and page decide, nothing else."""
    request.inquiry = inquiry
    return render(request, "inquiries/out_of_scope.html", status=403)
