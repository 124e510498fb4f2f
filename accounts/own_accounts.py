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

    Five queries sent together, whatever her history.
    """
    line = next(line for line in overview(person, today) if line.insurance == insurance)
    found = [
        OwnAccount(number, figure.account, figure.area, figure.agency, figure.complete_to)
        for number, figure in enumerate(line.figures, 1)
    ]
    with_money = [own for own in found if own.account.balance] or found
    asked = [own for own in found if own.number == number] or with_money
    return OwnAccounts(line, found, asked[0] if asked else None)
