from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.insurance import Category, Scheme

ZERO = 0


def money(**options):
    """A column of yuan with two places."""
    return models.DecimalField(max_digits=18, decimal_places=2, **options)


class Assessment(models.Model):
    """What was declared and is due for one person, scheme and month (核定). Only ever added."""

    pk = models.CompositePrimaryKey("person_id", "due_month", "scheme", "assessment_no", "line")
    person_id = models.BigIntegerField()
    due_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    assessment_no = models.CharField(max_length=40)
    line = models.IntegerField()
    area_code = models.CharField(max_length=6)
    period = models.DateField(help_text=_("Month covered."))
    employer_id = models.BigIntegerField(null=True)
    category = models.CharField(max_length=20, choices=Category)
    declared_wage = money(null=True)
    base = money()
    er_share = money()
    ind_share = money()
    due_on = models.DateField()
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        indexes = [models.Index(fields=["employer_id", "period"], name="assessment_employer_period")]

    def __str__(self):
        return f"{self.assessment_no}/{self.line}"


class Contribution(models.Model):
    """What was received for one person, scheme and month covered (到账). Only ever added.

    `to_account` is what the rule in force for the month covered routed to the personal account; the rest went to
    the pooled fund, so that er_share + ind_share + subsidy = to_account + pooled (domain.md §2.4).
    """

    class Kind(models.TextChoices):
        NORMAL = "normal", _("Contribution")
        BACKPAY = "backpay", _("Back-payment")
        SUPPLEMENT = "supplement", _("Supplement")
        REFUND = "refund", _("Refund")
        TRANSFERRED_IN = "transferred_in", _("Transferred in")
        SUBSIDY = "subsidy", _("Government subsidy")

    class PayerLevel(models.TextChoices):
        """Who gave a subsidy; the levels of the resident scheme's payment items."""

        NONE = "", _("none")
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        COUNTY = "county", _("County")
        COLLECTIVE = "collective", _("Collective")
        GOVERNMENT = "government", _("Paid by government")

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "slip_no", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    slip_no = models.CharField(max_length=40)
    line = models.IntegerField()
    area_code = models.CharField(max_length=6)
    period = models.DateField(help_text=_("Month covered."))
    employer_id = models.BigIntegerField(null=True)
    category = models.CharField(max_length=20, choices=Category)
    kind = models.CharField(max_length=16, choices=Kind)
    payer_level = models.CharField(max_length=12, choices=PayerLevel, blank=True)
    base = money()
    er_share = money()
    ind_share = money()
    subsidy = money(default=ZERO)
    late_fee = money(default=ZERO)
    to_account = money()
    received_on = models.DateField()
    source_area = models.CharField(max_length=60, blank=True, help_text=_("Where a transferred month was paid."))
    rule_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField()
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        # No index on batch_id: it cost a quarter of the insert (docs/decisions/005-the-cost-of-posting.md).
        indexes = [models.Index(fields=["employer_id", "period"], name="contribution_employer_period")]

    def __str__(self):
        return f"{self.slip_no}/{self.line}"
