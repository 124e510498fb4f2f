"""What a person has said of her own record: "I have seen this", "I have checked this". Rows are only ever added."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MarkQuerySet(models.QuerySet):
    def of(self, person):
        return self.filter(person__in=person.record_ids)

    def latest(self, person, kind):
        """The person's newest mark of this kind, or None."""
        return self.of(person).filter(kind=kind).order_by("-at", "-pk").first()


class Mark(models.Model):
    """A person's own mark on her record (Social Insurance Law, art. 74: to look up and check, free of charge).

    A SEEN mark names exactly what she was shown: every batch and every file up to `…_until`, and besides those the
    ones listed. The lists hold what was loaded shortly before: a transaction that began earlier may still bring a
    lower number (accounts/changes.py). A CHECKED mark names nothing but its moment.
    """

    class Kind(models.TextChoices):
        SEEN = "seen", _("Seen")
        CHECKED = "checked", _("Checked")

    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="+", db_index=False)
    inquiry = models.ForeignKey("inquiries.Inquiry", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(db_default=Now())
    batches_until = models.BigIntegerField(default=0)
    batches = ArrayField(models.BigIntegerField(), default=list)
    files_until = models.BigIntegerField(default=0)
    files = ArrayField(models.BigIntegerField(), default=list)

    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark on one's record")
        verbose_name_plural = _("marks on one's record")
        indexes = [models.Index(fields=["person", "kind", "-at"], name="mark_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="seen") | Q(batches_until=0, files_until=0, batches=[], files=[]),
                name="mark_checked_names_nothing",
            )
        ]

    def __str__(self):
        return f"{self.person_id} {self.kind} {self.at:%Y-%m-%d}"
