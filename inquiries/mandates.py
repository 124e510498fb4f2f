"""Mandates: granted by the person on the web, or taken on paper at the window and confirmed by a second clerk."""

import secrets
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registry.identity import compact, masked, plain_name

from . import notices
from .models import Mandate, Notice, User

# Majority is reached at eighteen (民法典 §17); until then the guardian acts for the ward (§23).
OF_AGE = 18


class OwnNumber(Exception):
    """Nobody is her own proxy."""


class OfAge(Exception):
    """A ward who is of age, and no day on which the guardianship ends."""


class SameClerk(Exception):
    """Whoever took the papers cannot confirm them."""


def held_by(user):
    """The mandates in force by which this person may ask on the web, for the number and the name she signs in with."""
    if user.kind != User.Kind.PERSON:
        return []
    # What was brought to the window on paper is for that visit alone, but for a guardian's.
    for_the_web = Q(visit=None) | Q(kind=Mandate.Kind.GUARDIAN)
    on_the_web = Mandate.objects.in_force().filter(for_the_web, proxy_key=user.login_key)
    return [m for m in on_the_web if plain_name(m.proxy_name) == plain_name(user.name)]


def granted_by(person):
    """The person's mandates, newest first, those that ended included."""
    return Mandate.objects.filter(person__in=person.record_ids).select_related("visit")


def is_own_number(person, number):
    return any(compact(identifier.number) == compact(number) for identifier in person.identifiers.all())


@transaction.atomic
def grant(user, person, name, number, scopes, purpose, until):
    """The signed-in person lets somebody ask for her from today to the day before `until`.

    OwnNumber for a number of hers; IntegrityError where this proxy holds an open mandate of hers.
    """
    if is_own_number(person, number):
        raise OwnNumber
    today, now = timezone.localdate(), timezone.now()
    key = User.key_of(User.Kind.PERSON, number)
    late = Mandate.objects.filter(person=person, proxy_key=key, visit=None, ended_at=None, until__lte=today)
    late.update(ended_at=now)
    facts = {"scopes": scopes, "purpose": purpose, "since": today, "until": until}
    notices.tell(person, Notice.Kind.MANDATE_GRANTED, day=until - timedelta(days=1))
    return _write(person, name, number, kind=Mandate.Kind.ENTRUSTED, granted_at=now, granted_by=user, **facts)


def take_on_paper(visit, person, name, number, **facts):
    """The mandate that a visiting proxy or guardian has brought; it opens nothing before a second clerk confirms.

    `facts`: kind, purpose, scopes, since and until. OwnNumber for a number of the person herself.
    """
    if is_own_number(person, number):
        raise OwnNumber
    taken = {"granted_at": visit.opened_at, "granted_by": visit.clerk.user, "visit": visit}
    return _write(person, name, number, **facts, **taken)


def confirm(mandate, member):
    """A second clerk has compared the papers: 1 if that was waited for, else 0; SameClerk for the first clerk."""
    if mandate.granted_by_id == member.user_id:
        raise SameClerk
    waiting = Mandate.objects.waiting().filter(pk=mandate.pk)
    return waiting.update(confirmed_at=timezone.now(), confirmed_by=member.user)


@transaction.atomic
def end(user, **which):
    """End the open mandates that `which` filters; at once, for look-ups under way too. Gives their number."""
    ending = Mandate.objects.filter(ended_at=None, **which)
    for mandate in ending.select_related("person").select_for_update(of=["self"]):
        notices.tell(mandate.person, Notice.Kind.MANDATE_ENDED)
    return ending.update(ended_at=timezone.now(), ended_by=user)


def guardian_until(ward, last_day, today):
    """The first day on which a guardian no longer acts: the given day after, or the ward's majority if sooner.

    OfAge where the ward is of age and no last day is given.
    """
    of_age = _of_age_on(ward.birth_date)
    ends = [of_age] if of_age > today else []
    if last_day:
        ends.append(last_day + timedelta(days=1))
    if not ends:
        raise OfAge
    return min(ends)


def _of_age_on(birth_date):
    try:
        return birth_date.replace(year=birth_date.year + OF_AGE)
    except ValueError:  # Born on 29 February.
        return date(birth_date.year + OF_AGE, 3, 1)


def _write(person, name, number, **facts):
    return Mandate.objects.create(
        token=secrets.token_urlsafe(32),
        person=person,
        grantor_name=person.name,
        proxy_key=User.key_of(User.Kind.PERSON, number),
        proxy_name=name,
        proxy_number_masked=masked(compact(number)),
        **facts,
    )
