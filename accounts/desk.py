"""What operators find on their desk: what waits for them, and how far the books and their sources are."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inquiries import asking_why
from registry.insurance import Scheme
from registry.known import expected_month
from registry.models import FeedFile, SourceState

from .models import Proof

SHOWN = 20
KINDS_OF_DATA = {
    "enrolments": _("Registration"),
    "contributions": _("Payment records"),
    "benefits": _("Benefits"),
    "assessments": _("Assessments"),
    "cards": _("Cards"),
    "employment": _("Employment"),
    "skills": _("Vocational skills"),
    "unemployment": _("Unemployment registrations"),
    "injuries": _("Work injuries"),
    "diseases": _("Occupational diseases"),
    "disabilities": _("Disabilities"),
    "transfers": _("Transfers"),
}


# Where accounts may be and the latest year booked has one before it, that year's interest is due; where a year was
# credited at a rate not yet published, the row added last says so.
INTEREST_DUE = """
WITH latest AS (
    SELECT f.scheme, f.area_code, extract(year FROM b.booked_month)::integer - 1 AS year
    FROM (SELECT DISTINCT scheme, area_code FROM accounts_fundaccount) f
    CROSS JOIN LATERAL (
        SELECT booked_month FROM accounts_batch b WHERE b.scheme = f.scheme AND b.area_code = f.area_code
        ORDER BY booked_month DESC LIMIT 1
    ) b
    WHERE account_possible(f.area_code, f.scheme)
), due AS (
    SELECT scheme, area_code, year, FALSE AS is_provisional FROM latest l
    WHERE EXISTS (
        SELECT FROM accounts_batch b
        WHERE b.scheme = l.scheme AND b.area_code = l.area_code AND b.booked_month < make_date(l.year + 1, 1, 1)
    ) AND NOT EXISTS (
        SELECT FROM accounts_interestyear y
        WHERE y.scheme = l.scheme AND y.area_code = l.area_code AND y.year = l.year
    )
    UNION ALL
    SELECT scheme, area_code, year, TRUE FROM accounts_interestyear y
    WHERE is_provisional AND NOT EXISTS (
        SELECT FROM accounts_interestyear n
        WHERE n.scheme = y.scheme AND n.area_code = y.area_code AND n.year = y.year AND n.id > y.id
    )
)
SELECT scheme, area_code, year, is_provisional, coalesce(a.name, '')
FROM due LEFT JOIN registry_area a ON a.code = area_code
ORDER BY is_provisional, scheme, area_code, year LIMIT %s
"""


@dataclass(frozen=True)
class InterestDue:
    """A year whose interest is not credited, or was credited at a rate that is not yet published."""

    scheme: Scheme
    area_code: str
    year: int
    is_provisional: bool = False
    area_name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Desk:
    """`waiting`: requests that this operator may decide; `own`: her own that wait for somebody else."""

    waiting: int
    own: int
    approved: int
    questions: asking_why.Waiting
    last_load: FeedFile | None
    refused_files: list
    late_sources: list
    last_proof: Proof | None
    interest_due: list


def desk_of(member, today: date):
    """The desk of one operator or auditor. Seven queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, own, approved FROM corrections_counted(%s::bigint)", [member.user_id])
        waiting, own, approved = cursor.fetchone()
    files = FeedFile.objects.select_related("agency").order_by("-loaded_at")
    late = Q(next_expected_on__lt=today) | Q(complete_to__lt=expected_month(today))
    sources = SourceState.objects.filter(late | Q(refused_at__isnull=False)).select_related("agency", "area")
    sources = list(sources.order_by("complete_to", "pk")[:SHOWN])
    for source in sources:
        source.kind_name = KINDS_OF_DATA.get(source.kind, source.kind)
    return Desk(
        waiting,
        own,
        approved,
        asking_why.waiting_for(member.agency_id),
        last_load=files.filter(state=FeedFile.State.LOADED).first(),
        refused_files=list(files.filter(state=FeedFile.State.REFUSED)[:SHOWN]),
        late_sources=sources,
        last_proof=Proof.objects.order_by("-pk").first(),
        interest_due=_interest_due(),
    )


def _interest_due():
    with connection.cursor() as cursor:
        cursor.execute(INTEREST_DUE, [SHOWN])
        return [InterestDue(Scheme(scheme), *told) for scheme, *told in cursor.fetchall()]
