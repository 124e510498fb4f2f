"""Yearly statements of personal accounts, and the years they close."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme

from .ledger import money

# What came in, in the order of the paper; each sums the entries booked in the year.
CREDITED = ("own", "employer", "subsidy", "pool_allocation", "transferred_in", "taken_over", "corrected")


class Statement(models.Model):
    """The yearly statement (个人权益记录单) of one account: legal paper and checkpoint. Only ever added, never changed.

    It counts what was booked in the year; `period` is the year's last month. `interest` is that of the year itself,
    `earlier_interest` what was put right of earlier years. `months`: months covered that were credited in the year.
    Social Insurance Law, art. 74.
    """

    pk = models.CompositePrimaryKey("person_id", "period", "scheme", "area_code")
    person_id = models.BigIntegerField()
    period = models.DateField(help_text=_("Last month of the year."))
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    opening = money()
    own = money()
    employer = money()
    subsidy = money()
    pool_allocation = money()
    transferred_in = money()
    taken_over = money()
    corrected = money()
    interest = money()
    earlier_interest = money()
    paid_out = money()
    closing = money()
    months = models.SmallIntegerField()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    closing=F("opening")
                    + F("own")
                    + F("employer")
                    + F("subsidy")
                    + F("pool_allocation")
                    + F("transferred_in")
                    + F("taken_over")
                    + F("corrected")
                    + F("interest")
                    + F("earlier_interest")
                    - F("paid_out")
                ),
                name="statement_adds_up",
                violation_error_message=_("A statement's opening, credits, interest and payouts come to its closing."),
            )
        ]

    def __str__(self):
        return f"{self.person_id} {self.scheme} {self.area_code} {self.year}"

    @property
    def year(self):
        return self.period.year

    @property
    def credited(self):
        return sum(getattr(self, name) for name in CREDITED)


class ClosedYear(models.Model):
    """A year of a scheme in an area into which nothing is booked any more, because its statements are issued."""

    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    year = models.SmallIntegerField()
    closed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("closed year")
        verbose_name_plural = _("closed years")
        constraints = [models.UniqueConstraint(fields=["scheme", "area_code", "year"], name="year_closed_once")]

    def __str__(self):
        return f"{self.scheme} {self.area_code} {self.year}"
