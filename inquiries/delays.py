"""Delayed display: look-ups under a legal order of secrecy are shown to the person on a later day, never left out.

Two operators name the person independently, each by the number in the document, so that neither opens her record for
it. The order holds for inquiries opened after its approval alone: what a person could have read stays readable.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .look_guards import LONGEST_DELAY
from .models import DelayedDisplay

SHOWN = 100
Decision = DelayedDisplay.Decision


class DelayRefused(ValueError):
    """The order is refused; the message says why."""


class Orders:
    """All orders of secrecy, newest first: those that wait, hold and have ended. No person is named."""

    person_ids = ()

    def __init__(self, _request=None):
        orders = DelayedDisplay.objects.select_related("asked_by", "decided_by", "renews")
        self.orders = list(orders.order_by("-pk")[:SHOWN])


def latest_day():
    return timezone.localdate() + timedelta(days=LONGEST_DELAY)


def ask(person_id, document_no, law_article, shown_from, by):
    """Ask for an order; a second one for the same person and document renews the first. DelayRefused where it can't."""
    if not timezone.localdate() < shown_from <= latest_day():
        raise DelayRefused(_("The day lies within %(days)d days from today.") % {"days": LONGEST_DELAY})
    same = DelayedDisplay.objects.filter(person=person_id, document_no=document_no)
    if same.filter(decision="").exists():
        raise DelayRefused(_("An order with this document number is waiting for its decision."))
    approved = same.filter(decision=Decision.APPROVED)
    first = approved.filter(renews=None).order_by("-pk").first()
    holds = approved.filter(shown_from__gt=timezone.localdate()).exists()
    if first and not holds:
        raise DelayRefused(_("This delay has ended, and what was shown stays shown. Use a new document."))
    order = DelayedDisplay(
        person_id=person_id,
        document_no=document_no,
        law_article=law_article,
        shown_from=shown_from,
        renews=first,
        asked_by=by,
    )
    order.save(force_insert=True)
    return order


def decide(order_id, decision, person_id, by):
    """Approve or refuse a waiting order. `person_id`: whom the decider found by the number in the document."""
    order = DelayedDisplay.objects.select_for_update(no_key=True).filter(pk=order_id, decision="").first()
    if order is None:
        raise DelayRefused(_("This order is decided already."))
    if order.asked_by_id == by.pk:
        raise DelayRefused(_("You asked for this order, so somebody else decides it."))
    if order.person_id != person_id:
        raise DelayRefused(_("The number is not that of the person whom the order is about."))
    order.decision, order.decided_by, order.decided_at = decision, by, timezone.now()
    try:
        with transaction.atomic():
            order.save(update_fields=["decision", "decided_by", "decided_at"])
    except IntegrityError:
        raise DelayRefused(_("This delay has ended, and what was shown stays shown. Use a new document.")) from None
    return order
