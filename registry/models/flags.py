from django.db import models
from django.utils.translation import gettext_lazy as _


class Flag(models.Model):
    """A mark that a higher room puts on a row of a person's record and lower pages read."""

    class Kind(models.TextChoices):
        UNDER_VERIFICATION = "under_verification", _("Under verification")

    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="flags")
    row_key = models.CharField(max_length=120)
    kind = models.CharField(max_length=30, choices=Kind)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "row_key", "kind"], condition=models.Q(until__isnull=True), name="flag_open_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.row_key}"
