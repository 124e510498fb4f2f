"""How many persons a clerk may look up in a day, and who may let her look up more."""

from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from .models import QuotaRelease, StaffMember, Visit

MORE = 20


class QuotaReached(Exception):
    """The clerk has looked up as many persons today as she may."""

    def __init__(self, visits):
        super().__init__(str(visits))
        self.visits = visits


@dataclass(frozen=True)
class Quota:
    """A clerk's day: persons looked up, and how many she may look up."""

    clerk: StaffMember
    visits: int
    limit: int

    @property
    def is_reached(self):
        return self.visits >= self.limit


def quota_of(clerk):
    more = QuotaRelease.objects.filter(clerk=clerk, day=timezone.localdate()).aggregate(sum=Sum("more"))["sum"] or 0
    visits = Visit.objects.filter(clerk=clerk, opened_at__gte=_midnight()).count()
    return Quota(clerk, visits, settings.LOOKUPS_PER_DAY + more)


def check(clerk):
    """QuotaReached where the clerk may look up nobody more today."""
    quota = quota_of(clerk)
    if quota.is_reached:
        raise QuotaReached(quota.visits)


def busiest(agency, shown=50):
    """Today's clerks of the agency with the most visits, each as a Quota."""
    counted = Visit.objects.filter(agency=agency, opened_at__gte=_midnight()).values("clerk")
    most = [row["clerk"] for row in counted.annotate(count=Count("pk")).order_by("-count", "clerk")[:shown]]
    clerks = StaffMember.objects.in_bulk(most)
    return [quota_of(clerks[pk]) for pk in most]


def release(clerk, member, reason):
    """Let the clerk look up more persons today; IntegrityError where somebody would release herself."""
    return QuotaRelease.objects.create(
        clerk=clerk,
        day=timezone.localdate(),
        more=MORE,
        reason=reason,
        released_by=member,
        released_at=timezone.now(),
    )


def _midnight():
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
