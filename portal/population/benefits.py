"""What is paid out: lists of benefits per agency and month, and the pensions of retirees."""

from collections import Counter
from dataclasses import dataclass

from .careers import Benefit, Cover
from .law import DIGITS, MEDICAL, MEDICAL_SCHEMES, PENSION, PENSION_PUBLIC, yuan
from .places import MEDICAL as MEDICAL_FAMILY
from .places import SOCIAL

# Months over which an account is drawn, by sex: about what the divisors of 61 and 56 years say.
DRAWN_OVER = {"男": 132, "女": 164}


class Benefits:
    """Writes benefit lines; each agency's list of a month has one number per scheme."""

    def __init__(self, horizon, folder):
        self.horizon, self.folder = horizon, folder
        self._lines = Counter()

    def pay(self, cells, benefit):
        """One payment; `cells`: the person's own three."""
        family = MEDICAL_FAMILY if benefit.scheme in MEDICAL_SCHEMES else SOCIAL
        agency, booked = benefit.area.agency(family).code, self.horizon.code(benefit.number)
        number = f"{agency}{booked}{DIGITS[benefit.scheme]}"
        self._lines[number] += 1
        paid_on = self.horizon.day(benefit.number, benefit.day)
        line = (
            f"{number},{self._lines[number]},{agency},{cells},{benefit.scheme},{benefit.area.code},{benefit.kind},{booked},"
            f"{booked},{yuan(benefit.from_pool)},{yuan(benefit.from_account)},{paid_on},{benefit.last_four},"
            f"{benefit.status},{benefit.decision_no}"
        )
        sheet = self.folder.sheet("benefits", self.horizon.year(benefit.number), agency)
        sheet.break_here()
        sheet.add_lines([line], [benefit.from_pool, benefit.from_account])

    def forget(self):
        """Drop the line counters of a finished year."""
        self._lines.clear()


@dataclass(slots=True, eq=False)
class Retiree(Cover):
    """Somebody who draws a pension. `account`, `medical`: what the accounts held when the records began, in fen;
    `spells`: work within the records, which added to them. `pool`: the monthly pension from the pooled fund.
    """

    cells: str
    sex: str
    spells: list
    account: int
    medical: int
    pool: int
    last_four: str
    monthly: int | None = None

    @property
    def pension_scheme(self):
        return self.schemes[0]

    def pay_month(self, benefits, rng, number):
        if self.monthly is None:
            self._open(number)
        from_account = min(self.monthly, self.account)
        self.account -= from_account
        pension = Benefit(self.area, self.pension_scheme, "基本养老金", number, self.pool, from_account, 15)
        benefits.pay(self.cells, pension._replace(last_four=self.last_four, decision_no=self._decision_no(benefits)))
        if self.medical > 100_00 and rng.random() < 0.25:
            spent = self.medical * rng.randint(3, 20) // 100
            self.medical -= spent
            day, from_pool = rng.randint(1, 28), rng.randint(0, 3_000_00)
            benefits.pay(self.cells, Benefit(self.area, MEDICAL, "医疗费结算", number, from_pool, spent, day))

    def _open(self, number):
        """At the first pension the accounts hold what work paid in."""
        self.account += sum(spell.pension for spell in self.spells)
        self.medical += sum(spell.medical for spell in self.spells)
        for spell in self.spells:
            spell.medical = 0
        self.monthly = self.account // DRAWN_OVER[self.sex]

    def _decision_no(self, benefits):
        return f"TX{self.area.code}{benefits.horizon.code(self.first)}"


def retirement_schemes(is_public):
    return (PENSION_PUBLIC if is_public else PENSION, MEDICAL)
