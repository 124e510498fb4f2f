"""The dated rules of retirement and of benefits counted in months: when, after how much, for how long."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .dated import DatedRule, DatedRuleQuerySet, fractions, no_overlap, rate, whole_months
from .records import money


class RetirementCategory(models.TextChoices):
    """Which original retirement age applies. A woman's depends on her work and is never told from her number."""

    MALE_60 = "male_60", _("man, originally 60")
    FEMALE_55 = "female_55", _("woman, originally 55")
    FEMALE_50 = "female_50", _("woman, originally 50")


def count_of_months(words, **options):
    return models.PositiveSmallIntegerField(words, **options)


def above_zero(*fields):
    """Check constraint: each of the columns is above zero, or null."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": 0})
    return models.CheckConstraint(
        condition=condition, name="%(class)s_above_zero", violation_error_message=_("The amount lies above zero.")
    )


class RetirementSchedule(DatedRule):
    """How the statutory retirement age rises: one month of delay for each `step` months of birth from `anchor_month`.

    `original_months` is the age before the rise, `longest_delay` where it ends; all in months. Who was born before
    the anchor retires at the original age.
    """

    category = models.CharField(_("retirement category"), max_length=12, choices=RetirementCategory)
    anchor_month = models.DateField(_("first month of birth that is delayed"))
    original_months = count_of_months(_("original age in months"))
    step = count_of_months(_("months of birth for each month of delay"))
    longest_delay = count_of_months(_("longest delay in months"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("retirement schedule")
        verbose_name_plural = _("retirement schedules")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("category"),
            above_zero("original_months", "step"),
            models.CheckConstraint(
                condition=Q(anchor_month__day=1),
                name="%(class)s_anchor_is_a_month",
                violation_error_message=_("A month is written as its first day."),
            ),
        ]


class FlexibleRetirement(DatedRule):
    """How many months before and after the statutory month (which lies in the period) one may choose to retire.

    Never below the original age; notice in months. Civil servants and leaders of state units may not choose later.
    """

    earlier_months = count_of_months(_("months earlier at most"))
    later_months = count_of_months(_("months later at most"))
    earlier_notice_months = count_of_months(_("months of notice before an earlier retirement"))
    later_notice_months = count_of_months(_("months of notice before a later retirement"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("flexible retirement")
        verbose_name_plural = _("flexible retirement")
        constraints = [*DatedRule.Meta.constraints, whole_months(), no_overlap()]


class MinimumMonths(DatedRule):
    """The contribution months below which no monthly pension is paid; the period holds the month that counts."""

    months = count_of_months(_("months"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("minimum contribution months")
        verbose_name_plural = _("minimum contribution months")
        constraints = [*DatedRule.Meta.constraints, whole_months(), no_overlap(), above_zero("months")]


class PayoutDivisor(DatedRule):
    """By how many months an account is divided when its pension starts (计发月数); no age: the same at every age."""

    age = models.PositiveSmallIntegerField(_("age in years"), null=True, blank=True)
    months = count_of_months(_("months"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("payout divisor")
        verbose_name_plural = _("payout divisors")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap(Coalesce("age", 0)),
            above_zero("months"),
        ]


class AccrualRate(DatedRule):
    """The part of the wage that each year of contributions adds to the basic pension, a fraction."""

    rate = rate(verbose_name=_("rate for each year"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("accrual rate")
        verbose_name_plural = _("accrual rates")
        constraints = [*DatedRule.Meta.constraints, whole_months(), no_overlap(), fractions("rate")]


class AverageWage(DatedRule):
    """The average wage (社平工资) of the year that the period is, in yuan a month; wages are compared with it."""

    amount = money(verbose_name=_("amount a month"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("average wage")
        verbose_name_plural = _("average wages")
        constraints = [*DatedRule.Meta.constraints, whole_months(), no_overlap(), above_zero("amount")]


class TransferRule(DatedRule):
    """What moves with a person for the months covered: a part of the wages, out of the pooled fund, and the account.

    `rate` is a fraction of the contribution wages; `own_part_only`: of the account only what the person paid.
    """

    rate = rate(verbose_name=_("part of the wages"))
    own_part_only = models.BooleanField(_("own part of the account alone"), default=False)

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("transfer rule")
        verbose_name_plural = _("transfer rules")
        constraints = [*DatedRule.Meta.constraints, whole_months(), no_overlap(), fractions("rate")]


class UnemploymentMonths(DatedRule):
    """For how many months unemployment benefit is paid at most, from so many months paid on.

    `combined_months` is the limit when unused months of an earlier spell are added.
    """

    paid_months = count_of_months(_("from months paid"))
    months = count_of_months(_("months at most"))
    combined_months = count_of_months(_("months at most with unused ones"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("months of unemployment benefit")
        verbose_name_plural = _("months of unemployment benefit")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("paid_months"),
            models.CheckConstraint(
                condition=Q(months__gt=0, combined_months__gte=F("months")),
                name="%(class)s_within_the_combined",
                violation_error_message=_("With unused months it is never less than without."),
            ),
        ]


class InjuryGrant(DatedRule):
    """What a work injury of a grade brings: months of the own wage at once, and a monthly part of it (or none)."""

    grade = models.PositiveSmallIntegerField(
        _("grade"), validators=[MinValueValidator(1), MaxValueValidator(10)], help_text=_("1, the worst, to 10.")
    )
    months = count_of_months(_("months of the own wage"))
    monthly_rate = rate(verbose_name=_("part of the wage paid monthly"), null=True, blank=True)

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("disability grant")
        verbose_name_plural = _("disability grants")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("grade"),
            fractions("monthly_rate"),
            models.CheckConstraint(
                condition=Q(grade__range=(1, 10), months__gt=0),
                name="%(class)s_grade_1_to_10",
                violation_error_message=_("A grade lies between 1 and 10 and brings at least a month."),
            ),
        ]


class SurvivorGrant(DatedRule):
    """The lump sum of the survivors of somebody not retired yet, from so many contribution months on.

    In months of the province's urban disposable income; `months_per_year` more for each whole year beyond
    `paid_months`, `most_months` at most.
    """

    paid_months = count_of_months(_("from months paid"))
    months = count_of_months(_("months of income"))
    months_per_year = count_of_months(_("months more for each further year"), default=0)
    most_months = count_of_months(_("months at most"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("survivors' grant")
        verbose_name_plural = _("survivors' grants")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("paid_months"),
            models.CheckConstraint(
                condition=Q(months__gt=0, most_months__gte=F("months")),
                name="%(class)s_within_the_most",
                violation_error_message=_("The months lie above zero and not above the most there may be."),
            ),
        ]


class FuneralGrant(DatedRule):
    """The funeral grant, in months of the province's urban disposable income."""

    months = count_of_months(_("months of income"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("funeral grant")
        verbose_name_plural = _("funeral grants")
        constraints = [*DatedRule.Meta.constraints, whole_months(), no_overlap(), above_zero("months")]


# The tables of rules.toml that stand here.
RETIREMENT_TABLES = {
    "retirement_schedule": RetirementSchedule,
    "flexible_retirement": FlexibleRetirement,
    "minimum_months": MinimumMonths,
    "payout_divisor": PayoutDivisor,
    "accrual_rate": AccrualRate,
    "average_wage": AverageWage,
    "transfer_rule": TransferRule,
    "unemployment_months": UnemploymentMonths,
    "injury_grant": InjuryGrant,
    "survivor_grant": SurvivorGrant,
    "funeral_grant": FuneralGrant,
}
