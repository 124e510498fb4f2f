"""Who looked at a person's record: the access log for the person herself, a line for each inquiry and day.

Her own look-ups are folded, one line a month; somebody else's stand one for each inquiry and day, with everything that
was shown. The wall of the log (portal/walls.py) leaves out what a legal order of secrecy delays.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from registry.asking import Question, ask
from registry.months import add_months, month_of

from .models import AccessLog, Inquiry, LookQuestion, Purpose

PAGE_SIZE = 30
LAST_SHOWN = 3
DEFAULT_MONTHS = 12

PAGE_NAMES = {
    "inquiries.me": _("Signing in"),
    "inquiries.who_looked": _("Who looked at my record"),
    "inquiries.check_identity": _("Identity check"),
    "inquiries.phone_of_visitor": _("Mobile phone for codes"),
    "inquiries.finish_visit": _("What was shown"),
    "inquiries.look_questions": _("Questions about look-ups"),
    "inquiries.answer_question": _("Answer to a question about a look-up"),
    "inquiries.delays": _("Orders of secrecy"),
    "inquiries.audit_looks": _("Access log"),
    "inquiries.audit_export": _("Access log as a file"),
    "inquiries.anomalies": _("Unusual look-ups"),
    "inquiries.whole_number": _("Identity number"),
    "inquiries.finish_unit_visit": _("What was shown"),
    "inquiries.papers_waiting": _("Papers of a mandate confirmed"),
    "inquiries.mandates": _("Mandates"),
    "inquiries.grant_mandate": _("Granting a mandate"),
    "inquiries.phone_code": _("Code for a call to 12333"),
    "accounts.my_accounts": _("My accounts"),
    "accounts.insurance": _("One insurance"),
    "accounts.changes": _("What changed in my record"),
    "accounts.entries": _("Entries of my account"),
    "accounts.sources": _("Where the balance comes from"),
    "accounts.interest": _("Interest of my account"),
    "accounts.person_entries": _("Entries of my accounts"),
    "accounts.batch_entries": _("Entries of a batch"),
    "accounts.correction": _("Correction of an account"),
    "accounts.benefits": _("Benefits received"),
    "accounts.medical_spending": _("Medical spending"),
    "accounts.transfers": _("Transfers between areas"),
    "accounts.unemployment": _("Unemployment"),
    "accounts.work_injury": _("Work injury, occupational disease, disability"),
    "contributions.payment_records": _("Payment records"),
    "accounts.lifetime": _("Payments of all years"),
    "portal.registration_status": _("Registration status"),
    "portal.registration_history": _("History of the registration"),
    "portal.employment": _("Employment and skills"),
    "portal.my_card": _("My card and data"),
    "accounts.prospects": _("Pension estimate"),
    "documents.statements": _("Yearly statements"),
    "documents.statement": _("Yearly statement"),
    "documents.statement_print": _("Yearly statement"),
    "documents.my_list": _("My payment list"),
    "documents.my_list_print": _("My payment list"),
    "documents.take_out": _("Whole record as a file"),
    "documents.payment_list": _("Payment list of employees"),
    "documents.export_record": _("Whole record as a file"),
    "documents.payment_list_print": _("Payment list of employees"),
}
REVEALS = dict(AccessLog.Reveal.choices)
# The choices of "who", as conditions on a row of the log.
WHOSE = {
    "self": "r.capacity = 'self'",
    "others": "r.capacity <> 'self'",
    "employers": "r.capacity = 'agent'",
    "staff": "r.capacity IN ('clerk', 'phone', 'operator', 'auditor')",
    "proxies": "r.capacity IN ('proxy', 'guardian')",
}

# The innermost part counts each kind of page of a group once, so that a busy month is no long line.
GROUPS = """
SELECT g.inquiry, g.day, g.first, g.last, g.looks, g.act, g.capacity, g.channels, g.office, g.purpose, g.bases,
    g.pages, g.employer_id, coalesce(e.name, ''), g.agency_code, coalesce(a.name, ''), coalesce(m.proxy_name, '')
FROM (
    SELECT inquiry, day, min(first) AS first, max(last) AS last, sum(looks) AS looks,
        (array_agg(act ORDER BY last DESC))[1] AS act, min(capacity) AS capacity,
        array_agg(DISTINCT channel) AS channels, min(office) AS office, min(purpose) AS purpose,
        array_agg(DISTINCT legal_basis) AS bases, min(employer_id) AS employer_id, min(agency_code) AS agency_code,
        jsonb_agg(jsonb_build_array(page, kind, looks, reason) ORDER BY first, page, kind) AS pages
    FROM (
        SELECT CASE r.capacity WHEN 'self' THEN 0 ELSE r.inquiry_id END AS inquiry,
            CASE r.capacity WHEN 'self' THEN r.month ELSE (r.at AT TIME ZONE %(zone)s)::date END AS day,
            r.page, r.kind, r.channel, r.capacity, r.office, r.purpose, r.legal_basis, r.employer_id, r.agency_code,
            CASE r.kind WHEN 'reveal' THEN r.detail ELSE '' END AS reason,
            min(r.at) AS first, max(r.at) AS last, count(*) AS looks, (array_agg(r.act ORDER BY r.at DESC))[1] AS act
        FROM inquiries_accesslog r
        WHERE r.person_id = ANY (%(persons)s) AND r.month >= %(since)s {conditions}
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    ) shown
    GROUP BY inquiry, day
) g
LEFT JOIN registry_employer e ON e.id = g.employer_id
LEFT JOIN registry_agency a ON a.code = g.agency_code
LEFT JOIN inquiries_inquiry i ON i.id = g.inquiry AND g.capacity IN ('proxy', 'guardian')
LEFT JOIN inquiries_mandate m ON m.id = i.mandate_id
WHERE %(before)s::timestamptz IS NULL OR g.last < %(before)s
ORDER BY g.last DESC, g.inquiry LIMIT %(limit)s
"""
OTHERS = Question(
    """
