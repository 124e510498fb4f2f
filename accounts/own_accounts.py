"""The personal accounts of one insurance as their owner is shown them: which there are, and which one is asked for."""

from dataclasses import dataclass
from datetime import date

from .models import Account
from .overview import InsuranceLine, overview


@dataclass
class OwnAccount:
    """One account with its number among the person's (from 1, by when it was opened), its area and who keeps it."""

    number: int
    account: Account
    area: str
    agency: str
    complete_to: date | None


@dataclass
class OwnAccounts:
    """What there is of one insurance. `line` says why, where there is no money; `chosen` is None without an account."""

    line: InsuranceLine
    accounts: list
    chosen: OwnAccount | None

    @property
    def insurance(self):
        return self.line.insurance


def own_accounts(person, insurance, today, number=None):
    """The OwnAccounts of a person on `today`; `number`: which account is asked for, by default the first with money.

    Six queries, whatever her history.
    """
    line = next(line for line in overview(person, today) if line.insurance == insurance)
    figures = {figure.account.pk: figure for figure in line.figures}
    found = [
        OwnAccount(order, account, *_known_of(figures.get(account.pk), account))
        for order, account in enumerate(
            Account.objects.of(person).of_insurance(insurance).order_by("opened_month", "pk"), 1
        )
    ]
    with_money = [own for own in found if own.account.balance] or found
    asked = [own for own in found if own.number == number] or with_money
    return OwnAccounts(line, found, asked[0] if asked else None)


def _known_of(figure, account):
    return (figure.area, figure.agency, figure.complete_to) if figure else (account.area_code, "", None)
