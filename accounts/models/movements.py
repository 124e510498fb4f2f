"""What else moves money on a personal account: movements, spending, closures. Rows are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme

from .ledger import money


class Relation(models.TextChoices):
    """What somebody is to the account's holder; never her name."""

    SELF = "self", _("The holder")
    SPOUSE = "spouse", _("Spouse")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    GRANDPARENT = "grandparent", _("Grandparent")
    GRANDCHILD = "grandchild", _("Grandchild")
    OTHER = "other", _("Another heir")


class Movement(models.Model):
    """A movement (个人账户变动) that is neither a contribution nor a benefit: one line of a file, one entry.

    `amount` is signed as the entry is. `pooled_amount` is what the pooled fund sends along with a transfer out
    (国办发〔2009〕66号: 12 % of the contribution wages), never negative. The slip number of a transfer out is that
    of the transfer's application.
    """

    class Kind(models.TextChoices):
        POOL_ALLOCATION = "pool_allocation", _("Allocated from the pooled fund")
        REFUND = "refund", _("Refund of the account")
        OFFSET_OVERPAYMENT = "offset_overpayment", _("Offset of overpaid benefits")
        TRANSFER_OUT = "transfer_out", _("Transferred out")
        MANUAL = "manual", _("Manual adjustment")

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "slip_no", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    slip_no = models.CharField(max_length=40)
    line = models.IntegerField()
    area_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=Kind)
    period = models.DateField(help_text=_("Month covered."))
    amount = money()
    pooled_amount = money()
    reason = models.CharField(max_length=200, blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    batch_id = models.BigIntegerField()
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("account movement")
        verbose_name_plural = _("account movements")

    def __str__(self):
        return f"{self.slip_no}/{self.line}"


class Spending(models.Model):
    """A settlement with a designated hospital or pharmacy (个人账户支出) out of a medical account, in yuan.

    `relation` says for whom: the holder herself, or a relative by family mutual aid (家庭共济, 国办发〔2021〕14号).
    `total` is what the pooled fund, the account and the patient's own pocket paid together.
    """

    class Visit(models.TextChoices):
        OUTPATIENT = "outpatient", _("Outpatient visit")
        INPATIENT = "inpatient", _("Hospital stay")
        CHRONIC = "chronic", _("Outpatient treatment of a chronic or special disease")
        PHARMACY = "pharmacy", _("Pharmacy")
        PREMIUM = "premium", _("Contribution to resident medical insurance")

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "slip_no", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    slip_no = models.CharField(max_length=40)
    line = models.IntegerField()
    area_code = models.CharField(max_length=6)
    settlement_no = models.CharField(max_length=40)
    settled_on = models.DateField()
    provider = models.CharField(max_length=120)
    visit = models.CharField(max_length=12, choices=Visit)
    relation = models.CharField(max_length=12, choices=Relation)
    total = money()
    from_pool = money()
    from_account = money()
    self_paid = money()
    batch_id = models.BigIntegerField()
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("spending")
        verbose_name_plural = _("spending")
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "scheme", "area_code", "settlement_no"],
                name="settlement_once",
                violation_error_message=_("This settlement is recorded already."),
            )
        ]

    def __str__(self):
        return f"{self.slip_no}/{self.line}"

    @property
    def is_family_aid(self):
        return self.relation != Relation.SELF


class Closure(models.Model):
    """The end of a personal account (账户终结): why, when, and what was paid to whom (never a name).

    `period` is the month of the event, `booked_month` the one in which the account was closed and paid out. A second
    closure of the same account pays out what came to it later: interest that was corrected, a month paid late.
    """

    class Reason(models.TextChoices):
        DEATH = "death", _("Death")
        LOST_NATIONALITY = "lost_nationality", _("Lost nationality")
        SETTLED_ABROAD = "settled_abroad", _("Settled abroad")
        LEFT_RESIDENT_SCHEME = "left_resident", _("Left the resident scheme")
        OTHER = "other", _("Another reason")

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "slip_no", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    slip_no = models.CharField(max_length=40)
    line = models.IntegerField()
    area_code = models.CharField(max_length=6)
    reason = models.CharField(max_length=20, choices=Reason)
    period = models.DateField(help_text=_("Month of the event."))
    payee = models.CharField(max_length=12, choices=Relation)
    document_no = models.CharField(max_length=60)
    amount = money(help_text=_("Paid out, in yuan."))
    note = models.CharField(max_length=200, blank=True)
    batch_id = models.BigIntegerField()
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("closure of an account")
        verbose_name_plural = _("closures of accounts")

    def __str__(self):
        return f"{self.slip_no}/{self.line}"
