"""Role data of the card: skills and unemployment; and three sensitive records kept apart (PIPL art. 28)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfPerson(models.Model):
    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="%(class)ss")
    reference_no = models.CharField(max_length=40)
    feed_file = models.ForeignKey("registry.FeedFile", models.PROTECT, null=True, related_name="+", db_index=False)
    feed_row = models.IntegerField(null=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["person", "reference_no"], name="%(class)s_once")]

    def __str__(self):
        return self.reference_no


class VocationalSkill(OfPerson):
    occupation = models.CharField(max_length=60)
    level = models.CharField(max_length=30)
    issuer = models.CharField(max_length=100)
    issued_on = models.DateField()

    class Meta(OfPerson.Meta):
        verbose_name = _("vocational skill")
        verbose_name_plural = _("vocational skills")


class UnemploymentRegistration(OfPerson):
    """Registered unemployment and the months of benefit granted (Social Insurance Law, art. 45-50)."""

    area = models.ForeignKey("registry.Area", models.PROTECT, related_name="+")
    registered_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    months_granted = models.SmallIntegerField(default=0)
    months_used = models.SmallIntegerField(default=0)

    class Meta(OfPerson.Meta):
        verbose_name = _("unemployment registration")
        verbose_name_plural = _("unemployment registrations")

    @property
    def months_left(self):
        """Months of benefit granted and not used."""
        return max(0, self.months_granted - self.months_used)


class WorkInjury(OfPerson):
    """A recognised work injury. Sensitive: own page only, never on a list, never shown to an employer."""

    employer = models.ForeignKey("registry.Employer", models.PROTECT, null=True, blank=True, related_name="+")
    injured_on = models.DateField()
    recognised_on = models.DateField(null=True, blank=True)
    grade = models.SmallIntegerField(null=True, blank=True, help_text=_("Disability grade, 1 to 10."))
    care_level = models.SmallIntegerField(null=True, blank=True, help_text=_("Care level, 1 to 3."))

    class Meta(OfPerson.Meta):
        verbose_name = _("work injury")
        verbose_name_plural = _("work injuries")
        constraints = [
            *OfPerson.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(grade__isnull=True) | models.Q(grade__range=(1, 10)),
                name="work_injury_grade_1_to_10",
                violation_error_message=_("The disability grade lies between 1 and 10."),
            ),
        ]


class OccupationalDisease(OfPerson):
    """A diagnosed occupational disease. Sensitive."""

    name = models.CharField(max_length=100)
    diagnosed_on = models.DateField()
    institution = models.CharField(max_length=100, blank=True)

    class Meta(OfPerson.Meta):
        verbose_name = _("occupational disease")
        verbose_name_plural = _("occupational diseases")


class Disability(OfPerson):
    """A certified disability. Sensitive."""

    kind = models.CharField(max_length=40)
    grade = models.SmallIntegerField()
    certified_on = models.DateField()

    class Meta(OfPerson.Meta):
        verbose_name = _("disability")
        verbose_name_plural = _("disabilities")
