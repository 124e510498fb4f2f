from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from registry.insurance import INSURANCE_OF, SCHEMES_OF, Scheme
from registry.partitions import MassForeignKey


def money(**options):
    """A column of yuan with two places."""
    return models.DecimalField(max_digits=18, decimal_places=2, **options)


class AccountQuerySet(models.QuerySet):
    def of(self, person):
        return self.filter(person__in=person.record_ids)

    def of_insurance(self, insurance):
        return self.filter(scheme__in=SCHEMES_OF[insurance])


class Account(models.Model):
    """The personal account (个人账户) of one person in one scheme of one pooling area, with its running balance.

    It appears when a rule in force routes money to it. `current_year` sums the entries booked in `year`,
    `prior_years` those booked before: medical interest treats the two differently (国发〔1998〕44号).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        SEALED = "sealed", _("Sealed: nothing is paid in, interest goes on")
        CLOSED = "closed", _("Closed")

    person = MassForeignKey("registry.InsuredPerson")
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    opened_month = models.DateField()
    closed_month = models.DateField(null=True)
    last_booked_month = models.DateField()
    year = models.SmallIntegerField()
    current_year = money(default=0)
    prior_years = money(default=0)
    balance = models.GeneratedField(
        expression=F("current_year") + F("prior_years"), output_field=money(), db_persist=True
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal account")
        verbose_name_plural = _("personal accounts")
        constraints = [
            models.UniqueConstraint(fields=["person", "scheme", "area_code"], name="account_once"),
            models.CheckConstraint(
                condition=models.Q(current_year__gte=-F("prior_years")),
                name="account_not_below_zero",
                violation_error_message=_("A personal account cannot go below zero."),
            ),
            models.CheckConstraint(
                condition=models.Q(status="closed", closed_month__isnull=False)
                | (~models.Q(status="closed") & models.Q(closed_month__isnull=True)),
                name="account_closed_in_a_month",
                violation_error_message=_("A closed account, and no other, names the month in which it was closed."),
            ),
        ]
        indexes = [
            # Every file that moves money asks whether one of its accounts is closed; few are.
            models.Index(
                fields=["person", "scheme", "area_code"], name="account_closed", condition=models.Q(status="closed")
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.scheme} {self.area_code}"

    @property
    def insurance(self):
        return INSURANCE_OF[self.scheme]


class FundAccount(models.Model):
    """One side of the pooled money of a scheme in an area: where a batch's other half is booked."""

    class Kind(models.TextChoices):
        POOLED = "pooled", _("Pooled fund")
        CLEARING = "clearing", _("Collected, in clearing")
        STATE_SUBSIDY = "state_subsidy", _("State subsidy")
        LATE_FEES = "late_fees", _("Late fees")
        BENEFITS = "benefits", _("Benefits paid")
        TAKEN_OVER = "taken_over", _("Taken over")
        TRANSFERS = "transfers", _("Transfers between areas")
        INTEREST = "interest", _("Interest credited")
        ADJUSTMENTS = "adjustments", _("Adjustments")

    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        verbose_name = _("fund account")
        verbose_name_plural = _("fund accounts")
        constraints = [models.UniqueConstraint(fields=["scheme", "area_code", "kind"], name="fund_account_once")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.scheme} {self.area_code}"


class Batch(models.Model):
    """A journal transaction: why and when booked, from which file. It sums to zero over its entries and fund entries.

    `source_ref` names what was posted; it is unique, so nothing posts twice.
    """

    class Kind(models.TextChoices):
        CONTRIBUTION = "contribution", _("Contributions")
        OPENING = "opening", _("Opening balances taken over")
        TRANSFER_IN = "transfer_in", _("Transfers in")
        SUBSIDY = "subsidy", _("Government subsidy")
        BENEFIT = "benefit", _("Benefits")
        MOVEMENT = "movement", _("Account movements")
        REVERSAL = "reversal", _("Reversal")
        MANUAL = "manual", _("Manual adjustment")
        INTEREST = "interest", _("Interest")
        CLOSING = "closing", _("Closing")

    kind = models.CharField(max_length=16, choices=Kind)
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    booked_month = models.DateField()
    employer_id = models.BigIntegerField(null=True)
    slip_no = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=160, unique=True)
    feed_file_id = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField()
    posted_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes = [
            models.Index(fields=["feed_file_id"], name="batch_feed_file"),
            # A file asks whether its slips have batches already, and how many.
            models.Index(fields=["booked_month", "slip_no", "scheme"], name="batch_slip"),
        ]

    def __str__(self):
        return self.source_ref


