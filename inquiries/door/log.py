"""The access log's rows: what was asked for, by whom, in what capacity; committed before anything is shown."""

import re
import uuid

from django.db import connection, transaction
from django.utils import timezone

from ..models.access_log import NO_PERSON

DETAIL_KEYS = ("insurance", "scheme", "year", "month", "from", "to", "since", "until", "page")
UNSAFE = re.compile(r"[^\w.:-]", re.ASCII)

# The second wall lets nobody write a row but in the name of the open inquiry: the statement names it before it adds.
LOG = """
INSERT INTO inquiries_accesslog (person_id, month, act, at, kind, page, detail, inquiry_id, user_id, employer_id,
                                 visit_id, channel, capacity, purpose, legal_basis, agency_code, office)
SELECT person, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM unnest(%s::bigint[]) AS person
WHERE set_config('portal.inquiry', %s, true) IS NOT NULL
"""


def detail_of(request, kwargs):
    """What was asked for, from known words of the address alone; never a name or number of a person."""
    asked = [str(value) for value in kwargs.values()] + [request.GET[k] for k in DETAIL_KEYS if k in request.GET]
    return " ".join(UNSAFE.sub("", word)[:20] for word in asked)[:120]


def write_log(inquiry, page, kind, detail, person_ids, clerk=None):
    """Commit the log rows of one act. `clerk`: the member of staff who acts, where no visit names one."""
    now = timezone.now()
    place = inquiry.visit or inquiry.terminal or clerk
    row = [
        timezone.localdate(now).replace(day=1),
        uuid.uuid4(),
        now,
        kind,
        page,
        detail,
        inquiry.pk,
        inquiry.user_id,
        inquiry.employer_id,
        inquiry.visit_id,
        inquiry.channel,
        inquiry.capacity,
        inquiry.purpose,
        inquiry.legal_basis,
        place.agency_id if place else "",
        place.office if place else "",
    ]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(LOG, [*row, list(dict.fromkeys(person_ids)) or [NO_PERSON], inquiry.token])
