"""A visit at the window: papers written down, identity compared, record opened, visit closed."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from registry.models import Card, EmploymentSpell

from . import opening
from .models import AccessLog, IdentityCheck, SeenPaper, Visit
from .models.visits import Actor

FACTS = ("birth_date", "last_employer", "card_last_four")


@dataclass(frozen=True)
class FactsToCompare:
    """Three facts a visitor can name and a stranger cannot; empty text where the register has none."""

    birth_date: date
    last_employer: str
    card_last_four: str


def open_visit_of(clerk):
    return Visit.objects.filter(clerk=clerk, closed_at=None).select_related("identity_check").first()


@transaction.atomic
def start_visit(request, clerk, person_id, papers, **about):
    """Write down visit and papers seen, then open the inquiry; IntegrityError if the clerk has a visit open.

    `about`: the visit's purpose and queue number.
    """
    now = timezone.now()
    visit = Visit.objects.create(
        clerk=clerk,
        agency=clerk.agency,
        office=clerk.office,
        actor=Actor.SELF,
        person_id=person_id,
        opened_at=now,
        **about,
    )
    SeenPaper.objects.bulk_create(
        SeenPaper(visit=visit, paper=p, form=p.form, handling=p.handling, seen_at=now) for p in papers
    )
    opening.open_visit_record(request, visit)
    return visit


def facts_of(person):
    spell = EmploymentSpell.objects.filter(person__in=person.record_ids).select_related("employer").first()
    card = Card.objects.filter(person__in=person.record_ids).order_by("-issued_on").first()
    return FactsToCompare(person.birth_date, spell.employer.name if spell else "", card.number[-4:] if card else "")


def write_identity_check(visit, matched):
    """Keep the result of the comparison; once per visit, it cannot be repeated."""
    result = IdentityCheck.Result.MATCHED if matched else IdentityCheck.Result.MISMATCH
    return IdentityCheck.objects.create(visit=visit, result=result, facts=list(FACTS), checked_at=timezone.now())


def close_visit(request, visit):
    opening.close(request)
    Visit.objects.filter(pk=visit.pk, closed_at=None).update(closed_at=timezone.now())


def shown_during(visit):
    """The log rows of the visit, in order: what the receipt lists."""
    since = timezone.localdate(visit.opened_at).replace(day=1)
    return AccessLog.objects.filter(person_id=visit.person_id, month__gte=since, visit_id=visit.pk).order_by("at")
