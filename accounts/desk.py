"""What operators find on their desk: what waits for them, and how far the books and their sources are."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from registry.models import FeedFile, SourceState
from registry.months import add_months, month_of

from .models import Correction, Proof
from .zero import LATE_AFTER_MONTHS

SHOWN = 20
KINDS_OF_DATA = {
    "enrolments": _("Registration"),
    "contributions": _("Payment records"),
    "benefits": _("Benefits"),
    "assessments": _("Assessments"),
}


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


def desk_of(member, today: date):
    """The desk of one operator or auditor. Five queries."""
    by_me, approved = Q(asked_by=member.user_id), Correction.Decision.APPROVED
    requests = Correction.objects.filter(outcome="").aggregate(
        waiting=Count("pk", filter=Q(decision="") & ~by_me),
        own=Count("pk", filter=Q(decision="") & by_me),
        approved=Count("pk", filter=Q(decision=approved)),
    )
    files = FeedFile.objects.select_related("agency").order_by("-loaded_at")
    late = Q(next_expected_on__lt=today) | Q(complete_to__lt=add_months(month_of(today), -LATE_AFTER_MONTHS))
    sources = SourceState.objects.filter(late | Q(refused_at__isnull=False)).select_related("agency", "area")
    sources = list(sources.order_by("complete_to", "pk")[:SHOWN])
    for source in sources:
        source.kind_name = KINDS_OF_DATA.get(source.kind, source.kind)
    return Desk(
        **requests,
        last_load=files.filter(state=FeedFile.State.LOADED).first(),
        refused_files=list(files.filter(state=FeedFile.State.REFUSED)[:SHOWN]),
        late_sources=sources,
        last_proof=Proof.objects.order_by("-pk").first(),
    )
