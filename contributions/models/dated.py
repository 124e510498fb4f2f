"""What all rows of law have in common: whose they are, from when until when, where they were read, who let them in."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme

RATE_MESSAGE = _("A rate is a fraction between 0 and 1.")


def rate(**options):
    """A column of a rate: a fraction (0.08 = 8 %) with six places."""
    bounds = [MinValueValidator(0, RATE_MESSAGE), MaxValueValidator(1, RATE_MESSAGE)]
    return models.DecimalField(max_digits=9, decimal_places=6, validators=bounds, **options)


def scheme():
    return models.CharField(_("scheme"), max_length=20, choices=Scheme)


def fractions(*fields):
    """Check constraint: each of the columns lies between 0 and 1, or is null."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (0, 1)})
    return models.CheckConstraint(
        condition=condition, name="%(class)s_rates_are_fractions", violation_error_message=RATE_MESSAGE
    )


def whole_months():
    """Check constraint: the period begins and ends with a month."""
    condition = Q(period__startswith__day=1) & (Q(period__endswith__isnull=True) | Q(period__endswith__day=1))
    return models.CheckConstraint(
        condition=condition,
        name="%(class)s_whole_months",
        violation_error_message=_("A period begins and ends on the first day of a month."),
    )


def no_overlap(*same, **also):
    """Exclusion constraint: two rows in force of one area and origin that agree in `same` don't share a day.

    `also` names further columns with the operator that makes two rows clash.
    """
    return ExclusionConstraint(
        name="%(class)s_no_overlap",
        expressions=[
            ("area_code", RangeOperators.EQUAL),
            ("origin", RangeOperators.EQUAL),
            *((column, RangeOperators.EQUAL) for column in same),
            *also.items(),
            ("period", RangeOperators.OVERLAPS),
        ],
        condition=Q(state="in_force"),
        violation_error_message=_("Another rule is in force for part of this period."),
    )


class DatedRuleQuerySet(models.QuerySet):
    def reaching(self, area_code, day):
        """The rows in force on `day` that reach an area (GB/T 2260 code), the one that goes before the others first.

        A row of the area itself goes before one of its parent area, and that before a national one; in one area a
        row that the locality made goes before one of the release. `area_chain` is a function of the database.
        """
        return self.reaching_area(area_code).filter(period__contains=day)

    def reaching_area(self, area_code):
        """The rows in force of all times that reach an area, in the order of `reaching`."""
        chain = Func(Value(area_code), function="area_chain", output_field=ArrayField(models.TextField()), arity=1)
        nearness = Func(chain, F("area_code"), function="array_position", output_field=models.IntegerField())
        rows = self.filter(state=DatedRule.State.IN_FORCE).alias(nearness=nearness)
        # "local" stands before "national" in the alphabet.
        return rows.filter(nearness__isnull=False).order_by("nearness", "origin")


class DatedRule(models.Model):
    """A row of law. Once in force it never changes: a change is a new version, and the old one is withdrawn.

    So the rule that an old entry names still says what it said then. National rows (`rules.toml`) come with each
    release, through `manage.py load_rules`; local rows begin as drafts and need a second person. `area_code` is the
    GB/T 2260 code, empty for the whole country; it is no foreign key, because the law may be loaded before the areas.
    """

    class Origin(models.TextChoices):
        NATIONAL = "national", _("Release of the portal")
        LOCAL = "local", _("Made by the locality")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    key = models.CharField(_("key"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    area_code = models.CharField(_("area"), max_length=6, blank=True)
    period = DateRangeField(_("period"), help_text=_("From the first day to the day it no longer holds."))
    source = models.TextField(_("source"))
    note = models.TextField(_("note"), blank=True)
    confirmed = models.BooleanField(_("confirmed by its source"), default=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.LOCAL)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="%(class)s_version_once"),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state="in_force"),
                name="%(class)s_one_version_in_force",
                violation_error_message=_("Another version of this rule is in force: withdraw it first."),
            ),
            models.CheckConstraint(
                condition=Q(area_code="") | Q(area_code__regex=r"^[0-9]{6}$"),
                name="%(class)s_area_six_digits",
                violation_error_message=_("The code of an area has six digits (GB/T 2260)."),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__startswith__isnull=False),
                name="%(class)s_period_has_a_start",
                violation_error_message=_("A period has a first day, and ends after it."),
            ),
            models.CheckConstraint(
                condition=Q(origin="national", proposed_by__isnull=True, approved_by__isnull=True)
                | (Q(origin="local", key__startswith="local.", proposed_by__isnull=False) & ~Q(area_code="")),
                name="%(class)s_local_names_area_and_person",
                violation_error_message=_(
                    "A local rule names its area and who proposed it, and its key begins with “local.”."
                ),
            ),
            models.CheckConstraint(
                condition=Q(origin="national")
                | (Q(approved_by__isnull=True) & ~Q(state="in_force"))
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
                name="%(class)s_second_person",
                violation_error_message=_("A local rule comes into force when a second person approves it."),
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="%(class)s_withdrawn_at_a_time",
                violation_error_message=_("A withdrawn rule, and no other, says when it was withdrawn."),
            ),
        ]

    def __str__(self):
        return f"{self.key} ({self.version})"
