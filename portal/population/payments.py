"""What employers declare and pay, month by month: assessments and contributions, one slip per scheme and kind."""

from random import Random

from .law import EMPLOYEE, MEDICAL, MEDICAL_SCHEMES, PENSION, WORK_INJURY, yuan
from .movements import RELATIVES, SELF
from .places import MEDICAL as MEDICAL_FAMILY
from .places import SOCIAL, TAX, complete_to

NORMAL, BACKPAY, SUPPLEMENT, REFUND = "正常", "补缴", "补差", "退费"
LETTERS = {NORMAL: "N", BACKPAY: "B", SUPPLEMENT: "S", REFUND: "R"}
DUE_DAY = 15
LATE_FROM_MONTHS = 2
LEAST_SPENT = 10_00
AID = 0.08  # The part of the visits paid from the account for a relative.


class Payments:
    """Writes the contributions and assessments of one employer after the other, year by year."""

    def __init__(self, law, horizon, folder, movements, *, assessed_from):
        self.law, self.horizon, self.folder, self.movements = law, horizon, folder, movements
        self.assessed_from = assessed_from

    def write_year(self, employer, year, seed):
        """Everything the employer declared and paid in a calendar year."""
        months = self.horizon.numbers_of(year)
        rng = Random(f"{seed}:payments:{employer.serial}:{year}")  # noqa: S311
        staff = [s for s in employer.spells if s.first <= months[-1] + 1 and s.is_paid_since(months[0] - 1)]
        if not staff and not any(month in employer.corrections for month in months):
            return
        for month in months:
            if month >= self.assessed_from:
                self._assess(employer, month, staff)
                self._assess_extra(employer, month)
            self._pay(employer, month)
            self._spend(rng, employer, month, staff)
        if months[-1] == self.horizon.last:
            self._assess(employer, self.horizon.last + 1, staff)
        for spell in staff:
            spell.quotes = None

    def due_on(self, month):
        """Contributions of a month are due on the 15th of the next one."""
        return self.horizon.day(month + 1, DUE_DAY)

    def _term(self, employer, scheme, month):
        risk_class = employer.risk_class if scheme == WORK_INJURY else None
        return self.law.term(employer.area, scheme, EMPLOYEE, month, risk_class)

    # Declared

    def _assess(self, employer, month, staff):
        if employer.declares_until is not None and month >= employer.declares_until:
            return
        paid = [spell for spell in staff if spell.is_paid(month)]
        agency, code, due = employer.area.agency(TAX).code, self.horizon.code(month), self.due_on(month)
        sheet = self.folder.sheet("assessments", due.year, agency)
        number = f"{employer.area.code}{code}{employer.serial:06d}H"
        sheet.break_here()
        before, lines = f"{agency},{employer.unit_no(TAX)}", 0
        for scheme in employer.schemes:
            term = self._term(employer, scheme, month)
            if term is None:
                continue
            middle = f"{scheme},{employer.area.code},{EMPLOYEE},{code}"
            quotes = [spell.quote(scheme, term) for spell in paid]
            sheet.add_lines(
                [
                    f"{number},{line},{before},{spell.cells},{middle},{quote.declared},{quote.cells},{due}"
                    for line, (spell, quote) in enumerate(zip(paid, quotes, strict=True), lines + 1)
                ],
                [sum(spell.wage(term.base_year) for spell in paid), *_sums(quotes)],
            )
            lines += len(paid)

    def _assess_extra(self, employer, month):
        """What a supplement pays was found missing and is due like the month's own contributions."""
        extra = [entry for entry in employer.corrections.get(month, ()) if entry[0] == SUPPLEMENT]
        due, agency = self.due_on(month), employer.area.agency(TAX).code
        number, line = f"{employer.area.code}{self.horizon.code(month)}{employer.serial:06d}S", 0
        for _kind, covered, spell, base in extra:
            for scheme in employer.schemes:
                term = self._term(employer, scheme, covered)
                if term is None:
                    continue
                quote, line = term.part(base), line + 1
                place = f"{scheme},{employer.area.code},{EMPLOYEE},{self.horizon.code(covered)}"
                unit_no = employer.unit_no(TAX)
                cells = f"{number},{line},{agency},{unit_no},{spell.cells},{place},{quote.declared},{quote.cells},{due}"
                self.folder.sheet("assessments", due.year, agency).add(*cells.split(","))

    # Received

    def _pay(self, employer, month):
        """All slips booked in a month: the usual month, months paid late, and corrections of single persons."""
        work = {}
        for covered in employer.booked_in(month):
            kind = BACKPAY if month - covered >= LATE_FROM_MONTHS else NORMAL
            people = [s for s in employer.spells if s.is_paid(covered) and covered >= s.reported]
            work.setdefault(kind, []).append((covered, people, 0))
        for kind, covered, spell, extra in employer.corrections.get(month, ()):
            work.setdefault(kind, []).append((covered, [spell], extra))
        for kind, parts in work.items():
            for scheme in employer.schemes:
                family = MEDICAL_FAMILY if scheme in MEDICAL_SCHEMES else SOCIAL
                if month <= complete_to(self.horizon, employer.area, family):
                    self._slip(employer, month, scheme, family, kind, parts)

    def _slip(self, employer, month, scheme, family, kind, parts):
        booked, agency = self.horizon.code(month), employer.area.agency(family).code
        number = employer.slip_no(booked, scheme, LETTERS[kind])
        sheet = self.folder.sheet("employer_contributions", self.horizon.year(month), agency)
        sheet.break_here()
        received = self.horizon.day(month, employer.pay_day)
        before, lines = f"{agency},{employer.unit_no(family)}", 0
        for covered, people, extra in parts:
            term = self._term(employer, scheme, covered)
            if term is None:
                continue
            middle = f"{scheme},{employer.area.code},{EMPLOYEE},{self.horizon.code(covered)},{booked},{kind}"
            quotes = [_quote(spell, scheme, term, kind, extra) for spell in people]
            fees = self._fees(quotes, kind, self.due_on(covered), received)
            sheet.add_lines(
                [
                    f"{number},{line},{before},{spell.cells},{middle},{quote.cells},{yuan(fee)},{received}"
                    for line, (spell, quote, fee) in enumerate(zip(people, quotes, fees, strict=True), lines + 1)
                ],
                [*_sums(quotes), sum(fees)],
            )
            lines += len(people)
            _credit(people, quotes, scheme)

    def _fees(self, quotes, kind, due, received):
        """The late fee of each line, in fen; nothing for what goes out again."""
        if received <= due or kind == REFUND:
            return [0] * len(quotes)
        return [self.law.late_fee(quote.er + quote.ind, due, received) for quote in quotes]

    # Spent from the medical account

    def _spend(self, rng, employer, month, staff):
        """Some of the staff pay at the doctor's and the chemist's, never more than their account holds."""
        here = [spell for spell in staff if spell.covers(month)]
        for spell in rng.sample(here, min(len(here), len(here) // 8 + rng.randrange(2))):
            if spell.medical > LEAST_SPENT and not spell.saves and not spell.spends_all:
                spent, from_pool, day = spell.medical * rng.randint(5, 60) // 100, _pool_part(rng), rng.randint(1, 28)
                relation = rng.choice(RELATIVES) if not from_pool and rng.random() < AID else SELF
                self._settle(spell, month, spent, from_pool, day, relation)
        for spell in here:
            if spell.spends_all and spell.medical > 0:
                self._settle(spell, month, spell.medical, 0, 26)

    def _settle(self, spell, month, from_account, from_pool, day, relation=SELF):
        spell.medical -= from_account
        self.movements.settle(spell.cells, spell.area, month, day, from_account, from_pool, relation)


def _pool_part(rng):
    """The pooled fund pays in one visit of five."""
    return rng.randint(300_00, 9_000_00) if rng.random() < 0.2 else 0


def _quote(spell, scheme, term, kind, extra):
    """The month's quote; of a supplement, that of the base that was missing; of a refund, what went out again."""
    if kind == SUPPLEMENT:
        return term.part(extra)
    quote = spell.quote(scheme, term)
    return quote.negative() if kind == REFUND else quote


def _sums(quotes):
    """Base, employer's share, individual's share of all, in fen."""
    return sum(q.base for q in quotes), sum(q.er for q in quotes), sum(q.ind for q in quotes)


def _credit(people, quotes, scheme):
    """Remember what reached the personal accounts, so that nobody spends more."""
    if scheme == MEDICAL:
        for spell, quote in zip(people, quotes, strict=True):
            spell.medical += quote.account
    elif scheme == PENSION:
        for spell, quote in zip(people, quotes, strict=True):
            spell.pension += quote.account
