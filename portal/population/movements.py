"""What else moves money on accounts: quotas from the pool, spending, transfers with their steps, ends of accounts."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from .law import DIGITS, MEDICAL, MEDICAL_SCHEMES, yuan
from .places import MEDICAL as MEDICAL_FAMILY
from .places import PROVIDER_NAMES, SOCIAL, Area

SELF, RELATIVES = "本人", ("配偶", "父母", "子女")
HOSPITALS, PHARMACY = (0, 1), 2  # Places in PROVIDER_NAMES; the contract of the one after them has ended.
LARGE = 3_000_00
# Between the application and the month in which the money arrives: (state, months before it, day).
STEPS = (("已申请", 3, 6), ("已受理", 3, 14), ("转出地已发信息表", 2, 10), ("资金已划转", 1, 16), ("已办结", 0, 18))


class Step(NamedTuple):
    """A state that a transfer reached, told by `area`; amounts in fen."""

    area: Area
    scheme: str
    direction: str
    application: str
    other: str
    state: str
    number: int
    day: int
    amount: int = 0
    pooled: int = 0
    reason: str = ""


def steps_of(area, scheme, direction, application, other, arrived, money):
    """All steps of a transfer whose `money` (of the account and of the pool, in fen) arrived in the month `arrived`."""
    for order, (state, before, day) in enumerate(STEPS):
        known = money if order > 1 else (0, 0)
        yield Step(area, scheme, direction, application, other, state, arrived - before, day, *known)


@dataclass(slots=True, eq=False)
class Ending:
    """An account that is emptied in month `number`, because it moves away or because it is closed.

    Its amount is what it holds by then: `before`, from before the records, and what the `spells` brought, in fen; or
    what a `retiree` has left. `other` and `into`: where it moves to, and the area if it is one of ours; `reason`,
    `payee`, `event`: why it is closed, who is paid, and the month of the event.
    """

    cells: str
    serial: int
    area: Area
    scheme: str
    number: int
    before: int = 0
    spells: tuple = ()
    retiree: object = None
    other: str = ""
    into: Area | None = None
    reason: str = ""
    payee: str = SELF
    event: int = 0

    @property
    def application(self):
        return f"ZY{self.area.code}{self.serial:08d}{DIGITS[self.scheme]}"

    @property
    def amount(self):
        is_medical = self.scheme == MEDICAL
        if self.retiree is not None:
            return self.retiree.medical if is_medical else self.retiree.account
        return self.before + sum(spell.medical if is_medical else spell.pension for spell in self.spells)


def endings(life, area, scheme, number, **more):
    """The Ending of a person's account in that area, for what her spells and opening balances bring to it."""
    before = sum(o.amount for o in life.openings if (o.area, o.scheme) == (area, scheme))
    spells = tuple(s for s in life.spells if s.area is area and scheme in s.schemes)
    return Ending(life.person.cells, life.person.serial, area, scheme, number, before, spells, **more)


class Movements:
    """Writes account movements, spending, transfers and closures; a list holds a month of an agency and scheme."""

    def __init__(self, law, horizon, folder):
        self.law, self.horizon, self.folder = law, horizon, folder
        self._lines = Counter()

    def forget(self):
        """Drop the line counters of a finished year."""
        self._lines.clear()

    def _place(self, kind, letter, area, scheme, number):
        """(sheet, number of the list, line, agency, booked month) of the next line."""
        family = MEDICAL_FAMILY if scheme in MEDICAL_SCHEMES else SOCIAL
        agency, booked = area.agency(family).code, self.horizon.code(number)
        slip = f"{agency}{booked}{DIGITS[scheme]}{letter}"
        self._lines[slip] += 1
        sheet = self.folder.sheet(kind, self.horizon.year(number), agency)
        sheet.break_here()
        return sheet, slip, self._lines[slip], agency, booked

    def move(self, cells, area, scheme, kind, number, amount, pooled=0, *, slip=None, reason="", document=""):  # noqa: PLR0913
        """One movement, its amount in fen and signed; `slip`: its own number, such as a transfer's application."""
        sheet, list_no, line, agency, booked = self._place("account_movements", "M", area, scheme, number)
        start = f"{slip},1" if slip else f"{list_no},{line}"
        middle = f"{agency},{cells},{scheme},{area.code},{kind},{booked},{booked}"
        sheet.add_lines([f"{start},{middle},{yuan(amount)},{yuan(pooled)},{reason},{document}"], [amount, pooled])

    def settle(self, cells, area, number, day, from_account, from_pool=0, relation=SELF):
        """One settlement with a hospital or pharmacy, in fen; the patient pays a tenth on top."""
        sheet, slip, line, agency, booked = self._place("spending", "P", area, MEDICAL, number)
        order = HOSPITALS[day % len(HOSPITALS)] if from_pool or day % 3 else PHARMACY
        provider = f"{area.name}{area.districts[order]}{PROVIDER_NAMES[order][1]}"
        visit = "住院" if from_pool > LARGE else "药店购药" if order == PHARMACY else "门诊"
        self_paid = (from_account + from_pool) // 10
        amounts = [from_account + from_pool + self_paid, from_pool, from_account, self_paid]
        start = f"{slip},{line},{agency},{cells},{MEDICAL},{area.code},{slip}{line:06d}"
        middle = f"{self.horizon.day(number, day)},{booked},{provider},{visit},{relation}"
        sheet.add_lines([f"{start},{middle},{','.join(map(yuan, amounts))}"], amounts)

    def step(self, cells, step):
        """One state that a transfer reached."""
        family = MEDICAL_FAMILY if step.scheme in MEDICAL_SCHEMES else SOCIAL
        agency, day = step.area.agency(family).code, self.horizon.day(step.number, step.day)
        start = [step.application, agency, *cells.split(","), step.scheme, step.area.code, step.direction, step.other]
        amounts = [yuan(step.amount), yuan(step.pooled)]
        self.folder.sheet("transfers", source=agency).add(*start, step.state, str(day), *amounts, step.reason)

    def end(self, ending):
        """Empty an account: by a transfer out, whose pooled part is half as much again, or by closing it.

        Returns what moved away, of the account and of the pool, in fen.
        """
        amount = ending.amount
        if amount <= 0:
            return 0, 0
        if not ending.other:
            self._close(ending, amount)
            return 0, 0
        pooled = amount * 3 // 2
        place = ending.cells, ending.area, ending.scheme
        self.move(*place, "转出", ending.number, -amount, pooled, slip=ending.application)
        ends = [(ending.area, "转出", ending.other)]
        if ending.into:
            ends.append((ending.into, "转入", ending.area.name))
        for area, direction, other in ends:
            told = (direction, ending.application, other, ending.number + 1, (amount, pooled))
            for step in steps_of(area, ending.scheme, *told):
                self.step(ending.cells, step)
        return amount, pooled

    def _close(self, ending, amount):
        place = ending.area, ending.scheme, ending.number
        sheet, slip, line, agency, booked = self._place("closures", "C", *place)
        start = f"{slip},{line},{agency},{ending.cells},{ending.scheme},{ending.area.code},{ending.reason}"
        middle = f"{self.horizon.code(ending.event)},{booked},{ending.payee},{slip}{line:04d}W"
        sheet.add_lines([f"{start},{middle},{yuan(amount)},"], [amount])