class Entry(models.Model):
    """One movement on a personal account: signed yuan, month covered and month booked. Only ever added."""

    class Kind(models.TextChoices):
        CONTRIB_IND = "contrib_ind", _("Own contribution")
        CONTRIB_EMP = "contrib_emp", _("Transferred by the employer")
        SUBSIDY = "subsidy", _("Government subsidy")
        POOL_ALLOCATION = "pool_allocation", _("Allocated from the pooled fund")
        INTEREST_OPENING = "interest_opening", _("Interest on the opening balance")
        INTEREST_CURRENT = "interest_current", _("Interest on the year's payments")
        INTEREST_PAYOUT_ADJ = "interest_payout_adj", _("Interest removed by payouts")
        PENSION_PAYOUT = "pension_payout", _("Pension paid from the account")
        MEDICAL_SPEND = "medical_spend", _("Medical spending")
        BENEFIT_PAYOUT = "benefit_payout", _("Benefit paid from the account")
        FAMILY_AID = "family_aid", _("Family mutual aid")
        TRANSFER_IN = "transfer_in", _("Transferred in")
        TRANSFER_OUT = "transfer_out", _("Transferred out")
        REFUND = "refund", _("Refund")
        INHERITANCE = "inheritance", _("Paid to heirs")
        OFFSET_OVERPAYMENT = "offset_overpayment", _("Offset of overpaid benefits")
        REVERSAL = "reversal", _("Reversal")
        OPENING = "opening", _("Opening balance taken over")
        MANUAL = "manual", _("Manual adjustment")
        CLOSING = "closing", _("Closing")

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "area_code", "kind", "batch_id", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=Kind)
    batch_id = models.BigIntegerField()
    line = models.IntegerField()
    period = models.DateField(help_text=_("Month covered."))
    amount = money()
    rule_id = models.BigIntegerField(null=True)
    feed_row = models.IntegerField(null=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [models.Index(fields=["batch_id"], name="entry_batch")]

    def __str__(self):
        return f"{self.kind} {self.amount}"

    def get_kind_display(self):
        # Django's own copies all the choices each time: half the cost of a long table.
        return self.Kind(self.kind).label


INTEREST_KINDS = (Entry.Kind.INTEREST_OPENING, Entry.Kind.INTEREST_CURRENT, Entry.Kind.INTEREST_PAYOUT_ADJ)


class FundEntry(models.Model):
    """The other side of a batch: one row per fund account, never one per person. Only ever added."""

    pk = models.CompositePrimaryKey("batch_id", "fund_account_id")
    batch_id = models.BigIntegerField()
    fund_account = MassForeignKey(FundAccount)
    amount = money()

    class Meta:
        verbose_name = _("fund entry")
        verbose_name_plural = _("fund entries")

    def __str__(self):
        return f"{self.batch_id} {self.amount}"


class Reversal(models.Model):
    """Which entry undid which. Its key is the key of the undone entry, so an entry is undone once at most.

    The entry's own table is partitioned by booked month and cannot hold that rule across years; this one can.
    """

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "area_code", "kind", "batch_id", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    area_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=Entry.Kind)
    batch_id = models.BigIntegerField()
    line = models.IntegerField()
    by_booked_month = models.DateField()
    by_batch_id = models.BigIntegerField()
    by_line = models.IntegerField()

    class Meta:
        verbose_name = _("reversal")
        verbose_name_plural = _("reversals")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="reversal"),
                name="reversal_not_of_a_reversal",
                violation_error_message=_("A reversal cannot be reversed."),
            ),
            models.UniqueConstraint(fields=["person_id", "by_batch_id", "by_line"], name="reversal_undoes_one"),
        ]

    def __str__(self):
        return f"{self.batch_id}/{self.line}"
