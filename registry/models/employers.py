from django.db import models
from django.utils.translation import gettext_lazy as _


class Employer(models.Model):
    """An employer (用人单位): registers, declares and withholds (Social Insurance Law, art. 57-60)."""

    credit_code = models.CharField(max_length=18, unique=True, null=True, blank=True)
    name = models.CharField(max_length=120)
    area = models.ForeignKey("registry.Area", models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    risk_class = models.SmallIntegerField(null=True, blank=True, help_text=_("Work-injury risk class, 1 to 8."))
    registered_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(risk_class__isnull=True) | models.Q(risk_class__range=(1, 8)),
                name="employer_risk_class_1_to_8",
                violation_error_message=_("The risk class lies between 1 and 8."),
            )
        ]

    def __str__(self):
        return self.name


class UnitNumber(models.Model):
    """The number (单位编号) an agency gave an employer; unique only within that agency."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="unit_numbers")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    unit_no = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "unit_no"],
                name="unit_number_once_per_agency",
                violation_error_message=_("This agency already uses this unit number."),
            )
        ]

    def __str__(self):
        return self.unit_no


class EmploymentSpell(models.Model):
    """A stretch of work for one employer, and who stated it; the two legal clocks run from its ends."""

    class StatedBy(models.TextChoices):
        EMPLOYER = "employer", _("Employer")
        PERSON = "person", _("Insured person")
        AGENCY = "agency", _("Agency")
        TAX = "tax", _("Tax authority")

    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="employment")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="employment")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    occupation = models.CharField(max_length=60, blank=True)
    stated_by = models.CharField(max_length=10, choices=StatedBy)
    start_reported_on = models.DateField(null=True, blank=True)
    end_reported_on = models.DateField(null=True, blank=True)
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    class Meta:
        ordering = ["-started_on"]
        verbose_name = _("employment")
        verbose_name_plural = _("employment")
        constraints = [
            models.UniqueConstraint(fields=["person", "employer", "started_on"], name="employment_spell_once"),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("started_on")),
                name="employment_spell_ends_after_start",
                violation_error_message=_("Employment cannot end before it started."),
            ),
        ]

    def __str__(self):
        return f"{self.employer} {self.started_on}"