SELECT EXISTS (
    SELECT FROM inquiries_accesslog r
    WHERE r.person_id = ANY (%(persons)s) AND r.month >= %(since)s AND r.capacity <> 'self')
"""
)
EVER = month_of(datetime(1990, 1, 1).date())


@dataclass(frozen=True)
class Look:
    """What one inquiry showed on one day; of the person herself, what she looked at in a month."""

    inquiry_id: int
    day: object
    first: datetime
    last: datetime
    looks: int
    act: UUID
    capacity: str
    channels: list
    office: str
    purpose: str
    bases: list
    pages: list
    employer_id: int | None
    employer: str
    agency_code: str
    agency: str
    proxy: str  # the name of the proxy or guardian as the mandate has it; empty for others
    question: LookQuestion | None = field(default=None, compare=False)

    @property
    def is_own(self):
        return self.capacity == Inquiry.Capacity.SELF

    @property
    def role(self):
        return Inquiry.Capacity(self.capacity).label

    @property
    def ways(self):
        return [Inquiry.Channel(channel).label for channel in self.channels]

    @property
    def why(self):
        return Purpose(self.purpose).label

    @property
    def shown(self):
        """(page in words, what was done with it, how often, why a whole number was shown) of each kind of page."""
        return [
            (PAGE_NAMES.get(page, page), AccessLog.Kind(kind), count, REVEALS.get(reason, ""))
            for page, kind, count, reason in self.pages
        ]

    @property
    def may_be_asked(self):
        """Whether an office answers for it: an agency's own look-up, or that of an employer whose record it keeps."""
        return not self.is_own and bool(self.agency_code or self.employer_id)


@dataclass(frozen=True)
class LookedPage:
    """`looks`: lists of Look, newest first. `only_own`: nobody else looked in the period, whatever is picked."""

    looks: list
    older: str  # where the next page begins: an ISO time, empty on the last page
    only_own: bool = False


def page_of(person, picked=None, before=None, size=PAGE_SIZE):
    """The newest `size` lines earlier than `before` (ISO time with zone; ignored where it is no time). Three queries.

    picked: dict of `months` (whole months back, this one included; None: ever), `who` (a key of WHOSE) and `kind`.
    """
    picked = picked or {}
    since = since_of(picked.get("months", DEFAULT_MONTHS))
    looks, [(others,)] = ask(
        _asked(person, since, picked, _moment(before), size + 1), OTHERS.of(persons=person.record_ids, since=since)
    )
    older = looks[size - 1].last.isoformat() if len(looks) > size else ""
    return LookedPage(_with_questions(person, looks[:size]), older, not others)


def asked_last_by_others(person):
    """The question after the newest Looks by others within twelve months, for the first page, for `ask`."""
    return _asked(person, since_of(DEFAULT_MONTHS), {"who": "others"}, None, LAST_SHOWN)


def since_of(months):
    """The first month of a period that ends now; None: from the beginning."""
    return add_months(month_of(timezone.localdate()), 1 - months) if months else EVER


def _asked(person, since, picked, before, limit):
    conditions = [WHOSE[picked["who"]]] if picked.get("who") else []
    if picked.get("kind"):
        conditions.append("r.kind = %(kind)s")
    facts = {
        "zone": timezone.get_default_timezone_name(),
        "persons": person.record_ids,
        "since": since,
        "kind": picked.get("kind"),
        "before": before,
        "limit": limit,
    }
    return Question(GROUPS.format(conditions="".join(f" AND {each}" for each in conditions)), _look).of(**facts)


def _look(*columns):
    values = list(columns)
    values[4], values[11] = int(values[4]), json.loads(values[11])
    return Look(*values)


def _with_questions(person, looks):
    asked = LookQuestion.objects.filter(person__in=person.record_ids, inquiry__in={each.inquiry_id for each in looks})
    found = {question.inquiry_id: question for question in asked}
    return [Look(**(vars(each) | {"question": found.get(each.inquiry_id)})) for each in looks]


def _moment(text) -> datetime | None:
    try:
        moment = parse_datetime((text or "").replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
