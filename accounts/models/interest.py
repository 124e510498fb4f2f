"""Interest credited to personal accounts: under which terms, from which principal, and which years are done."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from contributions.models.interest_rates import FORMULAS
from contributions.models.rules import ROUNDING_MODES
from registry.insurance import Scheme

from .ledger import money


def _rates():
    return ArrayField(models.DecimalField(max_digits=9, decimal_places=6))


class InterestTerms(models.Model):
    """The terms of one batch of interest: its crediting period, each month's rates, formulas, rules. Only ever added.

    `current_rates` and `prior_rates` hold one yearly rate per month of the period, on what the year brought and on
    what earlier years left; `is_split` says whether the two parts of an account bear rates of their own.
    `is_provisional`: a rate was not published yet and the last one before it stood in. `is_closing`: the period ends
    with the month in which the batch's accounts were closed.
    """

    batch_id = models.BigIntegerField(primary_key=True)
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    first_month = models.DateField()
    period = models.DateField(help_text=_("Last month of the crediting period."))
    current_rates = _rates()
    prior_rates = _rates()
    is_split = models.BooleanField()
    method = models.CharField(max_length=16, choices=FORMULAS)
    payout_method = models.CharField(max_length=16, choices=FORMULAS)
    yearly_factor = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    rounding_mode = models.CharField(max_length=16, choices=ROUNDING_MODES)
    is_provisional = models.BooleanField()
    is_closing = models.BooleanField()
    rate_ids = ArrayField(models.BigIntegerField())
    method_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("terms of interest")
        verbose_name_plural = _("terms of interest")
        indexes = [models.Index(fields=["scheme", "area_code", "period"], name="interest_terms_period")]

    def __str__(self):
        return f"{self.scheme} {self.area_code} {self.period:%Y-%m}"


class InterestCredit(models.Model):
    """What one account earned in one crediting period, with the principal it was reckoned from. Only ever added.

    The one of an account and period that was added last stands; the entries of those before it are reversed. Yuan:
    `opening` is what stood in the account when the period began, `carried` the part of it that the year itself had
    brought; products are sums of amounts times months held. The entries are on_opening, on_credits and −removed.
    """

    pk = models.CompositePrimaryKey("person_id", "period", "scheme", "area_code", "batch_id")
    person_id = models.BigIntegerField()
    period = models.DateField(help_text=_("Last month of the crediting period."))
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    batch_id = models.BigIntegerField()
    booked_month = models.DateField()
    opening = money()
    carried = money()
    credits = money()
    credit_product = money()
    payouts = money()
    payout_product = money()
    on_opening = money()
    on_credits = money()
    removed = money()

    class Meta:
        verbose_name = _("interest of a period")
        verbose_name_plural = _("interest of periods")

    def __str__(self):
        return f"{self.person_id} {self.scheme} {self.area_code} {self.period:%Y-%m}"

    @property
    def total(self):
        return self.on_opening + self.on_credits - self.removed


class InterestYear(models.Model):
    """A year for which all accounts of a scheme in an area were credited; the row added last is what is known now."""

    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    year = models.SmallIntegerField()
    is_provisional = models.BooleanField()
    accounts = models.IntegerField(help_text=_("Accounts that earned interest."))
    interest = money()
    credited_at = models.DateTimeField()

    class Meta:
        verbose_name = _("year of interest")
        verbose_name_plural = _("years of interest")
        indexes = [models.Index(fields=["scheme", "area_code", "year"], name="interest_year")]

    def __str__(self):
        return f"{self.scheme} {self.area_code} {self.year}"


class InterestPreview(models.Model):
    """What credit_interest --preview found; it posts nothing. The one added last is shown. Only ever added.

    `scheme` and `area_code`: what the run was limited to, or empty. `last_batch`: the newest batch it could count, 0
    where there was none. `groups`: a list of objects, one per scheme and area, as accounts/interest_previews.py writes
    them. `stale`: later years that are credited already and would start from other balances.
    """

    year = models.SmallIntegerField()
    scheme = models.CharField(max_length=20, choices=Scheme, blank=True)
    area_code = models.CharField(max_length=6, blank=True)
    made_at = models.DateTimeField()
    last_batch = models.BigIntegerField()
    groups = models.JSONField(help_text=_("Sums of each scheme and area, in yuan; no person."))
    stale = ArrayField(models.SmallIntegerField())

    class Meta:
        verbose_name = _("preview of interest")
        verbose_name_plural = _("previews of interest")
        get_latest_by = "pk"

    def __str__(self):
        return f"{self.year} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def command(self):
        """The run that would credit what the preview shows."""
        words = ["manage.py credit_interest --year", str(self.year)]
        words += ["--area", self.area_code] if self.area_code else []
        words += ["--scheme", self.scheme] if self.scheme else []
        return " ".join(words)
