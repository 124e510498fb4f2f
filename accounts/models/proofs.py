from django.db import models
from django.utils.translation import gettext_lazy as _


class Proof(models.Model):
    """One run of check_books: when, by which version, over how much, and what it found. Only ever added."""

    proved_at = models.DateTimeField()
    version = models.CharField(max_length=20)
    seconds = models.DecimalField(max_digits=9, decimal_places=3)
    checks = models.IntegerField()
    counts = models.JSONField(help_text=_("Rows of each kind in the snapshot that was proved."))
    findings = models.JSONField(help_text=_("[check, sentence] of what was wrong; persons by internal id alone."))

    class Meta:
        verbose_name = _("proof of the books")
        verbose_name_plural = _("proofs of the books")
        get_latest_by = "pk"

    def __str__(self):
        return f"{self.proved_at:%Y-%m-%d %H:%M}"

    @property
    def is_in_order(self):
        return not self.findings
