"""Places that people ask for: business halls, and hospitals and pharmacies that settle with the card."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Hall(models.Model):
    """A business hall (办事大厅) with service windows."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)
    area = models.ForeignKey("registry.Area", models.PROTECT, related_name="+")
    district = models.CharField(max_length=60)
    address = models.CharField(max_length=200)
    hours = models.CharField(max_length=100)
    phone = models.CharField(max_length=40)
    services = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["area", "district", "code"]
        verbose_name = _("business hall")
        verbose_name_plural = _("business halls")

    def __str__(self):
        return self.name


class DesignatedProvider(models.Model):
    """A hospital or pharmacy contracted to settle with the card (定点医药机构)."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("Hospital")
        PHARMACY = "pharmacy", _("Pharmacy")

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    area = models.ForeignKey("registry.Area", models.PROTECT, related_name="+")
    district = models.CharField(max_length=60)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["area", "district", "name"]
        verbose_name = _("designated provider")
        verbose_name_plural = _("designated providers")

    def __str__(self):
        return self.name
