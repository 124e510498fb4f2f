from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.months import add_months


class FeedFile(models.Model):
    """A file an agency or the tax collector delivered: loaded as a whole or refused as a whole."""

    class State(models.TextChoices):
        LOADED = "loaded", _("Loaded")
        REFUSED = "refused", _("Refused")

    digest = models.BinaryField(max_length=32, help_text=_("SHA-256 of the file's bytes."))
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    agency = models.ForeignKey("registry.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey("registry.Area", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    loaded_at = models.DateTimeField()
    lines = models.IntegerField()
    added = models.IntegerField(default=0)
    already_there = models.IntegerField(default=0)
    refused_lines = models.IntegerField(default=0)
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["-loaded_at"]
        verbose_name = _("feed file")
        verbose_name_plural = _("feed files")
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=models.Q(state="loaded"), name="feed_file_loaded_once")
        ]

    def __str__(self):
        return self.name


class SourceState(models.Model):
    """How far one agency's records of one kind reach: "complete to" this month (it never comes from the clock)."""

    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="source_states")
    area = models.ForeignKey("registry.Area", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    complete_to = models.DateField(help_text=_("Last month for which everything has been delivered."))
    received_on = models.DateField()
    next_expected_on = models.DateField(null=True, blank=True)
    refused_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Set while this source's last file stands refused.")
    )

    class Meta:
        verbose_name = _("source state")
        verbose_name_plural = _("source states")
        constraints = [models.UniqueConstraint(fields=["agency", "area", "kind"], name="source_state_once")]

    def __str__(self):
        return f"{self.agency_id} {self.kind} {self.complete_to:%Y-%m}"

    @property
    def told_until(self):
        """The first day of which this source says nothing; while its last file stands refused, it says nothing."""
        return date.min if self.refused_at else add_months(self.complete_to, 1)
