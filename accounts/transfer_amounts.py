"""What moves with a person to another province (转移接续): pure arithmetic, 国办发〔2009〕66号 (domain.md §8.6).

Old-age insurance of employees alone: the money of the personal account, and a part of the contribution wages from the
pooled fund. Medical insurance and unemployment move as years, work injury and maternity not at all.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.refusals import CannotTell, in_force
from contributions.rates import round_money

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class TransferRow:
    """For months covered in [since, until): the pooled part of the wages, and whether the own part alone moves."""

    since: date
    until: date | None
    rate: Decimal
    own_part_only: bool


@dataclass(frozen=True)
class AccountMoney:
    """Money on the account for a month covered, yuan with its interest; `is_own`: it was the person's contribution."""

    period: date
    amount: Decimal
    is_own: bool = True


@dataclass(frozen=True)
class WageMonths:
    """So many months from `first_month` on, all under one row of the law, paid on one contribution wage (yuan)."""

    first_month: date
    months: int
    wage: Decimal


@dataclass(frozen=True)
class TransferAmounts:
    """What moves, in yuan: the account's money by row of the law (`account`: row -> amount), the pooled fund's part."""

    account: dict
    pooled: Decimal

    @property
    def total(self):
        return sum(self.account.values(), self.pooled)


def transfer_amounts(money, wages, rows):
    """The TransferAmounts of AccountMoney and WageMonths under TransferRows, nearest area first.

    Before 1998 the own part with interest moves, from 1998 to 2005 the 11 % account, from 2006 the 8 % account; and
    12 % of the wages since 1998, by months. The sum of the pooled part is rounded half up to the fen, once. A month
    for which no row stands is refused (CannotTell).
    """
    account = {}
    for piece in money:
        row = _row(rows, piece.period)
        if piece.is_own or not row.own_part_only:
            account[row] = account.get(row, NOTHING) + piece.amount
    pooled = sum((part.wage * part.months * _row(rows, part.first_month).rate for part in wages), Decimal(0))
    return TransferAmounts(account, round_money(pooled))


def _row(rows, month):
    row = in_force(rows, month)
    if row is None:
        raise CannotTell("transfer_rule", month=f"{month:%Y-%m}")
    return row
