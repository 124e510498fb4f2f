from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.months import add_months

from .inquiry import Purpose

LONGEST = timedelta(days=30)
GRANTORS_BEFORE_ALARM = 3


class Scope(models.TextChoices):
    """What of a record a mandate opens; inquiries/door/scopes.py says which pages that is."""

    ACCOUNTS = "accounts", _("Accounts and balances")
    PAYMENTS = "payments", _("Payment records")
    REGISTRATION = "registration", _("Registration status")
    STATEMENTS = "statements", _("Statements and certificates")


class MandateQuerySet(models.QuerySet):
    def in_force(self, day=None):
        """Mandates that hold on `day` (today): since <= day < until, not ended, those on paper confirmed."""
        day = day or timezone.localdate()
        return self.filter(Q(visit=None) | Q(confirmed_at__isnull=False), since__lte=day, until__gt=day, ended_at=None)

    def waiting(self):
        """Mandates on paper that no second clerk has looked at yet, of visits that are open."""
        return self.filter(visit__closed_at=None, visit__isnull=False, confirmed_at=None, ended_at=None)

    def unusual(self, month):
        """Proxies for more than three persons in `month` (its first day): rows of proxy_key and persons, most first."""
        began = self.filter(since__gte=month, since__lt=add_months(month, 1))
        counted = began.values("proxy_key").annotate(persons=Count("person", distinct=True))
        return counted.filter(persons__gt=GRANTORS_BEFORE_ALARM).order_by("-persons", "proxy_key")


class Mandate(models.Model):
    """A mandate (授权): somebody may ask about another's record, for a purpose, within a scope, until a day.

    The proxy is whoever signs in with this number and name. The number is kept as the keyed hash that signing in uses,
    so nobody need be known by it yet, and granting tells the grantor nothing about who is.
    """

    class Kind(models.TextChoices):
        ENTRUSTED = "entrusted", _("Entrusted by the person")
        GUARDIAN = "guardian", _("Guardian")

    token = models.CharField(max_length=43, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey("registry.InsuredPerson", models.PROTECT, related_name="mandates")
    grantor_name = models.CharField(max_length=60)
    proxy_key = models.CharField(max_length=80, db_index=True)
    proxy_name = models.CharField(max_length=60)
    proxy_number_masked = models.CharField(max_length=30)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    purpose = models.CharField(max_length=20, choices=Purpose)
    since = models.DateField()
    until = models.DateField(help_text=_("The first day on which the mandate no longer holds."))
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey("inquiries.User", models.PROTECT, related_name="+")
    visit = models.OneToOneField("inquiries.Visit", models.PROTECT, null=True, related_name="mandate")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("inquiries.User", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("inquiries.User", models.PROTECT, null=True, related_name="+")

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")) & (Q(kind="guardian") | Q(until__lte=F("since") + LONGEST)),
                name="mandate_of_thirty_days_at_most",
                violation_error_message=_("A mandate lasts 30 days at most."),
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("granted_by")),
                name="mandate_confirmed_by_another",
                violation_error_message=_("Another clerk must confirm the papers."),
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="mandate_has_a_scope"),
            models.CheckConstraint(
                condition=Q(kind="entrusted") | Q(visit__isnull=False), name="mandate_of_guardian_on_paper"
            ),
            models.UniqueConstraint(
                fields=["person", "proxy_key"],
                condition=Q(ended_at__isnull=True, visit__isnull=True),
                name="mandate_one_open_per_proxy",
                violation_error_message=_("This person may already ask for you. End that mandate first."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def is_in_force(self):
        """As MandateQuerySet.in_force, for a row at hand."""
        is_confirmed = self.visit_id is None or self.confirmed_at is not None
        return is_confirmed and self.ended_at is None and self.since <= timezone.localdate() < self.until

    @property
    def last_day(self):
        return self.until - timedelta(days=1)

    @property
    def scope_labels(self):
        return [Scope(scope).label for scope in self.scopes]
