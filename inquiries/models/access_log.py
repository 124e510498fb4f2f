import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .inquiry import Inquiry, Purpose

NO_PERSON = 0  # A list was asked for and nobody was on it.


class AccessLog(models.Model):
    """One row per look-up and person shown, written before the page is made; the person herself can read it.

    Persons shown on the same page share the number of the act. Rows are only ever added.
    """

    class Kind(models.TextChoices):
        LOOK = "look", _("Looked at")
        PRINT = "print", _("Printed")
        EXPORT = "export", _("Downloaded")
        REVEAL = "reveal", _("Whole number shown")

    class Reveal(models.TextChoices):
        """Why a whole number was shown; the `detail` of a row of that kind."""

        DOCUMENT = "compare_document", _("To compare it with a document")
        FORM = "fill_in_form", _("To fill in a form or certificate")
        OFFICE = "other_office", _("To pass it on to another office by law")
        OWN = "own_number", _("To read the own number")

    pk = models.CompositePrimaryKey("person_id", "month", "act")
    person_id = models.BigIntegerField()
    month = models.DateField(help_text=_("Month of the event."))
    act = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    page = models.CharField(max_length=60)
    detail = models.CharField(max_length=120, blank=True)
    inquiry_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    employer_id = models.BigIntegerField(null=True)
    visit_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10, choices=Inquiry.Channel)
    capacity = models.CharField(max_length=10, choices=Inquiry.Capacity)
    purpose = models.CharField(max_length=20, choices=Purpose)
    legal_basis = models.CharField(max_length=100)
    agency_code = models.CharField(max_length=20, blank=True)
    office = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("look-up")
        verbose_name_plural = _("look-ups")
        indexes = [
            models.Index(fields=["visit_id"], condition=models.Q(visit_id__isnull=False), name="access_log_of_a_visit"),
            # The auditor reads the log by time; rows come at the end of the index.
            models.Index(fields=["at"], name="access_log_at"),
            # What others did is asked on the first page, and must not wait for how often she herself has looked.
            models.Index(
                fields=["person_id", "month"], condition=~models.Q(capacity="self"), name="access_log_of_others"
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.page}"
