from django.db import models
from django.utils.translation import gettext_lazy as _


class Terminal(models.Model):
    """A kiosk: a machine in an office, known by a secret in its signed cookie; a member of staff registers it there."""

    name = models.CharField(max_length=60)
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    office = models.CharField(max_length=60)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("inquiries.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("inquiries.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["office", "name"]
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "office", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="terminal_once_per_office",
                violation_error_message=_("A kiosk of this name stands in this office already."),
            )
        ]

    def __str__(self):
        return f"{self.office} {self.name}"
