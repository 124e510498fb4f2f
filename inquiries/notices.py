"""The inbox: telling people what happened to their account and record, in words that name no personal number."""

import json
import re
from datetime import date, datetime

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from registry.templatetags.words import day

from .device_names import device_words
from .models import Notice, Purpose, User

Kind = Notice.Kind
PERSONAL_NUMBER = re.compile(r"\d{11}")
# What is said of each kind. The facts it names must be given to `tell`, and no others.
SENTENCES = {
    Kind.NEW_DEVICE: _("Somebody signed in to your account from a device that was not known here: {device}."),
    Kind.PASSWORD_CHANGED: _("The password of your account was changed. All devices had to sign in again."),
    Kind.FACTOR_ADDED: _("A second factor was added to your account: {factor}."),
    Kind.FACTOR_REMOVED: _("A second factor was taken away from your account: {factor}."),
    Kind.CONTACT_ASKED: _("A change of your contact details was asked for. It takes effect on {day}."),
    Kind.CONTACT_CHANGED: _("Your contact details were changed."),
    Kind.FROZEN: _("Your account was frozen. All devices were signed out."),
    Kind.UNFROZEN: _("Your account is open again, after an identity check."),
    Kind.LOOKED_UP: _("Your record was looked up at the service window {office}: {purpose}."),
    Kind.PRINTED_BY_PROXY: _("Your proxy had your record printed at the service window {office}."),
    Kind.MANDATE_GRANTED: _("You gave somebody a mandate for your record. It ends on {day}."),
    Kind.MANDATE_ENDED: _("A mandate for your record has ended."),
    Kind.ANSWERED: _("Your question {case} has been answered."),
    Kind.STATEMENT_ISSUED: _(
        "Your statement of {year} has been issued. Please check whether months and amounts are right."
    ),
}
# What to do if it was not she: for kinds that somebody else may have brought about.
ADVICE = _("If it was not you, freeze your account and call the help line.")
MAY_BE_A_STRANGER = {
    Kind.NEW_DEVICE,
    Kind.PASSWORD_CHANGED,
    Kind.FACTOR_ADDED,
    Kind.FACTOR_REMOVED,
    Kind.CONTACT_ASKED,
    Kind.CONTACT_CHANGED,
    Kind.MANDATE_GRANTED,
}
TELL_INSURED = """
WITH insured AS (
    SELECT DISTINCT coalesce(p.merged_into_id, p.id) AS id FROM registry_insuredperson p WHERE p.id = ANY (%(people)s)
)
INSERT INTO inquiries_notice (person_id, kind, facts, at)
SELECT insured.id, %(kind)s::text, %(facts)s::jsonb, %(at)s FROM insured
WHERE EXISTS (SELECT FROM inquiries_user u WHERE u.person_id = insured.id AND u.is_active)
    AND NOT EXISTS (SELECT FROM inquiries_notice n
        WHERE n.person_id = insured.id AND n.kind = %(kind)s::text AND n.facts = %(facts)s::jsonb)
ORDER BY insured.id
"""
# The page that shows what a notice tells of: its URL name, of a room above too, and the facts that its address takes.
PAGES = {Kind.STATEMENT_ISSUED: ("statement", ("year",))}
# A device is given as the browser and the system it names, so that the sentence can be said in both languages.
GIVEN_AS = {"device": {"browser", "system"}}


# The words for a second factor, given as one of second_factors.WAYS.
FACTORS = {
    "app": _("authenticator app"),
    "passkey": _("passkey"),
    "phone": _("code by text message"),
    "codes": _("codes on paper"),
}


def tell(user_or_person, kind, **facts):
    """Put a notice in somebody's inbox, that of an InsuredPerson who has no user yet included.

    `facts`: text, dates or codes, the ones named in the sentence of this kind (`browser` and `system` for a device).
    ValueError where they differ from those, or where one looks like a personal number.
    """
    kept = _checked(kind, facts)
    if isinstance(user_or_person, User):
        person_id = user_or_person.person_id
        whose = {"person_id": person_id} if person_id else {"user": user_or_person}
    else:
        whose = {"person_id": user_or_person.merged_into_id or user_or_person.pk}
    return Notice.objects.create(kind=kind, facts=kept, at=timezone.now(), **whose)


def tell_insured(person_ids, kind, **facts):
    """The same notice for those of these insured persons who have a user; gives how many got it now.

    person_ids: of InsuredPerson, merged ones included. Who has this very notice already gets no second one.
    """
    told = {"people": person_ids, "kind": kind, "facts": json.dumps(_checked(kind, facts)), "at": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(TELL_INSURED, told)
        return cursor.rowcount


def facts_of(kind):
    """The names of the facts that a notice of this kind states."""
    with override(None):
        named = set(re.findall(r"\{(\w+)\}", str(SENTENCES[kind])))
    return set().union(*(GIVEN_AS.get(name, {name}) for name in named))


def inbox_of(user):
    """The user's notices, newest first, unread ones and read ones alike."""
    return Notice.objects.of(user)


def sentence_of(notice):
    """What the notice says, in the language of the page."""
    said = dict(notice.facts)
    if "browser" in said:
        said["device"] = device_words(said["browser"], said["system"])
    if "factor" in said:
        said["factor"] = FACTORS.get(said["factor"], said["factor"])
    if "purpose" in said:
        said["purpose"] = Purpose(said["purpose"]).label
    if "day" in said:
        said["day"] = day(parse_date(said["day"]))
    sentence = str(SENTENCES[notice.kind])
    return format_html(sentence, **said) if said else sentence


def advice_on(notice):
    """What to do where somebody else may have brought it about; "" elsewhere."""
    return ADVICE if notice.kind in MAY_BE_A_STRANGER else ""


def address_of(notice):
    """Where the thing itself can be looked at; "" where there is no such page."""
    if notice.kind not in PAGES:
        return ""
    name, facts = PAGES[notice.kind]
    return reverse(name, kwargs={fact: notice.facts[fact] for fact in facts})


def mark_read(user, **which):
    """Mark the user's unread notices as read, or those picked by field; gives how many."""
    return Notice.objects.of(user).filter(read_at=None, **which).update(read_at=timezone.now())


def _checked(kind, facts):
    """The facts as they are kept; ValueError where they are not those of the kind's sentence, or name a number."""
    kept = {name: _kept(value) for name, value in facts.items()}
    if set(kept) != facts_of(kind) or any(PERSONAL_NUMBER.search(value) for value in kept.values()):
        raise ValueError(f"A notice {kind} states {sorted(facts_of(kind))} and no personal number.")
    return kept


def _kept(value):
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
