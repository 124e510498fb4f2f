from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PhoneCodeQuerySet(models.QuerySet):
    def usable(self):
        """Codes that the desk may still enter: unused, not withdrawn, not late."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class PhoneCode(models.Model):
    """A code that a signed-in caller reads out to the 12333 desk, so that it sees what she agrees to: hashed, once."""

    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="+")
    user = models.ForeignKey("inquiries.User", models.PROTECT, related_name="+")
    code_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PhoneCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone code")
        verbose_name_plural = _("phone codes")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="phone_code_one_open_per_person",
            )
        ]

    def __str__(self):
        return f"{self.person_id} {self.made_at:%Y-%m-%d}"
