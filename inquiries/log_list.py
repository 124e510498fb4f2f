"""The access log for auditors: by time, a page at a time, and as a file. Nobody is named; persons have numbers."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from registry.months import month_of

from .looked import PAGE_NAMES
from .models import AccessLog, Inquiry, LogExport, Purpose
from .models.access_log import NO_PERSON

PAGE_SIZE = 50
EXPORTS_A_DAY = 3
ROWS_OF_AN_EXPORT = 20_000
MOST_SKIPPED = 100_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CONDITIONS = {
    "agency": "r.agency_code = %(agency)s",
    "office": "r.office = %(office)s",
    "staff_no": "r.user_id IN (SELECT m.user_id FROM inquiries_staffmember m WHERE m.staff_no = %(staff_no)s)",
    "capacity": "r.capacity = %(capacity)s",
    "purpose": "r.purpose = %(purpose)s",
    "kind": "r.kind = %(kind)s",
    "channel": "r.channel = %(channel)s",
    "page": "r.page = %(page)s",
}
# Rows of one moment (an employer's list shows many persons) are counted, so that no address names a person.
ROWS = """
SELECT r.at, r.act, r.person_id, r.kind, r.page, r.detail, r.channel, r.capacity, r.purpose, r.legal_basis,
    r.agency_code, r.office, coalesce(m.staff_no, ''), coalesce(e.name, ''), i.reference
FROM (
    SELECT * FROM inquiries_accesslog r
    WHERE r.at >= %(since)s AND r.at < %(until)s AND r.month >= %(first_month)s AND r.month <= %(last_month)s
        AND (%(before)s::timestamptz IS NULL OR r.at <= %(before)s) {conditions}
    ORDER BY r.at DESC, r.act, r.person_id OFFSET %(skip)s LIMIT %(limit)s
) r
JOIN inquiries_inquiry i ON i.id = r.inquiry_id
LEFT JOIN inquiries_staffmember m ON m.user_id = r.user_id
LEFT JOIN registry_employer e ON e.id = r.employer_id
ORDER BY r.at DESC, r.act, r.person_id
"""
HEAD = (
    *(_("When"), _("Act"), _("Record number"), _("What was done"), _("Page"), _("Detail"), _("Channel"), _("Role")),
    *(_("Purpose"), _("Legal basis"), _("Agency"), _("Office"), _("Staff number"), _("Employer")),
    _("Document reference"),
)


@dataclass(frozen=True)
class LoggedLook:
    """One row of the log with the staff number, employer and document that it names by id."""

    at: datetime
    act: UUID
    person_id: int
    kind: str
    page: str
    detail: str
    channel: str
    capacity: str
    purpose: str
    legal_basis: str
    agency_code: str
    office: str
    staff_no: str
    employer: str
    reference: str

    @property
    def names_a_person(self):
        return self.person_id != NO_PERSON

    @property
    def page_name(self):
        return PAGE_NAMES.get(self.page, self.page)

    @property
    def words(self):
        """Kind, channel, role and purpose in the language of the page."""
        return {
            "kind": AccessLog.Kind(self.kind).label,
            "channel": Inquiry.Channel(self.channel).label,
            "capacity": Inquiry.Capacity(self.capacity).label,
            "purpose": Purpose(self.purpose).label,
        }


class LogPage:
    """Some rows of the log. `older`: where the next page begins, empty on the last."""

    def __init__(self, form, before="", person_ids=()):
        """form: a LogForm; its cleaned bounds hold even where a field is wrong. `person_ids`: of these alone."""
        form.full_clean()
        self.form, self.person_ids, self.of_one = form, list(person_ids), bool(person_ids)
        moment, skip = _place(before)
        rows = _rows(form.cleaned_data, self.person_ids, moment, skip, PAGE_SIZE + 1)
        self.rows, self.older = rows[:PAGE_SIZE], ""
        if len(rows) > PAGE_SIZE:
            last = self.rows[-1].at
            here = sum(row.at == last for row in self.rows) + (skip if moment == last else 0)
            self.older = f"{last.isoformat()}~{here}"


def _place(before):
    """(moment, rows of that moment already shown) of a page's address; (None, 0) where it is no such place."""
    moment, _sign, skip = (before or "").replace(" ", "+").partition("~")
    try:
        moment = parse_datetime(moment)
    except ValueError:
        return None, 0
    if moment is None or moment.tzinfo is None or not (skip.isascii() and skip.isdigit() and len(skip) < 7):
        return None, 0
    return moment, min(int(skip), MOST_SKIPPED)


def _rows(asked, person_ids, before, skip, limit):
    conditions = [condition for name, condition in CONDITIONS.items() if asked.get(name)]
    if person_ids:
        conditions.append("r.person_id = ANY (%(persons)s)")
    facts = {name: asked.get(name) for name in CONDITIONS} | {
        "agency": asked["agency"].pk if asked.get("agency") else None,
        "persons": person_ids,
        "since": _midnight(asked["since"]),
        "until": _midnight(asked["until"] + timedelta(days=1)),
        "first_month": month_of(asked["since"]),
        "last_month": month_of(asked["until"]),
        "before": before,
        "skip": skip,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(conditions="".join(f" AND {each}" for each in conditions)), facts)
        return [LoggedLook(*row) for row in cursor.fetchall()]


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time()))


class ExportRefused(ValueError):
    """No file is made: `too_many_rows`, or `too_often` today."""


def export(form, inquiry, person_ids=()):
    """The rows that a valid ExportForm asks for, as the text of a CSV file; keeps a LogExport. ExportRefused."""
    user, asked = inquiry.user, form.cleaned_data
    today = LogExport.objects.filter(user=user, at__gte=_midnight(timezone.localdate()))
    if today.count() >= EXPORTS_A_DAY:
        raise ExportRefused("too_often")
    rows = _rows(asked, list(person_ids), None, 0, ROWS_OF_AN_EXPORT + 1)
    if len(rows) > ROWS_OF_AN_EXPORT:
        raise ExportRefused("too_many_rows")
    filters = " ".join(f"{name}={asked[name]}" for name in ("since", "until", *CONDITIONS) if asked.get(name))
    LogExport.objects.create(user=user, inquiry=inquiry, reason=asked["reason"], filters=filters[:400], rows=len(rows))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in rows:
        words = row.words
        writer.writerow(
            _cell(value)
            for value in (
                *(timezone.localtime(row.at).isoformat(), row.act, row.person_id, words["kind"], row.page_name),
                *(row.detail, words["channel"], words["capacity"], words["purpose"], row.legal_basis),
                *(row.agency_code, row.office, row.staff_no, row.employer, row.reference),
            )
        )
    return out.getvalue()


def _cell(value):
    """A text that a spreadsheet does not take for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
