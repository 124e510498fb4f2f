"""What is paid out: lists of benefits per agency and month, and what retirees receive and spend."""

from collections import Counter
from dataclasses import dataclass, field

from .careers import Benefit, Cover
from .law import DIGITS, MEDICAL, MEDICAL_SCHEMES, PENSION, PENSION_PUBLIC, yuan
from .movements import RELATIVES, SELF
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
    `spells`: work within the records, which added to them. `pool`: the monthly pension from the pooled fund;
    `returned`: a month in which the bank sent the pension back and it was paid again. `aid`: {month: (relative, fen)}
    of what she pays for others; `offset`: (month, fen) of a pension overpaid and taken back from the account.
    """

    cells: str
    sex: str
    born: object
    spells: list
    account: int
    medical: int
    pool: int
    last_four: str
    monthly: int | None = None
    returned: int | None = None
    aid: dict = field(default_factory=dict)
    offset: tuple = (None, 0)

    @property
    def pension_scheme(self):
        return self.schemes[0]

    def live_month(self, benefits, movements, rng, number):
        """The pension of a month, the pool's quota, and what is spent."""
        if self.monthly is None:
            self._open()
        self._draw(benefits, number)
        self._receive(movements, number)
        self._spend(movements, rng, number)

    def _draw(self, benefits, number):
        from_account = min(self.monthly, self.account)
        self.account -= from_account
        pension = Benefit(
            *(self.area, self.pension_scheme, "基本养老金", number, self.pool, from_account, 15),
            decision_no=f"TX{self.area.code}{benefits.horizon.code(self.first)}",
            last_four=self.last_four,
        )
        benefits.pay(self.cells, pension)
        if number == self.returned:
            back = pension._replace(from_pool=-self.pool, from_account=-from_account, day=18, status="已退回")
            benefits.pay(self.cells, back)
            benefits.pay(self.cells, pension._replace(day=25))

    def _receive(self, movements, number):
        month = movements.horizon.month(number)
        age = month.year - self.born.year - (month.month < self.born.month)
        quota = movements.law.quota(self.area.code, number, age)
        if quota:
            self.medical += quota
            movements.move(self.cells, self.area, MEDICAL, "统筹划入", number, quota)
        taken_back_in, overpaid = self.offset
        if number == taken_back_in:
            taken = min(overpaid, self.account)
            self.account -= taken
            why = {"reason": "多发养老金抵扣", "document": f"DK{self.area.code}{movements.horizon.code(number)}"}
            movements.move(self.cells, self.area, self.pension_scheme, "抵扣多发待遇", number, -taken, **why)

    def _spend(self, movements, rng, number):
        if self.medical > 100_00 and rng.random() < 0.25:
            spent, day = self.medical * rng.randint(3, 20) // 100, rng.randint(1, 28)
            from_pool = rng.randint(0, 3_000_00) if rng.random() < 0.9 else 0
            relation = SELF if from_pool else rng.choice(RELATIVES)
            self.medical -= spent
            movements.settle(self.cells, self.area, number, day, spent, from_pool, relation)
        if number in self.aid:
            relation, amount = self.aid[number]
            amount = min(amount, self.medical)
            self.medical -= amount
            movements.settle(self.cells, self.area, number, 21, amount, 0, relation)

    def _open(self):
        """At the first pension the accounts hold what work paid in."""
        self.account += sum(spell.pension for spell in self.spells)
        self.medical += sum(spell.medical for spell in self.spells)
        for spell in self.spells:
            spell.medical = 0
        self.monthly = self.account // DRAWN_OVER[self.sex]


def retirement_schemes(is_public):
    return (PENSION_PUBLIC if is_public else PENSION, MEDICAL)
