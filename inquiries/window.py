"""A visit at the window: papers written down, identity compared, record opened, visit closed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from registry.models import Card, EmploymentSpell

from . import mandates, opening, quotas
from .door import writing
from .door.scopes import SCOPES_OF_PURPOSE
from .models import AccessLog, IdentityCheck, Mandate, Purpose, Scope, SeenPaper, Visit
from .models.visits import Actor

FACTS = ("birth_date", "last_employer", "card_last_four")


@dataclass(frozen=True)
class FactsToCompare:
    """Three facts a visitor can name and a stranger cannot; empty text where the register has none."""

    birth_date: date
    last_employer: str
    card_last_four: str


def open_visit_of(clerk):
    open_visits = Visit.objects.filter(clerk=clerk, closed_at=None)
    return open_visits.select_related("employer", "identity_check", "mandate").first()


@dataclass(frozen=True)
class Proxy:
    """Who has come in another's name, as written on the papers; `last_day` for guardians alone."""

    name: str
    number: str
    last_day: date | None = None


@transaction.atomic
def start_visit(request, clerk, papers, actor=Actor.SELF, proxy=None, **about):
    """Write down visit and papers seen, then open the inquiry.

    `about`: the visit's person (id) or employer, purpose and queue number; of an employer also letter and agent.
    IntegrityError if the clerk has a visit open; QuotaReached; OwnNumber where the proxy is the person herself; OfAge
    where a ward is of age and the papers name no last day.
    """
    quotas.check(clerk)
    now = timezone.now()
    visit = Visit.objects.create(
        clerk=clerk,
        agency=clerk.agency,
        office=clerk.office,
        actor=actor,
        opened_at=now,
        **about,
    )
    SeenPaper.objects.bulk_create(
        SeenPaper(visit=visit, paper=p, form=p.form, handling=p.handling, seen_at=now) for p in papers
    )
    inquiry = opening.open_visit_record(request, visit)
    if proxy:
        with writing(inquiry):
            _take_mandate(visit, inquiry.person, proxy)
    return visit


def _take_mandate(visit, person, proxy):
    """A proxy's paper opens what the visit is for, this day alone; a guardian's opens the ward's whole record."""
    today = timezone.localdate()
    if visit.actor == Actor.GUARDIAN:
        until = mandates.guardian_until(person, proxy.last_day, today)
        facts = {"kind": Mandate.Kind.GUARDIAN, "purpose": Purpose.OWN_RECORD, "scopes": list(Scope), "until": until}
    else:
        scopes, until = SCOPES_OF_PURPOSE[Purpose(visit.purpose)], today + timedelta(days=1)
        facts = {"kind": Mandate.Kind.ENTRUSTED, "purpose": visit.purpose, "scopes": scopes, "until": until}
    mandates.take_on_paper(visit, person, proxy.name, proxy.number, since=today, **facts)


def waiting_for(clerk):
    """Open visits of other clerks of the agency whose papers wait for a second pair of eyes."""
    waiting = Mandate.objects.waiting().filter(visit__agency=clerk.agency).exclude(visit__clerk=clerk)
    return waiting.select_related("visit__clerk").prefetch_related("visit__seen_papers__paper").order_by("granted_at")


def facts_of(person):
    spell = EmploymentSpell.objects.filter(person__in=person.record_ids).select_related("employer").first()
    card = Card.objects.filter(person__in=person.record_ids).order_by("-issued_on").first()
    return FactsToCompare(person.birth_date, spell.employer.name if spell else "", card.number[-4:] if card else "")


def write_identity_check(visit, matched):
    """Keep the result of the comparison; once per visit, it cannot be repeated."""
    result = IdentityCheck.Result.MATCHED if matched else IdentityCheck.Result.MISMATCH
    return IdentityCheck.objects.create(visit=visit, result=result, facts=list(FACTS), checked_at=timezone.now())


def close_visit(request, visit):
    """Close visit and inquiry. A proxy's paper was for this visit; a guardian's holds on once it was confirmed."""
    opening.close(request)
    if visit.by_mandate and (visit.is_waiting or visit.by_mandate.kind == Mandate.Kind.ENTRUSTED):
        mandates.end(request.user, pk=visit.by_mandate.pk)
    Visit.objects.filter(pk=visit.pk, closed_at=None).update(closed_at=timezone.now())


def shown_during(visit):
    """The log rows of the visit, in order: what the receipt lists."""
    since = timezone.localdate(visit.opened_at).replace(day=1)
    rows = AccessLog.objects.filter(month__gte=since, visit_id=visit.pk)
    if visit.person_id:
        return rows.filter(person_id=visit.person_id).order_by("at")
    # A list has a row for each person on it; one line tells of the act.
    return sorted(rows.order_by("act").distinct("act"), key=lambda row: row.at)
