from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """Why a record is looked at; a window visit cannot start without one."""

    OWN_RECORD = "own_record", _("Own record")
    BALANCE = "balance", _("Balance and payment records")
    PRINT = "print", _("Print a record or certificate")
    REGISTRATION = "registration", _("Registration status")
    VERIFY = "verify", _("A record may be wrong")
    CONSULT = "consult", _("Consultation")
    PAYMENT_LIST = "payment_list", _("Payment list of own employees")
    CORRECTION = "correction", _("Correction of the books")
    AUDIT = "audit", _("Audit of the books")


class Inquiry(models.Model):
    """An open question about one person's record, one employer's lists or, of operators and auditors, the ledger's
    batches: whoever has it open sees that, and only that.

    No address names a person; the open inquiry does (house rule: no person id in any URL).
    """

    class Channel(models.TextChoices):
        WEB = "web", _("Web")
        WINDOW = "window", _("Service window")
        KIOSK = "kiosk", _("Kiosk")
        PHONE = "phone", _("12333")

    class Capacity(models.TextChoices):
        SELF = "self", _("The insured person")
        PROXY = "proxy", _("Proxy")
        GUARDIAN = "guardian", _("Guardian")
        AGENT = "agent", _("Employer's agent")
        CLERK = "clerk", _("Window clerk")
        PHONE = "phone", _("12333 desk")
        OPERATOR = "operator", _("Operator")
        AUDITOR = "auditor", _("Auditor")

    token = models.CharField(max_length=43, unique=True)
    user = models.ForeignKey("inquiries.User", models.PROTECT, related_name="inquiries")
    channel = models.CharField(max_length=10, choices=Channel)
    capacity = models.CharField(max_length=10, choices=Capacity)
    purpose = models.CharField(max_length=20, choices=Purpose)
    legal_basis = models.CharField(max_length=100)
    reference = models.CharField(
        max_length=60, blank=True, help_text=_("Of operators and auditors: the document for whose sake they look.")
    )
    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, null=True, related_name="+")
    employer = models.ForeignKey("registry.Employer", models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey("inquiries.Visit", models.PROTECT, null=True, related_name="inquiries")
    mandate = models.ForeignKey("inquiries.Mandate", models.PROTECT, null=True, related_name="inquiries")
    terminal = models.ForeignKey("inquiries.Terminal", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, employer__isnull=True)
                | Q(person__isnull=True, employer__isnull=False)
                | Q(person__isnull=True, employer__isnull=True, capacity__in=["operator", "auditor"]),
                name="inquiry_about_one_person_or_one_employer",
            ),
            models.CheckConstraint(
                condition=~Q(capacity__in=["operator", "auditor"]) | ~Q(reference=""),
                name="inquiry_of_staff_names_a_document",
                violation_error_message=_("Say for the sake of which document you look."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=["proxy", "guardian"], mandate__isnull=False)
                | (~Q(capacity__in=["proxy", "guardian"]) & Q(mandate__isnull=True)),
                name="inquiry_of_proxies_names_the_mandate",
            ),
            models.CheckConstraint(
                condition=Q(channel="kiosk", terminal__isnull=False) | (~Q(channel="kiosk") & Q(terminal__isnull=True)),
                name="inquiry_at_a_kiosk_names_the_terminal",
            ),
        ]

    def __str__(self):
        return f"{self.capacity} {self.pk}"

    @property
    def is_of_staff(self):
        """Whether a member of staff asks without a visit: operator, auditor, 12333 desk."""
        return self.visit_id is None and self.capacity in {"operator", "auditor", "phone"}
