"""Invented employers: what they are, and how they pay."""

from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from .law import DIGITS, ENTERPRISE_SCHEMES, MEDICAL_SCHEMES, PUBLIC_SCHEMES
from .names import EMPLOYER_WORDS, PUBLIC_BODIES, TRADES
from .numbers import credit_code
from .places import AREAS, BEIJING, HANGZHOU, MEDICAL, SHANGHAI, SOCIAL, TAX, Area

# The first employers are always there and always the same; special people work for them.
DEMO, SHANGHAI_WORKS, HANGZHOU_WORKS, SCHOOL, IN_ARREARS, BACK_PAYER, SECOND = range(7)
FIXED = (
    ("北京棠屿软件科技有限公司", BEIJING, 1),
    ("上海砚溪电子制造有限公司", SHANGHAI, 4),
    ("杭州栖云纺织有限公司", HANGZHOU, 3),
    ("北京第一示范小学", BEIJING, 1),
    ("北京澄岭餐饮管理有限公司", BEIJING, 2),
    ("上海苔原食品加工有限公司", SHANGHAI, 3),
    ("北京霁帆商务咨询有限公司", BEIJING, 1),
)
FEWEST = len(FIXED)
AGENT_STAFF = 70  # Ordinary people who work for DEMO, where the population is large enough.
UNIT_NO_DIGITS = 8
FIRST_CREDIT_CODE = 1_000_000


@dataclass(slots=True, eq=False)
class Employer:
    """`opens` and `closes`: the first and last month with staff (closes None = goes on). `lag`: months between a month
    and its usual payment. `paid`: exceptions, month -> the month it was paid in, None = never. `declares_until`: the
    first month it declared nothing for, or None. `corrections`: booked month -> [(kind, month, spell, extra base)].
    """

    serial: int
    name: str
    area: Area
    risk_class: int
    is_public: bool
    pay_day: int
    registered_year: int
    opens: int | None = None
    closes: int | None = None
    lag: int = 0
    paid: dict = field(default_factory=dict)
    declares_until: int | None = None
    spells: list = field(default_factory=list)
    corrections: dict = field(default_factory=dict)

    @property
    def credit_code(self):
        return credit_code("12" if self.is_public else "91", FIRST_CREDIT_CODE + self.serial)

    @property
    def schemes(self):
        return PUBLIC_SCHEMES if self.is_public else ENTERPRISE_SCHEMES

    def unit_no(self, family):
        prefix = {SOCIAL: "1", MEDICAL: "2", TAX: "3"}[family]
        return f"{prefix}{self.area.code[:2]}{self.serial:0{UNIT_NO_DIGITS}d}"

    def unit_no_for(self, scheme):
        return self.unit_no(MEDICAL if scheme in MEDICAL_SCHEMES else SOCIAL)

    def slip_no(self, booked, scheme, letter):
        return f"{self.area.code}{booked}{self.serial:06d}{DIGITS[scheme]}{letter}"

    def is_open(self, number):
        return (self.opens is None or self.opens <= number) and (self.closes is None or number + 3 < self.closes)

    def booked_in(self, month):
        """The months whose regular contributions are paid in `month`, oldest first."""
        usual = month - self.lag
        late = [covered for covered, booked in self.paid.items() if booked == month]
        return sorted(late if usual in self.paid or usual < 0 else [*late, usual])

    def correct(self, booked, kind, month, spell, extra=0):
        self.corrections.setdefault(booked, []).append((kind, month, spell, extra))

    def row(self, family, horizon):
        agency = self.area.agency(family)
        closed = str(horizon.day(self.closes, 31)) if self.closes is not None else ""
        address = (
            f"{self.area.name}{self.area.districts[self.serial % len(self.area.districts)]}创业路{self.serial + 1}号"
        )
        cells = [self.credit_code, self.name, self.area.code, agency.code, self.unit_no(family)]
        return [*cells, str(self.risk_class), address, f"{self.registered_year}-03-01", closed]


def invent(count, seed, horizon):
    """`count` employers: the fixed ones first, then invented ones of all areas, trades and habits of paying."""
    return [_fixed(serial, horizon) if serial < FEWEST else _other(serial, seed, horizon) for serial in range(count)]


def _fixed(serial, horizon):
    name, area, risk_class = FIXED[serial]
    employer = Employer(serial, name, area, risk_class, serial == SCHOOL, pay_day=12, registered_year=1985)
    last = horizon.last
    if serial == IN_ARREARS:
        # It declared two months and paid neither; since then it has declared nothing.
        employer.paid = dict.fromkeys(range(last - 2, last + 2))
        employer.declares_until = last
    if serial == BACK_PAYER:
        employer.paid = dict.fromkeys(range(last - 8, last - 5), last - 4)
    return employer


def _other(serial, seed, horizon):
    rng = Random(f"{seed}:employer:{serial}")  # noqa: S311  # invented people need no secret
    area = AREAS[serial % len(AREAS)]
    is_public = serial % 14 == 0
    trade, risk_class = rng.choice(TRADES)
    word = EMPLOYER_WORDS[serial % len(EMPLOYER_WORDS)]
    # The number keeps names apart when there are more employers than words.
    name = f"{area.name[:2]}{word}{trade}有限公司" + (
        f"第{serial}分公司" if serial >= FEWEST + len(EMPLOYER_WORDS) else ""
    )
    if is_public:
        name, risk_class = f"{area.name[:2]}{rng.choice(PUBLIC_BODIES)}（第{serial}）", 1
    employer = Employer(serial, name, area, risk_class, is_public, rng.randint(8, 24), rng.randint(1984, 1989))
    if not is_public:
        _give_habits(employer, rng, horizon)
    return employer


def _give_habits(employer, rng, horizon):
    """Some pay in the month after, some late, some open or close on the way, some owe a stretch for a while."""
    last = horizon.last
    if rng.random() < 0.15:
        # Two days of three lie before the 15th of the next month; who pays on the 20th owes a late fee.
        employer.lag, employer.pay_day = 1, rng.choice((10, 14, 20))
    if rng.random() < 0.1:
        employer.opens = rng.randrange(last)
        employer.registered_year = horizon.year(employer.opens)
    elif rng.random() < 0.1 and last > 24:
        employer.closes = rng.randrange(last // 2, last)
    elif rng.random() < 0.15:
        start = rng.randrange(last)
        end = start + rng.randint(1, 6)
        paid = end + rng.randint(2, 10)
        employer.paid = dict.fromkeys(range(start, end), paid if paid <= last else None)


class LabourMarket:
    """Which employer an invented person finds: a few are large, most are small."""

    def __init__(self, employers):
        self._by_area = {}
        for area in AREAS:
            found = [e for e in employers if e.area is area and e.serial not in (DEMO, IN_ARREARS, BACK_PAYER)]
            found.sort(key=lambda employer: (employer.is_public, employer.serial))
            weights = list(accumulate(1 / (rank**0.7) for rank in range(1, len(found) + 1)))
            self._by_area[area.code] = found, weights

    def find(self, rng, area, number):
        """An employer of the area that has staff in that month."""
        found, weights = self._by_area[area.code]
        for employer in rng.choices(found, cum_weights=weights, k=8):
            if employer.is_open(number):
                return employer
        return found[0]
