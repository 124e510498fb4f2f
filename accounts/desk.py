"""What operators find on their desk: what waits for them, and how far the books and their sources are."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme
from registry.models import Area, FeedFile, SourceState
from registry.months import add_months, month_of

from .models import InterestYear, Proof
from .zero import LATE_AFTER_MONTHS

SHOWN = 20
KINDS_OF_DATA = {
    "enrolments": _("Registration"),
    "contributions": _("Payment records"),
    "benefits": _("Benefits"),
    "assessments": _("Assessments"),
}


# Where accounts may be and the latest year booked has one before it, that year's interest is due.
UNCREDITED = """
SELECT scheme, area_code, year, coalesce(a.name, '') FROM (
    SELECT f.scheme, f.area_code, extract(year FROM latest.booked_month)::integer - 1 AS year
    FROM (SELECT DISTINCT scheme, area_code FROM accounts_fundaccount) f
    CROSS JOIN LATERAL (
        SELECT booked_month FROM accounts_batch b WHERE b.scheme = f.scheme AND b.area_code = f.area_code
        ORDER BY booked_month DESC LIMIT 1
    ) latest
    WHERE account_possible(f.area_code, f.scheme)
) due LEFT JOIN registry_area a ON a.code = due.area_code
WHERE EXISTS (
    SELECT FROM accounts_batch b
    WHERE b.scheme = due.scheme AND b.area_code = due.area_code AND b.booked_month < make_date(due.year + 1, 1, 1)
) AND NOT EXISTS (
    SELECT FROM accounts_interestyear y
    WHERE y.scheme = due.scheme AND y.area_code = due.area_code AND y.year = due.year
)
ORDER BY scheme, area_code LIMIT %s
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
    late = Q(next_expected_on__lt=today) | Q(complete_to__lt=add_months(month_of(today), -LATE_AFTER_MONTHS))
    sources = SourceState.objects.filter(late | Q(refused_at__isnull=False)).select_related("agency", "area")
    sources = list(sources.order_by("complete_to", "pk")[:SHOWN])
    for source in sources:
        source.kind_name = KINDS_OF_DATA.get(source.kind, source.kind)
    return Desk(
        waiting,
        own,
        approved,
        last_load=files.filter(state=FeedFile.State.LOADED).first(),
        refused_files=list(files.filter(state=FeedFile.State.REFUSED)[:SHOWN]),
        late_sources=sources,
        last_proof=Proof.objects.order_by("-pk").first(),
        interest_due=_interest_due(),
    )


def _interest_due():
    with connection.cursor() as cursor:
        cursor.execute(UNCREDITED, [SHOWN])
        due = [
            InterestDue(Scheme(scheme), area_code, year, area_name=name)
            for scheme, area_code, year, name in cursor.fetchall()
        ]
    credited = InterestYear.objects.order_by("scheme", "area_code", "year", "-pk")
    names = Area.objects.filter(pk=OuterRef("area_code")).values("name")
    known = credited.distinct("scheme", "area_code", "year").annotate(area_name=Subquery(names))
    due += [
        InterestDue(Scheme(y.scheme), y.area_code, y.year, True, y.area_name or "") for y in known if y.is_provisional
    ]
    return due[:SHOWN]
