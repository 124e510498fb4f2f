"""The dated rates that time adds to an amount: interest credited to accounts, and late fees."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .dated import DatedRule, DatedRuleQuerySet, fractions, no_overlap, rate, scheme
from .rules import rounding_mode


class CreditingRate(DatedRule):
    """The yearly interest rate (记账利率) of personal accounts; the period may begin on any day.

    Medical accounts bear one rate on what the current year brought and another on what earlier years left
    (国发〔1998〕44号); all other accounts one rate on the whole.
    """

    class Bucket(models.TextChoices):
        WHOLE = "whole", _("the whole account")
        CURRENT_YEAR = "current_year", _("current year")
        PRIOR_YEARS = "prior_years", _("prior years")

    scheme = scheme()
    bucket = models.CharField(_("part of the account"), max_length=12, choices=Bucket, default=Bucket.WHOLE)
    rate = rate(verbose_name=_("rate a year"))
    credits_per_year = models.PositiveSmallIntegerField(_("credits a year"), default=1)

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("crediting rate")
        verbose_name_plural = _("crediting rates")
        constraints = [
            *DatedRule.Meta.constraints,
            no_overlap("scheme", "bucket"),
            fractions("rate"),
            models.CheckConstraint(
                condition=Q(credits_per_year__in=(1, 2, 4, 12)),
                name="%(class)s_credits_divide_a_year",
                violation_error_message=_("Interest is credited 1, 2, 4 or 12 times a year."),
            ),
        ]


class InterestRounding(DatedRule):
    """How an area rounds interest; where no row reaches an area, half up to the fen."""

    scheme = scheme()
    rounding_mode = rounding_mode()

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("rounding of interest")
        verbose_name_plural = _("roundings of interest")
        constraints = [*DatedRule.Meta.constraints, no_overlap("scheme")]


class LateFeeRate(DatedRule):
    """The late fee (滞纳金) for each day of delay, as a fraction of the unpaid amount; the period is in days."""

    daily_rate = rate(verbose_name=_("rate a day"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("late-fee rate")
        verbose_name_plural = _("late-fee rates")
        constraints = [*DatedRule.Meta.constraints, no_overlap(), fractions("daily_rate")]
