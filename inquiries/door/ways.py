"""What the kinds of page behind the door share: the transaction that names its inquiry, the way back to a beginning."""

import sys

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.shortcuts import redirect, render

from registry.models import InsuredPerson

from ..kiosk import is_kiosk
from ..models import Inquiry, StaffMember, User
from .authority import OF_OPERATORS, OF_PROXIES, SESSION_KEY, open_inquiry

# Where staff without an open inquiry begin one.
BEGINNINGS = {StaffMember.Role.CLERK: "window_today", StaffMember.Role.PHONE: "phone_desk"}

COLUMNS = [field.attname for field in InsuredPerson._meta.concrete_fields]
PLACE_OF_ID = COLUMNS.index("id")
ENTER = f"SELECT {', '.join(COLUMNS)} FROM enter_inquiry(%s::text, %s::boolean)"  # noqa: S608 - columns of the model


class writing(transaction.Atomic):
    """A transaction that names the inquiry it serves: the second wall shows it that record and no other.

    `inquiry.person` is read on entering, with the ids under which her records are kept; PermissionDenied where the
    inquiry was closed meanwhile.
    """

    shows_only = False

    def __init__(self, inquiry):
        super().__init__(using=None, savepoint=True, durable=False)
        self.inquiry = inquiry

    def __enter__(self):
        super().__enter__()
        try:
            self._name_the_inquiry()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise

    def _name_the_inquiry(self):
        with connection.cursor() as cursor:
            cursor.execute(ENTER, [self.inquiry.token, self.shows_only])
            found = cursor.fetchall()
        if self.inquiry.person_id is None:
            return
        # As the ORM makes a row's object; its raw() took three times as long, and every page passes here.
        persons = {row[PLACE_OF_ID]: InsuredPerson.from_db(connection.alias, COLUMNS, row) for row in found}
        person = persons.pop(self.inquiry.person_id, None)
        if person is None:
            raise PermissionDenied
        person.record_ids = [person.pk, *persons]
        self.inquiry.person = person


class shown_only(writing):
    """The same for a page: the transaction cannot write."""

    shows_only = True


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
        if is_kiosk(request):
            return redirect("kiosk")
        asked = Inquiry.objects.filter(token=request.session.get(SESSION_KEY), user=request.user)
        if asked.filter(capacity__in=OF_PROXIES).exists():
            return redirect("choose_record")
        return redirect("sign_in", kind=User.Kind.PERSON)
    raise PermissionDenied


def out_of_scope(request, inquiry):
    """403: the page is none of those that this capacity opens. Capacity and page decide, nothing else."""
    request.inquiry = inquiry
    with shown_only(inquiry):  # For the banner's masked name.
        return render(request, "inquiries/out_of_scope.html", status=403)
