from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme
from registry.partitions import MassForeignKey

from .ledger import INTEREST_KINDS, Account, Entry, money

# Interest is corrected by the run that credits it, a reversal by nothing, and a closing belongs to the account's end.
NEVER_UNDONE = (*INTEREST_KINDS, Entry.Kind.REVERSAL)
NEVER_RIGHT = (*NEVER_UNDONE, Entry.Kind.CLOSING)


class CorrectionQuerySet(models.QuerySet):
    def waiting(self):
        """Those which nobody has decided yet."""
        return self.filter(decision="")

    def to_post(self):
        """Approved and neither posted nor refused by the books, oldest first."""
        return self.filter(decision=Correction.Decision.APPROVED, outcome="").order_by("pk")

    def posted(self):
        return self.filter(outcome=Correction.Outcome.POSTED)


class Correction(models.Model):
    """A request to correct one personal account: which entries are undone, what is right instead, why, on what paper.

    One operator asks, another decides (等保 2.0: two people for what changes the books), the job role posts. What was
    asked never changes; decision and outcome are each written once (triggers: accounts/correction_guards.py).
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    class Outcome(models.TextChoices):
        """Posted, or in one sentence why not."""

        POSTED = "posted", _("Posted.")
        UNDONE_MEANWHILE = "undone", _("Not posted: an entry was undone meanwhile.")
        BELOW_ZERO = "below_zero", _("Not posted: the account would fall below zero.")
        ACCOUNT_CLOSED = "closed", _("Not posted: the account is closed.")
        CHANGED = "changed", _("Not posted: the entries are not those that were asked about.")
        BOOKS_REFUSED = "books", _("Not posted: the books refused it.")

    person = MassForeignKey("registry.InsuredPerson")
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    reason = models.CharField(max_length=400)
    document_ref = models.CharField(max_length=60)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decision_reason = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    ended_at = models.DateTimeField(null=True, help_text=_("When it was posted, or found impossible."))
    undo_batch_id = models.BigIntegerField(null=True)
    right_batch_id = models.BigIntegerField(null=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [
            models.Index(fields=["person", "scheme"], name="correction_person"),
            models.Index(fields=["id"], condition=Q(outcome=""), name="correction_open"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") & ~Q(document_ref=""), name="correction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="correction_two_people",
                violation_error_message=_("Whoever asked for a correction cannot decide it."),
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True, decision_reason="")
                | Q(~Q(decision=""), ~Q(decision_reason=""), decided_by__isnull=False, decided_at__isnull=False),
                name="correction_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True, undo_batch_id__isnull=True, right_batch_id__isnull=True)
                | Q(
                    Q(undo_batch_id__isnull=False) | Q(right_batch_id__isnull=False),
                    decision="approved",
                    outcome="posted",
                    ended_at__isnull=False,
                )
                | Q(
                    ~Q(outcome__in=["", "posted"]),
                    decision="approved",
                    ended_at__isnull=False,
                    undo_batch_id__isnull=True,
                    right_batch_id__isnull=True,
                ),
                name="correction_posted_once_approved",
            ),
        ]

    def __str__(self):
        return f"{self.pk}"

    @property
    def state(self):
        """waiting, approved (and not yet posted), refused, posted or failed."""
        if self.outcome:
            return "posted" if self.outcome == self.Outcome.POSTED else "failed"
        return self.decision or "waiting"

    @property
    def account(self):
        """The account it is about, as it stands now."""
        return Account.objects.get(person=self.person_id, scheme=self.scheme, area_code=self.area_code)


class CorrectionLine(models.Model):
    """One line of a correction: an entry to be undone, named by its key, or a right entry to be posted. Only added."""

    class What(models.TextChoices):
        UNDO = "undo", _("Undo")
        RIGHT = "right", _("Post")

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="lines", db_index=False)
    number = models.SmallIntegerField()
    what = models.CharField(max_length=5, choices=What)
    kind = models.CharField(max_length=20, choices=Entry.Kind)
    period = models.DateField(help_text=_("Month covered."))
    amount = money(help_text=_("Signed yuan: of the entry as it stands, or of the right one."))
    booked_month = models.DateField(null=True)
    batch_id = models.BigIntegerField(null=True)
    entry_line = models.IntegerField(null=True)

    class Meta:
        verbose_name = _("line of a correction")
        verbose_name_plural = _("lines of corrections")
        ordering = ["correction", "number"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "number"], name="correction_line_once"),
            models.UniqueConstraint(
                fields=["correction", "booked_month", "kind", "batch_id", "entry_line"], name="correction_undoes_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(kind__in=NEVER_UNDONE),
                    what="undo",
                    booked_month__isnull=False,
                    batch_id__isnull=False,
                    entry_line__isnull=False,
                )
                | Q(
                    ~Q(kind__in=NEVER_RIGHT),
                    ~Q(amount=0),
                    what="right",
                    booked_month__isnull=True,
                    batch_id__isnull=True,
                    entry_line__isnull=True,
                ),
                name="correction_line_names_an_entry_or_is_one",
                violation_error_message=_("Interest and reversals cannot be corrected here."),
            ),
        ]

    def __str__(self):
        return f"{self.what} {self.kind} {self.amount}"

    def get_kind_display(self):
        return Entry.Kind(self.kind).label
