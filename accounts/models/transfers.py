"""The progress of a person's move between areas. The money itself is posted by takeovers and account movements."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme

from .ledger import money


class TransferState(models.TextChoices):
    """The steps of a transfer, in order (Regulation 765, art. 12-16); the last two end it."""

    APPLIED = "applied", _("Applied for")
    ACCEPTED = "accepted", _("Accepted")
    INFO_SENT = "info_sent", _("Information form sent by the area left")
    MONEY_SENT = "money_sent", _("Money sent")
    MERGED = "merged", _("Merged")
    REJECTED = "rejected", _("Rejected")


# How far each state is; a transfer only moves on to a higher one.
RANKS = dict(zip(TransferState.values, (1, 2, 3, 4, 5, 5), strict=True))


class Direction(models.TextChoices):
    IN = "in", _("In")
    OUT = "out", _("Out")


class TransferQuerySet(models.QuerySet):
    def of(self, person):
        return self.filter(person_id__in=person.record_ids)

    def under_way(self):
        return self.exclude(state__in=[TransferState.MERGED, TransferState.REJECTED])


class Transfer(models.Model):
    """A person's move (转移接续) of one scheme as one area tells it, in its latest state; its history: TransferEvent.

    `area_code` is the pooling area that tells, `other_area` the one at the other end in words. A move between two
    areas of this portal is told by both, under one application number.
    """

    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    direction = models.CharField(max_length=3, choices=Direction)
    application_no = models.CharField(max_length=40)
    other_area = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=TransferState)
    state_since = models.DateField()
    account_amount = money()
    pooled_amount = money()
    reason = models.CharField(max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "scheme", "area_code", "direction", "application_no"], name="transfer_once"
            )
        ]

    def __str__(self):
        return f"{self.application_no} {self.direction}"


class TransferEvent(models.Model):
    """One step of a transfer as a line of a file told it. Only ever added."""

    pk = models.CompositePrimaryKey("person_id", "scheme", "area_code", "direction", "application_no", "state")
    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    direction = models.CharField(max_length=3, choices=Direction)
    application_no = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=TransferState)
    other_area = models.CharField(max_length=60)
    reached_on = models.DateField()
    account_amount = money(help_text=_("From or to the personal account, in yuan."))
    pooled_amount = money(help_text=_("Sent along by the pooled fund, in yuan."))
    reason = models.CharField(max_length=200, blank=True)
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("step of a transfer")
        verbose_name_plural = _("steps of transfers")

    def __str__(self):
        return f"{self.application_no} {self.state}"
