from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.insurance import INSURANCE_OF, Category, Scheme


class Enrolment(models.Model):
    """An insurance relationship (社会保险关系): one person in one scheme of one pooling area."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Insured, paying")
        SUSPENDED = "suspended", _("Paying suspended")
        RETIRED = "retired", _("Retired, receiving benefits")
        TERMINATED = "terminated", _("Ended")

    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="enrolments")
    scheme = models.CharField(max_length=20, choices=Scheme)
    area = models.ForeignKey("registry.Area", models.PROTECT, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=Category)
    status = models.CharField(max_length=12, choices=Status)
    status_since = models.DateField(help_text=_("Month"))
    first_insured_on = models.DateField()
    registered_on = models.DateField()
    employer = models.ForeignKey("registry.Employer", models.PROTECT, null=True, blank=True, related_name="+")
    person_no = models.CharField(max_length=30, blank=True)
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scheme", "area"],
                name="enrolment_once",
                violation_error_message=_("The person is already enrolled in this scheme here."),
            )
        ]

    def __str__(self):
        return f"{self.get_scheme_display()} {self.area_id}"

    # Django's own copy all the choices each time: half the cost of a long history.
    def get_status_display(self):
        return self.Status(self.status).label

    def get_scheme_display(self):
        return Scheme(self.scheme).label

    def get_category_display(self):
        return Category(self.category).label

    @property
    def insurance(self):
        return INSURANCE_OF[self.scheme]


class EnrolmentEvent(models.Model):
    """Something that happened to an enrolment, as reported; never changed, undone only by another event."""

    class Kind(models.TextChoices):
        ENROL = "enrol", _("Enrolled")
        STOP = "stop", _("Paying suspended")
        RESUME = "resume", _("Paying resumed")
        BASE_CHANGE = "base_change", _("Contribution base changed")
        INFO_CHANGE = "info_change", _("Details changed")
        EMPLOYER_CHANGE = "employer_change", _("Employer changed")
        TRANSFER_OUT = "transfer_out", _("Transferred out")
        TRANSFER_IN = "transfer_in", _("Transferred in")
        RETIRE = "retire", _("Retired")
        BENEFIT_START = "benefit_start", _("Benefit started")
        BENEFIT_STOP = "benefit_stop", _("Benefit stopped")
        DEATH = "death", _("Deceased")
        TERMINATE = "terminate", _("Ended")
        BACKPAY = "backpay", _("Back-payment")
        REFUND = "refund", _("Refund")
        CORRECTION = "correction", _("Corrected")

    class Source(models.TextChoices):
        EMPLOYER = "employer", _("Employer")
        WINDOW = "window", _("Service window")
        WEB = "web", _("Web")
        TAX = "tax", _("Tax authority")
        AGENCY = "agency", _("Agency")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    event_no = models.CharField(max_length=40, help_text=_("The agency's own number of the event."))
    kind = models.CharField(max_length=20, choices=Kind)
    effective_month = models.DateField()
    recorded_on = models.DateField()
    source = models.CharField(max_length=10, choices=Source)
    employer = models.ForeignKey("registry.Employer", models.PROTECT, null=True, blank=True, related_name="+")
    counterpart_area = models.CharField(max_length=60, blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    class Meta:
        ordering = ["-effective_month", "-recorded_on", "-pk"]
        verbose_name = _("enrolment event")
        verbose_name_plural = _("enrolment events")
        constraints = [models.UniqueConstraint(fields=["enrolment", "event_no"], name="enrolment_event_once")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.effective_month:%Y-%m}"

    def get_kind_display(self):
        return self.Kind(self.kind).label

    def get_source_display(self):
        return self.Source(self.source).label
