"""What changed in a person's record since she last said that she had seen it (features F37).

What she has seen is known by the exact numbers of batches and files, not by the highest of them: a transaction that
began earlier may come to its end later and bring a lower number. Numbers loaded more than MARGIN before are closed,
because no load takes as long; those after it are listed one by one in the mark.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core import signing
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contributions.models import Contribution
from registry.insurance import Scheme
from registry.models import EnrolmentEvent

from .models import BenefitPayment, Entry, Mark, TransferState

SHOWN = 24
MARGIN = "2 days"
FORM_IS_GOOD_FOR = 12 * 60 * 60  # seconds

# Contributions and benefits stand as records of their own, so their entries are not told a second time.
NEWS = """
SELECT 'contribution' AS what, c.kind, c.scheme, c.period, c.ind_share AS own, c.er_share AS employer,
    c.ind_share + c.er_share + c.subsidy AS amount, '' AS place, c.batch_id, NULL::bigint AS file_id,
    b.posted_at AS arrived
FROM contributions_contribution c JOIN accounts_batch b ON b.id = c.batch_id
WHERE c.person_id = ANY (%(persons)s) AND c.batch_id > %(batches_until)s AND c.batch_id <> ALL (%(batches)s::bigint[])
UNION ALL
SELECT 'entry', e.kind, e.scheme, e.period, NULL, NULL, e.amount, '', e.batch_id, NULL, b.posted_at
FROM accounts_entry e JOIN accounts_batch b ON b.id = e.batch_id
WHERE e.person_id = ANY (%(persons)s) AND e.batch_id > %(batches_until)s AND e.batch_id <> ALL (%(batches)s::bigint[])
    AND b.kind NOT IN ('contribution', 'subsidy', 'benefit')
UNION ALL
SELECT 'benefit', p.kind, p.scheme, p.period, NULL, NULL, p.from_pool + p.from_account, '', p.batch_id, NULL,
    b.posted_at
FROM accounts_benefitpayment p JOIN accounts_batch b ON b.id = p.batch_id
WHERE p.person_id = ANY (%(persons)s) AND p.batch_id > %(batches_until)s AND p.batch_id <> ALL (%(batches)s::bigint[])
UNION ALL
SELECT 'registration', v.kind, n.scheme, v.effective_month, NULL, NULL, NULL, v.counterpart_area, NULL, f.id,
    f.loaded_at
FROM registry_enrolment n JOIN registry_enrolmentevent v ON v.enrolment_id = n.id
JOIN registry_feedfile f ON f.id = v.feed_file_id
WHERE n.person_id = ANY (%(persons)s) AND f.id > %(files_until)s AND f.id <> ALL (%(files)s::bigint[])
UNION ALL
SELECT 'transfer', t.state, t.scheme, date_trunc('month', t.reached_on)::date, NULL, NULL, NULL, t.other_area, NULL,
    f.id, f.loaded_at
