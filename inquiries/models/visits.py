from django.db import models
from django.db.models import Case, Exists, OuterRef, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .inquiry import Purpose
from .users import StaffMember


class Actor(models.TextChoices):
    SELF = "self", _("The insured person")
    PROXY = "proxy", _("A proxy")
    UNIT = "unit", _("An employer's agent")
    GUARDIAN = "guardian", _("A guardian")


class RequiredPaperQuerySet(models.QuerySet):
    def in_order_of_visitors(self):
        """All papers, those of the person first, then of a proxy, a guardian, an employer's agent."""
        order = [Actor.SELF, Actor.PROXY, Actor.GUARDIAN, Actor.UNIT]
        places = [When(actor=actor, then=place) for place, actor in enumerate(order)]
        return self.order_by(Case(*places), "position")


class RequiredPaper(models.Model):
    """One row of the document checklist: what is asked of whom, and on what legal basis.

    Regulation 765, art. 31: no paper beyond identity documents without a basis in law; rows that rest on local
    practice say so and are optional.
    """

    class Form(models.TextChoices):
        ORIGINAL = "original", _("original")
        COPY = "copy", _("copy")

    class Handling(models.TextChoices):
        CHECKED = "checked", _("checked and handed back")
        COPIED = "copied", _("copied and handed back")
        KEPT = "kept", _("kept on file")

    key = models.CharField(max_length=60, unique=True)
    actor = models.CharField(max_length=10, choices=Actor)
    position = models.SmallIntegerField()
    document = models.CharField(max_length=100)
    form = models.CharField(max_length=10, choices=Form)
    handling = models.CharField(max_length=10, choices=Handling)
    legal_basis = models.CharField(max_length=200)
    is_optional = models.BooleanField(default=False)

    objects = RequiredPaperQuerySet.as_manager()

    class Meta:
        ordering = ["actor", "position"]
        verbose_name = _("required paper")
        verbose_name_plural = _("required papers")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(legal_basis=""),
                name="required_paper_has_a_basis",
                violation_error_message=_(
                    "A paper without a legal basis cannot be asked for (Regulation 765, art. 31)."
                ),
            )
        ]

    def __str__(self):
        return self.document


class VisitQuerySet(models.QuerySet):
    def of_namesakes(self):
        """Visits in which the person bears the name of somebody on the agency's staff: to be looked at, not proof."""
        colleagues = StaffMember.objects.filter(agency=OuterRef("agency"), user__name=OuterRef("person__name"))
        return self.filter(Exists(colleagues))


class Visit(models.Model):
    """A case at the window (受理): one clerk, one visitor, one person or employer, one purpose; then it closes."""

    clerk = models.ForeignKey("inquiries.StaffMember", models.PROTECT, related_name="visits")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    office = models.CharField(max_length=60)
    actor = models.CharField(max_length=10, choices=Actor)
    purpose = models.CharField(max_length=20, choices=Purpose)
    queue_no = models.CharField(max_length=20, blank=True)
    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, null=True, related_name="+")
    employer = models.ForeignKey("registry.Employer", models.PROTECT, null=True, related_name="+")
    visitor_name = models.CharField(max_length=60, blank=True, help_text=_("Of an employer's agent."))
    letter_no = models.CharField(max_length=60, blank=True, help_text=_("Of the employer's stamped letter."))
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.UniqueConstraint(
                fields=["clerk"],
                condition=models.Q(closed_at__isnull=True),
                name="visit_one_open_per_clerk",
                violation_error_message=_("Close the open visit before you start another."),
            ),
            models.CheckConstraint(
                condition=models.Q(actor="unit", employer__isnull=False, person__isnull=True)
                & ~models.Q(visitor_name="")
                & ~models.Q(letter_no="")
                | ~models.Q(actor="unit") & models.Q(employer__isnull=True),
                name="visit_of_a_unit_names_letter_and_agent",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """The visit's number (案号), to be read out and written on receipts."""
        return f"{timezone.localdate(self.opened_at):%Y%m%d}-{self.pk:06d}"

    @property
    def by_mandate(self):
        """The mandate on paper that a proxy or guardian brought, or None."""
        return getattr(self, "mandate", None)

    @property
    def is_waiting(self):
        """Whether a second clerk has still to confirm the papers."""
        return self.by_mandate is not None and self.by_mandate.confirmed_at is None

    @property
    def is_identity_matched(self):
        check = getattr(self, "identity_check", None)
        return check is not None and check.result == IdentityCheck.Result.MATCHED


class SeenPaper(models.Model):
    """A paper the clerk had in hand during a visit, written down before anything is shown."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="seen_papers")
    paper = models.ForeignKey(RequiredPaper, models.PROTECT, related_name="+")
    form = models.CharField(max_length=10, choices=RequiredPaper.Form)
    handling = models.CharField(max_length=10, choices=RequiredPaper.Handling)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "paper"], name="seen_paper_once")]

    def __str__(self):
        return f"{self.paper_id} {self.form}"


class IdentityCheck(models.Model):
    """The clerk's comparison of visitor and record, with its result; only a match opens the record."""

    class Result(models.TextChoices):
        MATCHED = "matched", _("Matches")
        MISMATCH = "mismatch", _("Does not match")

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="identity_check")
    result = models.CharField(max_length=10, choices=Result)
    facts = models.JSONField(help_text=_("Which facts were compared; never their values."))
    checked_at = models.DateTimeField()

    def __str__(self):
        return self.result


class QuotaRelease(models.Model):
    """A supervisor's leave for a clerk to look up more persons on one day than the quota allows."""

    clerk = models.ForeignKey("inquiries.StaffMember", models.PROTECT, related_name="+")
    day = models.DateField()
    more = models.SmallIntegerField(help_text=_("How many persons more."))
    reason = models.CharField(max_length=200)
    released_by = models.ForeignKey("inquiries.StaffMember", models.PROTECT, related_name="+")
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(released_by=models.F("clerk")) & models.Q(more__gt=0) & ~models.Q(reason=""),
                name="quota_released_by_another_for_a_reason",
            )
        ]

    def __str__(self):
        return f"{self.clerk_id} {self.day} +{self.more}"
