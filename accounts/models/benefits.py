from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme

from .ledger import money


class BenefitPayment(models.Model):
    """A benefit (待遇) paid to a person by the pooled fund or from the personal account. Only ever added."""

    class Kind(models.TextChoices):
        PENSION = "pension", _("Monthly pension")
        ACCOUNT_REFUND = "account_refund", _("Refund of the personal account")
        FUNERAL_GRANT = "funeral_grant", _("Funeral grant")
        SURVIVOR = "survivor", _("Survivor benefit")
        DISABILITY = "disability", _("Disability allowance")
        MEDICAL_SETTLEMENT = "medical_settlement", _("Medical settlement")
        MEDICAL_REIMBURSEMENT = "medical_reimbursement", _("Medical reimbursement")
        UNEMPLOYMENT = "unemployment", _("Unemployment benefit")
        UNEMPLOYMENT_MEDICAL = "unemployment_medical", _("Medical contribution paid by the unemployment fund")
        TRAINING_SUBSIDY = "training_subsidy", _("Training subsidy")
        INJURY_MEDICAL = "injury_medical", _("Work-injury medical costs")
        INJURY_GRANT = "injury_grant", _("One-off disability grant")
        INJURY_ALLOWANCE = "injury_allowance", _("Monthly disability allowance")
        CARE_ALLOWANCE = "care_allowance", _("Care allowance")
        DEATH = "death", _("Death benefit")
        MATERNITY_ALLOWANCE = "maternity_allowance", _("Maternity allowance")
        MATERNITY_MEDICAL = "maternity_medical", _("Maternity medical costs")

    class Status(models.TextChoices):
        PAID = "paid", _("Paid")
        RETURNED = "returned", _("Returned by the bank")

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "payment_no", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    payment_no = models.CharField(max_length=40)
    line = models.IntegerField()
    area_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=24, choices=Kind)
    period = models.DateField(help_text=_("Month the benefit is for."))
    from_pool = money()
    from_account = money()
    paid_on = models.DateField()
    bank_last_four = models.CharField(max_length=4, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    decision_no = models.CharField(max_length=60, blank=True)
    batch_id = models.BigIntegerField()
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("benefit payment")
        verbose_name_plural = _("benefit payments")
        indexes = [models.Index(fields=["batch_id"], name="benefit_batch")]

    def __str__(self):
        return f"{self.payment_no}/{self.line}"

    @property
    def total(self):
        return self.from_pool + self.from_account
