from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleDeed(models.Model):
    """Who proposed, approved or withdrew a local rule, and when. Only ever added.

    The rule is named by its model (in small letters), key and version, because it may stand in any of the tables.
    A rule in force is withdrawn by two people: one asks for it, another does it.
    """

    class Deed(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        WITHDRAWAL_ASKED = "asked", _("Withdrawal asked for")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    rule_model = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    deed = models.CharField(max_length=10, choices=Deed)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("deed on a rule")
        verbose_name_plural = _("deeds on rules")
        constraints = [
            # Each deed once: a draft is approved once and a rule withdrawn once.
            models.UniqueConstraint(fields=["rule_model", "key", "version", "deed"], name="rule_deed_once")
        ]

    def __str__(self):
        return f"{self.key} ({self.version}) {self.deed}"
