from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LookQuestion(models.Model):
    """A person asks why somebody else looked at her record; the agency that looked, or keeps the employer, answers.

    One question for each inquiry of somebody else. What was asked never changes; the answer is written once, and not
    by whoever looked (triggers: inquiries/look_guards.py).
    """

    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="+")
    inquiry = models.ForeignKey("inquiries.Inquiry", models.PROTECT, related_name="+")
    act = models.UUIDField(help_text=_("Act of the look-up asked about, as in the access log."))
    looked_at = models.DateTimeField()
    page = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    office = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=300)
    asked_at = models.DateTimeField(db_default=Now())
    due_on = models.DateField()
    answer = models.CharField(max_length=600, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("question about a look-up")
        verbose_name_plural = _("questions about look-ups")
        constraints = [
            models.UniqueConstraint(fields=["person", "inquiry"], name="look_question_once"),
            models.CheckConstraint(condition=~Q(text=""), name="look_question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(~Q(answer=""), answered_by__isnull=False, answered_at__isnull=False),
                name="look_question_answered_whole",
            ),
        ]
        indexes = [models.Index(fields=["agency", "due_on"], condition=Q(answer=""), name="look_question_open")]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """What the person and the office call it, the day it was asked first."""
        return f"{timezone.localdate(self.asked_at):%Y%m%d}-{self.pk:06d}"

    @property
    def is_late(self):
        return not self.answer and self.due_on < timezone.localdate()


class DelayedDisplay(models.Model):
    """A legal order of secrecy: look-ups of one person for the sake of one document are shown to her on a later day.

    It hides no row that stands already: only inquiries opened after its approval, with its document as their
    reference, wait. An order that renews another, approved before that one ends, takes over what it hides. Whoever
    asks cannot approve. Nothing is ever removed, and auditors read all of it.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="+")
    document_no = models.CharField(max_length=60)
    law_article = models.CharField(max_length=120)
    shown_from = models.DateField(help_text=_("The day on which the person sees the look-ups."))
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewals")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delayed display")
        verbose_name_plural = _("delayed displays")
        constraints = [
            models.CheckConstraint(
                condition=~Q(document_no="") & ~Q(law_article=""), name="delayed_display_names_document_and_law"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="delayed_display_two_people",
                violation_error_message=_("Whoever asked cannot decide."),
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(~Q(decision=""), decided_by__isnull=False, decided_at__isnull=False),
                name="delayed_display_decided_whole",
            ),
        ]

    def __str__(self):
        return f"{self.pk} {self.document_no}"

    @property
    def is_in_force(self):
        return self.decision == self.Decision.APPROVED and timezone.localdate() < self.shown_from


class LogExport(models.Model):
    """An auditor carried look-ups away as a file: why, which, how many. Only ever added."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    inquiry = models.ForeignKey("inquiries.Inquiry", models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=200)
    filters = models.CharField(max_length=400, blank=True)
    rows = models.IntegerField()

    class Meta:
        ordering = ["-at"]
        verbose_name = _("export of look-ups")
        verbose_name_plural = _("exports of look-ups")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="log_export_has_a_reason")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.rows}"
