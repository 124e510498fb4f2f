from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .users import StaffMember


class StaffRequestQuerySet(models.QuerySet):
    def waiting(self):
        """Those which nobody has decided yet."""
        return self.filter(decision="")


class StaffRequest(models.Model):
    """What a system administrator asks for about an account of staff, and what a security administrator decided.

    Approval brings it into force in the same transaction. What was asked never changes, the decision is written once,
    and the web role can change an account in no other way (triggers: inquiries/staff_guards.py).
    """

    class What(models.TextChoices):
        NEW = "new", _("New member of staff")
        CHANGE = "change", _("Other role or office")
        END = "end", _("End of the role")
        ENABLE = "enable", _("Open a disabled account again")
        CODE = "code", _("New activation code")

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    what = models.CharField(max_length=10, choices=What)
    staff_no = models.CharField(max_length=30)
    member = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="requests")
    name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=10, choices=StaffMember.Role, blank=True)
    agency = models.ForeignKey("registry.Agency", models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=60, blank=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=400)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decision_reason = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    code_issued_at = models.DateTimeField(null=True)

    objects = StaffRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about staff")
        verbose_name_plural = _("requests about staff")
        constraints = [
            models.UniqueConstraint(
                fields=["staff_no"],
                condition=Q(decision=""),
                name="staff_request_one_waiting",
                violation_error_message=_("A request about this staff number is waiting for its decision."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="staff_request_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="staff_request_two_people",
                violation_error_message=_("Whoever asked cannot decide."),
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True, decision_reason="")
                | Q(~Q(decision=""), ~Q(decision_reason=""), decided_by__isnull=False, decided_at__isnull=False),
                name="staff_request_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(what="new", agency__isnull=False) & ~Q(name="") & ~Q(role="") & ~Q(office="")
                | Q(what="change", member__isnull=False, agency__isnull=False) & ~Q(role="") & ~Q(office="")
                | Q(what="end", member__isnull=False, until__isnull=False)
                | Q(what__in=["enable", "code"], member__isnull=False),
                name="staff_request_says_all_it_needs",
            ),
            models.CheckConstraint(
                condition=Q(code_issued_at__isnull=True) | Q(decision="approved", what__in=["new", "code"]),
                name="staff_request_code_once_approved",
            ),
        ]

    def __str__(self):
        return f"{self.pk}"

    @property
    def may_issue_code(self):
        """Whether an activation code may be handed out on the strength of this request: once, after approval."""
        is_for_code = self.what in {self.What.NEW, self.What.CODE}
        return is_for_code and self.decision == self.Decision.APPROVED and self.code_issued_at is None


class StaffDeed(models.Model):
    """One deed about an account of staff: by whom, when, why. Only ever added; auditors read it.

    `by` is None for what a command or a feed file did.
    """

    class Deed(models.TextChoices):
        ASKED = "asked", _("Asked for")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        CODE = "code", _("Activation code issued")
        DISABLED = "disabled", _("Disabled at once")
        IDLE = "idle", _("Disabled for lack of use")
        FILED = "filed", _("Written by a feed file or command")

    staff_no = models.CharField(max_length=30)
    member = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="deeds")
    request = models.ForeignKey(StaffRequest, models.PROTECT, null=True, related_name="deeds")
    deed = models.CharField(max_length=10, choices=Deed)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=400)

    class Meta:
        verbose_name = _("deed on an account of staff")
        verbose_name_plural = _("deeds on accounts of staff")

    def __str__(self):
        return f"{self.staff_no} {self.deed}"