FROM accounts_transferevent t JOIN registry_feedfile f ON f.id = t.feed_file_id
WHERE t.person_id = ANY (%(persons)s) AND f.id > %(files_until)s AND f.id <> ALL (%(files)s::bigint[])
"""
# By the day of arrival: what one delivery brought stands by its months, not by the order in which files were read.
ORDER = "(arrived AT TIME ZONE %(zone)s)::date DESC, period DESC, what, scheme, kind, amount"
NEWEST = f"""
WITH news AS MATERIALIZED ({NEWS}), reach AS (
    SELECT count(*) AS changes,
        coalesce(max(batch_id) FILTER (WHERE arrived < now() - %(margin)s::interval), 0) AS batches_until,
        array_agg(DISTINCT batch_id) FILTER (WHERE arrived >= now() - %(margin)s::interval AND batch_id IS NOT NULL),
        coalesce(max(file_id) FILTER (WHERE arrived < now() - %(margin)s::interval), 0) AS files_until,
        array_agg(DISTINCT file_id) FILTER (WHERE arrived >= now() - %(margin)s::interval AND file_id IS NOT NULL)
    FROM news
)
SELECT reach.*, now(), shown.what, kind, scheme, period, own, employer, amount, place, arrived
FROM reach LEFT JOIN (SELECT * FROM news ORDER BY {ORDER} LIMIT %(limit)s) shown ON true
ORDER BY {ORDER}
"""
WORDS = {
    "contribution": Contribution.Kind,
    "entry": Entry.Kind,
    "benefit": BenefitPayment.Kind,
    "registration": EnrolmentEvent.Kind,
    "transfer": TransferState,
}


@dataclass(frozen=True)
class Change:
    """One thing that came in: what it is of (a key of WORDS), for which month, yuan where money moved, when it came."""

    what: str
    kind: str
    scheme: str
    period: date
    own: Decimal | None
    employer: Decimal | None
    amount: Decimal | None
    place: str
    arrived: datetime

    @property
    def label(self):
        return WORDS[self.what](self.kind).label

    @property
    def arrived_on(self):
        return timezone.localdate(self.arrived)

    @property
    def scheme_label(self):
        return Scheme(self.scheme).label


@dataclass(frozen=True)
class Reach:
    """Which batches and files are covered: all up to a number, and those listed besides."""

    batches_until: int = 0
    batches: list = field(default_factory=list)
    files_until: int = 0
    files: list = field(default_factory=list)

    def and_what_came_before(self, mark):
        """This reach together with that of an earlier mark (None: of none)."""
        if mark is None:
            return self
        return Reach(
            *_joined(self.batches_until, self.batches, mark.batches_until, mark.batches),
            *_joined(self.files_until, self.files, mark.files_until, mark.files),
        )


@dataclass(frozen=True)
class News:
    """The newest `changes` (a list of Change), `count` of all there are, and what a mark made now would cover."""

    changes: list
    count: int
    reach: Reach
    at: datetime


class FormTooOld(ValueError):
    """The page was open for too long, or belongs to another inquiry: what it showed cannot be told any more."""


def since(person, mark):
    """What came into the person's record after `mark` (a SEEN Mark; None: since ever), newest first. One query."""
    seen = mark or Mark()
    facts = {
        "persons": person.record_ids,
        "batches_until": seen.batches_until,
        "batches": seen.batches,
        "files_until": seen.files_until,
        "files": seen.files,
        "margin": MARGIN,
        "zone": timezone.get_default_timezone_name(),
        "limit": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, facts)
        rows = cursor.fetchall()
    count, batches_until, batches, files_until, files, at = rows[0][:6]
    changes = [Change(*row[6:]) for row in rows if row[6]]
    return News(changes, count, Reach(batches_until, batches or [], files_until, files or []), at)


def signed(news, inquiry):
    """What the form of the page carries, so that exactly what was shown is marked, and nothing that came meanwhile."""
    shown = {**vars(news.reach), "at": news.at.isoformat()}
    return signing.dumps(shown, salt=_salt(inquiry), compress=True)


def mark_seen(person, inquiry, form):
    """Keep the Mark that the person has seen what the page showed that carried `form`; raises FormTooOld."""
    try:
        shown = signing.loads(form, salt=_salt(inquiry), max_age=FORM_IS_GOOD_FOR)
    except signing.BadSignature:
        raise FormTooOld from None
    at = parse_datetime(shown.pop("at"))
    before = Mark.objects.latest(person, Mark.Kind.SEEN)
    reach = Reach(**shown).and_what_came_before(before)
    return Mark.objects.create(person=person, inquiry=inquiry, kind=Mark.Kind.SEEN, at=at, **vars(reach))


def mark_checked(person, inquiry):
    """Keep the Mark that the person has checked her record today (features F29)."""
    return Mark.objects.create(person=person, inquiry=inquiry, kind=Mark.Kind.CHECKED)


def _salt(inquiry):
    return f"accounts.changes:{inquiry.token}"


def _joined(until, listed, until_before, listed_before):
    until = max(until, until_before)
    return until, sorted({number for number in (*listed, *listed_before) if number > until})
