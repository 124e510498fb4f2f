"""The dated rates that time adds to an amount: interest credited to accounts, and late fees."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contributions.rates import InterestFormula

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


FORMULAS = [
    (InterestFormula.MONTH_PRODUCT.value, _("by months held")),
    (InterestFormula.YEARLY.value, _("by the year's total")),
]


def formula(verbose_name):
    return models.CharField(verbose_name, max_length=16, choices=FORMULAS, default=InterestFormula.MONTH_PRODUCT.value)


class InterestMethod(DatedRule):
    """How an area reckons interest (计息办法): the formula for credits, the one for payouts, and the rounding.

    `yearly_factor` belongs to the yearly formula (劳办发〔1997〕116号: 1.083, about 13/12). The row in force in the
    last month of a crediting period holds for the period.
    """

    scheme = scheme()
    method = formula(_("formula for credits"))
    payout_method = formula(_("formula for payouts"))
    yearly_factor = models.DecimalField(
        _("factor of the yearly formula"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    rounding_mode = rounding_mode()

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("method of interest")
        verbose_name_plural = _("methods of interest")
        constraints = [
            *DatedRule.Meta.constraints,
            no_overlap("scheme"),
            models.CheckConstraint(
                condition=Q(yearly_factor__gt=1, yearly_factor__lt=2)
                | (Q(yearly_factor__isnull=True) & ~Q(method="YEARLY") & ~Q(payout_method="YEARLY")),
                name="%(class)s_yearly_formula_has_a_factor",
                violation_error_message=_("The yearly formula needs its factor, between 1 and 2."),
            ),
        ]


class LateFeeRate(DatedRule):
    """The late fee (滞纳金) for each day of delay, as a fraction of the unpaid amount; the period is in days."""

    daily_rate = rate(verbose_name=_("rate a day"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("late-fee rate")
        verbose_name_plural = _("late-fee rates")
        constraints = [*DatedRule.Meta.constraints, no_overlap(), fractions("daily_rate")]
