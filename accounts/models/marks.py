"""What a person has said of her own record: "I have seen this", "I have checked this". Rows are only ever added."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.months import add_months, month_of

# Our own choice; the law has the agency send a statement "regularly" and no period for the person's own look.
CHECK_AGAIN_AFTER_MONTHS = 12
# As text: it is asked on the first page, and composing it took twice as long as answering it.
LAST_CHECK = "SELECT max(at) FROM accounts_mark WHERE person_id = ANY (%s::bigint[]) AND kind = 'checked'"


@dataclass(frozen=True)
class OwnCheck:
    """When the person last checked her record herself (None: never), and whether it is time to do it again."""

    on: date | None
    is_due: bool


class MarkQuerySet(models.QuerySet):
    def of(self, person):
        return self.filter(person__in=person.record_ids)

    def latest(self, person, kind):
        """The person's newest mark of this kind, or None."""
        return self.of(person).filter(kind=kind).order_by("-at", "-pk").first()

    def check_of(self, person, today):
        """The person's OwnCheck as of `today`, a date."""
        with connection.cursor() as cursor:
            cursor.execute(LAST_CHECK, [person.record_ids])
            (at,) = cursor.fetchone()
        if at is None:
            return OwnCheck(None, True)
        on = timezone.localdate(at)
        return OwnCheck(on, month_of(on) <= add_months(month_of(today), -CHECK_AGAIN_AFTER_MONTHS))


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
