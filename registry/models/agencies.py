from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.insurance import AgencyFamily


class Area(models.Model):
    """An administrative division (GB/T 2260); a pooling area (统筹地区) shares one fund, rule set and agency."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    is_pooling_area = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9]{6}$"),
                name="area_code_six_digits",
                violation_error_message=_("The code of an area has six digits (GB/T 2260)."),
            )
        ]

    def __str__(self):
        return self.name


class Agency(models.Model):
    """An office that keeps records or collects: social insurance, medical security, or tax (Regulation 765, art. 4)."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)
    family = models.CharField(max_length=20, choices=AgencyFamily)
    area = models.ForeignKey(Area, models.PROTECT, related_name="agencies")
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self):
        return self.name
