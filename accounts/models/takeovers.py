from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.insurance import Scheme

from .ledger import money


class Takeover(models.Model):
    """A balance taken over (期初, 转入): from the records kept before, or from another area. Only ever added.

    The ledger keeps the amount; here stands where it came from, and what the other pooled fund sent along
    (国办发〔2009〕66号: 12 % of the contribution wages). No detail of earlier months is known.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening balance")
        TRANSFER_IN = "transfer_in", _("Transferred in")

    pk = models.CompositePrimaryKey("person_id", "booked_month", "scheme", "slip_no", "line")
    person_id = models.BigIntegerField()
    booked_month = models.DateField()
    scheme = models.CharField(max_length=20, choices=Scheme)
    slip_no = models.CharField(max_length=40)
    line = models.IntegerField()
    area_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=12, choices=Kind)
    amount = money()
    pooled_amount = money()
    source_area = models.CharField(max_length=60, blank=True, help_text=_("Whose records the balance comes from."))
    batch_id = models.BigIntegerField()
    feed_file_id = models.BigIntegerField()
    feed_row = models.IntegerField()

    class Meta:
        verbose_name = _("balance taken over")
        verbose_name_plural = _("balances taken over")

    def __str__(self):
        return f"{self.slip_no}/{self.line}"
