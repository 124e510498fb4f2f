"""Who looked at a person's record: the access log, read a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from .models import AccessLog

PAGE_SIZE = 50

PAGE_NAMES = {
    "inquiries.me": _("Signing in"),
    "inquiries.who_looked": _("Who looked at my record"),
    "inquiries.check_identity": _("Identity check"),
    "inquiries.phone_of_visitor": _("Mobile phone for codes"),
    "inquiries.finish_visit": _("What was shown"),
    "inquiries.whole_number": _("Identity number"),
    "inquiries.finish_unit_visit": _("What was shown"),
    "inquiries.papers_waiting": _("Papers of a mandate confirmed"),
    "inquiries.mandates": _("Mandates"),
    "inquiries.grant_mandate": _("Granting a mandate"),
    "inquiries.phone_code": _("Code for a call to 12333"),
    "accounts.my_accounts": _("My accounts"),
    "accounts.insurance": _("One insurance"),
    "accounts.person_entries": _("Entries of my accounts"),
    "accounts.batch_entries": _("Entries of a batch"),
    "accounts.correction": _("Correction of an account"),
    "contributions.payment_records": _("Payment records"),
    "portal.registration_status": _("Registration status"),
    "documents.payment_list": _("Payment list of employees"),
    "documents.export_record": _("Whole record as a file"),
    "documents.payment_list_print": _("Payment list of employees"),
}

REVEALS = dict(AccessLog.Reveal.choices)


@dataclass(frozen=True)
class LookedPage:
    rows: list
    older: str  # where the next page begins: an ISO time, empty on the last page


def page_of(person, before=None, size=PAGE_SIZE):
    """The newest `size` look-ups earlier than `before` (ISO time with zone; ignored where it is no time)."""
    rows = AccessLog.objects.filter(person_id__in=person.record_ids)
    moment = _moment(before)
    if moment:
        rows = rows.filter(at__lt=moment)
    rows = list(rows.order_by("-month", "-at")[: size + 1])
    for row in rows:
        row.page_name = PAGE_NAMES.get(row.page, row.page)
        row.reveal_reason = REVEALS.get(row.detail, "") if row.kind == AccessLog.Kind.REVEAL else ""
    return LookedPage(rows[:size], rows[size - 1].at.isoformat() if len(rows) > size else "")


def _moment(text) -> datetime | None:
    try:
        moment = parse_datetime((text or "").replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
