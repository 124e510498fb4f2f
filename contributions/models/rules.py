"""The dated rules of contributions: rates and where the money goes, bounds, quotas, tiers."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from contributions.rates import RoundingMode
from registry.insurance import Category

from .dated import DatedRule, DatedRuleQuerySet, fractions, no_overlap, rate, scheme, whole_months
from .records import money

ROUNDING_MODES = [
    (RoundingMode.HALF_UP_FEN.value, _("half up to the fen")),
    (RoundingMode.CEIL_JIAO.value, _("up to the jiao")),
    (RoundingMode.YUAN_BASE_FLOOR.value, _("base in whole yuan, half up to the fen")),
]


def rounding_mode():
    return models.CharField(
        _("rounding"), max_length=16, choices=ROUNDING_MODES, default=RoundingMode.HALF_UP_FEN.value
    )


def category():
    return models.CharField(_("payer category"), max_length=20, choices=Category)


class ContributionRuleQuerySet(DatedRuleQuerySet):
    def in_force(self, area_code, scheme, category, month, risk_class=None):
        """The rule for `month` (the month covered, a date of day 1) in an area, or None where there is none.

        Nearest area first (`reaching`), in one area a row of the risk class before one without. The database
        function `contribution_rule_for` answers the same question for set-based work; a test holds them together.
        """
        rows = self.reaching(area_code, month).filter(scheme=scheme, category=category)
        rows = rows.filter(Q(risk_class__isnull=True) | Q(risk_class=risk_class))
        return rows.order_by("nearness", "origin", F("risk_class").asc(nulls_last=True)).first()


class ContributionRule(DatedRule):
    """What an employer and a person pay on the base in one scheme, and which part goes to the personal account.

    A rate is a fraction of the base, null = not published here: the amounts come from the collector. `…_to_account`
    is the part of the base that goes to the personal account; beside an unpublished rate, 1 means the whole amount.
    `er_rate_ceiling`: the law gives only a ceiling. `er_factors`: what an employer's own work-injury record may
    multiply its rate by. `subsidy_to_account`: the fraction of a government subsidy that is credited.
    `pool_quota`: the pool credits a fixed yearly quota (`AccountQuota`).
    """

    scheme = scheme()
    category = category()
    risk_class = models.SmallIntegerField(
        _("risk class"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    er_rate = rate(verbose_name=_("employer's rate"), null=True, blank=True)
    er_rate_ceiling = rate(verbose_name=_("ceiling of the employer's rate"), null=True, blank=True)
    er_factors = ArrayField(
        models.DecimalField(max_digits=4, decimal_places=2), verbose_name=_("factors"), null=True, blank=True
    )
    ind_rate = rate(verbose_name=_("individual's rate"), null=True, blank=True)
    er_to_account = rate(verbose_name=_("employer's part to the account"), default=Decimal(0))
    ind_to_account = rate(verbose_name=_("individual's part to the account"), default=Decimal(0))
    subsidy_to_account = rate(verbose_name=_("subsidy to the account"), default=Decimal(0))
    pool_quota = models.BooleanField(_("fixed quota from the pool"), default=False)
    rounding_mode = rounding_mode()
    has_account = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(er_to_account__gt=0) | Q(ind_to_account__gt=0) | Q(subsidy_to_account__gt=0) | Q(pool_quota=True),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("has a personal account"),
    )

    objects = ContributionRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("contribution rule")
        verbose_name_plural = _("contribution rules")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("scheme", "category", Coalesce("risk_class", 0)),
            fractions(
                "er_rate", "er_rate_ceiling", "ind_rate", "er_to_account", "ind_to_account", "subsidy_to_account"
            ),
            models.CheckConstraint(
                condition=Q(er_to_account__lte=Coalesce("er_rate", Decimal(1)))
                & Q(ind_to_account__lte=Coalesce("ind_rate", Decimal(1))),
                name="%(class)s_account_within_rate",
                violation_error_message=_("No more goes to the account than is paid."),
            ),
            models.CheckConstraint(
                condition=Q(risk_class__isnull=True) | Q(risk_class__range=(1, 8), scheme="work_injury"),
                name="%(class)s_risk_class_1_to_8",
                violation_error_message=_("A risk class lies between 1 and 8 and belongs to work injury."),
            ),
        ]


class BaseBoundQuerySet(DatedRuleQuerySet):
    def in_force(self, area_code, scheme, month):
        """The bounds for `month` (the month covered, a date of day 1) in an area, or None where none are known.

        The database function `base_bound_for` answers the same; a test holds them together.
        """
        return self.reaching(area_code, month).filter(scheme=scheme).first()


class BaseBound(DatedRule):
    """The published floor and ceiling of the monthly contribution base, in yuan. They are stored, never computed."""

    scheme = scheme()
    lower = money(verbose_name=_("lower bound"))
    upper = money(verbose_name=_("upper bound"))

    objects = BaseBoundQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("bounds of the base")
        verbose_name_plural = _("bounds of the base")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("scheme"),
            models.CheckConstraint(
                condition=Q(lower__gt=0, upper__gte=F("lower")),
                name="%(class)s_lower_below_upper",
                violation_error_message=_("The lower bound lies above zero and not above the upper bound."),
            ),
        ]


class CalculationBase(DatedRule):
    """The wage that pensions starting in the period are computed from (计发基数), in yuan a month."""

    amount = money(verbose_name=_("amount"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("calculation base")
        verbose_name_plural = _("calculation bases")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap(),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="%(class)s_above_zero",
                violation_error_message=_("The amount lies above zero."),
            ),
        ]


class AccountQuota(DatedRule):
    """What the pool credits to a personal account each year by the holder's age, in yuan. `ages` is half-open."""

    scheme = scheme()
    category = category()
    ages = IntegerRangeField(_("ages"))
    amount = money(verbose_name=_("amount a year"))

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("quota from the pool")
        verbose_name_plural = _("quotas from the pool")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("scheme", "category", ages=RangeOperators.OVERLAPS),
            models.CheckConstraint(
                condition=Q(amount__gt=0, ages__isempty=False),
                name="%(class)s_above_zero",
                violation_error_message=_("The amount lies above zero."),
            ),
        ]


class ResidentTier(DatedRule):
    """A yearly amount that a resident may choose to pay, and the least subsidy that goes with it, in yuan."""

    scheme = scheme()
    amount = money(verbose_name=_("amount a year"))
    minimum_subsidy = money(verbose_name=_("least subsidy a year"), null=True, blank=True)

    objects = DatedRuleQuerySet.as_manager()

    class Meta(DatedRule.Meta):
        verbose_name = _("resident tier")
        verbose_name_plural = _("resident tiers")
        constraints = [
            *DatedRule.Meta.constraints,
            whole_months(),
            no_overlap("scheme", "amount"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & (Q(minimum_subsidy__isnull=True) | Q(minimum_subsidy__gte=0)),
                name="%(class)s_above_zero",
                violation_error_message=_("The amount lies above zero."),
            ),
        ]
