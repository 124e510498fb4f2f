"""What becomes of each 100 yuan of contribution base (每100元基数): who pays how much of it, and where that goes.

It says what the rule in force says for the person's own area, scheme and payer category, never a figure of its own.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from registry.models import Enrolment

from .models import ContributionRule

HUNDRED = Decimal(100)
PAYING = {Enrolment.Status.ACTIVE, Enrolment.Status.SUSPENDED}
# (name, who pays and where it goes) in the order of the picture.
PARTS = (
    ("own-account", _("You pay: into your personal account")),
    ("employer-account", _("Employer pays: into your personal account")),
    ("own-pool", _("You pay: into the pooled fund (not in your account)")),
    ("employer-pool", _("Employer pays: into the pooled fund (not in your account)")),
)
# The picture: a block for each yuan, in user units.
PITCH, SIDE, BLOCKS_A_ROW = 24, 21, 12


@dataclass(frozen=True)
class Part:
    """One share of 100 yuan of base, in yuan."""

    name: str
    label: str
    amount: Decimal


@dataclass(frozen=True)
class Block:
    """One yuan of the picture: its place, and how wide it is filled (less than SIDE for a part of a yuan)."""

    name: str
    x: int
    y: int
    width: float


@dataclass(frozen=True)
class PerHundred:
    """The shares under one rule; `parts` is empty where nothing is collected, None where no rate is published here."""

    rule: ContributionRule
    parts: tuple | None

    @property
    def total(self):
        return sum((part.amount for part in self.parts or ()), Decimal(0))

    @property
    def all_to_account(self):
        """Whether no rate is published because an amount is chosen, all of which goes to the account."""
        return self.parts is None and self.rule.ind_rate is None and self.rule.ind_to_account == 1

    @property
    def since(self):
        return self.rule.period.lower

    @property
    def blocks(self):
        """The Blocks of the picture: whole yuan, and a narrower one for what is left of a part."""
        found = []
        for part in self.parts or ():
            for number in range(ceil(part.amount)):
                row, column = divmod(len(found), BLOCKS_A_ROW)
                width = float(min(Decimal(1), part.amount - number)) * SIDE
                found.append(Block(part.name, column * PITCH + 1, row * PITCH + 1, round(width, 1)))
        return found

    @property
    def size(self):
        """(width, height) of the picture."""
        blocks = len(self.blocks)
        return min(blocks, BLOCKS_A_ROW) * PITCH, ceil(blocks / BLOCKS_A_ROW) * PITCH


def per_hundred(enrolment, month):
    """The PerHundred of an Enrolment under the rule in force for `month`; None where nothing is paid or no rule known.

    enrolment: may be None; its scheme, area, category and status are read. One query. For work injury the row of the
    employer's risk class counts.
    """
    if enrolment is None or enrolment.status not in PAYING:
        return None
    risk_class = Subquery(Enrolment.objects.filter(pk=enrolment.pk).values("employer__risk_class")[:1])
    rule = ContributionRule.objects.in_force(enrolment.area_id, enrolment.scheme, enrolment.category, month, risk_class)
    return rule and PerHundred(rule, _parts(rule))


def _parts(rule):
    if rule.er_rate is None or rule.ind_rate is None:
        return None
    amounts = {
        "own-account": rule.ind_to_account,
        "employer-account": rule.er_to_account,
        "own-pool": rule.ind_rate - rule.ind_to_account,
        "employer-pool": rule.er_rate - rule.er_to_account,
    }
    return tuple(Part(name, label, amounts[name] * HUNDRED) for name, label in PARTS if amounts[name])
