"""Payers without an employer: flexible workers, residents with their subsidies, and months that came from elsewhere."""

from dataclasses import dataclass, field

from .careers import Cover
from .law import (
    DIGITS,
    MEDICAL_RESIDENT,
    MEDICAL_SCHEMES,
    PENSION_RESIDENT,
    RESIDENT,
    yuan,
)
from .payments import DUE_DAY, NORMAL
from .places import MEDICAL as MEDICAL_FAMILY
from .places import SOCIAL, TAX, complete_to

MEDICAL_PAID_IN = 11  # Residents pay in November for the medical insurance of the next year.
MEDICAL_AMOUNTS = {2021: 320_00, 2022: 350_00, 2023: 380_00, 2024: 400_00, 2025: 400_00, 2026: 420_00}
MEDICAL_SUBSIDY = (400_00, 160_00, 80_00)
LEVELS = ("省级", "市级", "县级")
COLLECTIVE, GOVERNMENT = "集体补助", "政府代缴"


@dataclass(slots=True, eq=False)
class Flexible(Cover):
    """A flexible worker in one scheme, paying every month or (`is_quarterly`) the quarter in its last month."""

    cells: str
    wage_year: int
    wages: object
    is_quarterly: bool = False
    quotes: dict = field(default_factory=dict)

    def wage(self, base_year):
        return self.wages[min(max(base_year - self.wage_year, 0), len(self.wages) - 1)]

    def quote(self, scheme, term):
        quote = self.quotes.get(scheme)
        if quote is None or quote.term is not term:
            quote = self.quotes[scheme] = term.quote(self.wage(term.base_year))
        return quote


@dataclass(slots=True, eq=False)
class Resident(Cover):
    """A resident who pays once a year: `pays_in` is the calendar month, `tier` the place of the old-age tier.

    `helped`: the government pays the lowest tier in the person's stead; `by_collective`: the village adds a little.
    """

    cells: str
    pays_in: int
    tier: int = 0
    helped: bool = False
    by_collective: bool = False


class PersonalPayments:
    """Writes the lists of an area: contributions without an employer, their assessments, subsidies."""

    def __init__(self, law, horizon, folder, *, assessed_from):
        self.law, self.horizon, self.folder = law, horizon, folder
        self.assessed_from = assessed_from
        self.flexible, self.residents, self.transfers = {}, {}, {}

    def enter(self, cover):
        group = self.flexible if isinstance(cover, Flexible) else self.residents
        group.setdefault((cover.area.code, cover.schemes[0]), []).append(cover)

    def enter_transfer(self, cells, transfer):
        self.transfers.setdefault((transfer.area.code, transfer.number), []).append((cells, transfer))

    def write_year(self, area, year):
        months = self.horizon.numbers_of(year)
        for month in months:
            for scheme in DIGITS:
                self._write_month(area, scheme, month)
            for order, (cells, transfer) in enumerate(self.transfers.get((area.code, month), ()), 1):
                self._transferred(area, order, cells, transfer)
        if months[-1] == self.horizon.last:
            for scheme in DIGITS:
                self._assess(area, scheme, self.horizon.last + 1)

    def _write_month(self, area, scheme, month):
        if month >= self.assessed_from:
            self._assess(area, scheme, month)
        family = MEDICAL_FAMILY if scheme in MEDICAL_SCHEMES else SOCIAL
        if month > complete_to(self.horizon, area, family):
            return
        self._contribute(area, scheme, family, month)
        self._subsidise(area, scheme, family, month)

    # Flexible workers

    def _assess(self, area, scheme, month):
        payers = [p for p in self.flexible.get((area.code, scheme), ()) if p.covers(month)]
        agency, code = area.agency(TAX).code, self.horizon.code(month)
        for line, payer in enumerate(payers, 1):
            term = self.law.term(area, scheme, payer.category, month)
            if term is None:
                continue
            due = self._due_on(payer, month)
            quote = payer.quote(scheme, term)
            number = f"{area.code}{code}{DIGITS[scheme]}LH"
            middle = f"{agency},,{payer.cells},{scheme},{area.code},{payer.category},{code}"
            sheet = self.folder.sheet("assessments", due.year, agency)
            sheet.add(*f"{number},{line},{middle},{quote.declared},{quote.cells},{due}".split(","))

    def _due_on(self, payer, month):
        """The 15th of the next month; of a quarterly payer, that after the quarter."""
        return self.horizon.day((self._quarter_end(month) if payer.is_quarterly else month) + 1, DUE_DAY)

    def _quarter_end(self, month):
        return month + (-self.horizon.month(month).month) % 3

    def _months_paid(self, payer, month):
        """The months a flexible worker pays for in `month`."""
        if not payer.is_quarterly:
            return [month] if payer.covers(month) else []
        return [m for m in range(month - 2, month + 1) if m >= 0 and payer.covers(m) and self._quarter_end(m) == month]

    def _contribute(self, area, scheme, family, month):
        """The month's one slip of the area and scheme."""
        lines = [
            (payer.cells, payer.category, covered, quote.base, quote.ind)
            for payer in self.flexible.get((area.code, scheme), ())
            for covered in self._months_paid(payer, month)
            if (term := self.law.term(area, scheme, payer.category, covered))
            for quote in [payer.quote(scheme, term)]
        ]
        lines += self._of_residents(area, scheme, month)
        if not lines:
            return
        agency, booked = area.agency(family).code, self.horizon.code(month)
        sheet = self.folder.sheet("personal_contributions", self.horizon.year(month), agency)
        sheet.break_here()
        received = self.horizon.day(month, 20)
        for line, (cells, category, covered, base, amount) in enumerate(lines, 1):
            start = f"{area.code}{booked}{DIGITS[scheme]}G,{line},{agency},{cells},{scheme},{area.code},{category}"
            months = f"{self.horizon.code(covered)},{booked},{NORMAL}"
            sheet.add_lines([f"{start},{months},{yuan(base)},{yuan(amount)},0.00,{received},"], [base, amount, 0])

    # Residents: the month covered is January of the year paid for

    def _january(self, month, years_ahead=0):
        return month - self.horizon.month(month).month + 1 + 12 * years_ahead

    def _paying(self, area, scheme, month):
        """[(resident, month covered)] of those who pay in `month`."""
        covered = self._january(month, 1 if scheme == MEDICAL_RESIDENT else 0)
        number = self.horizon.month(month).month
        payers = self.residents.get((area.code, scheme), ())
        start = self.law.start(area.code, scheme, RESIDENT)
        return [(p, covered) for p in payers if p.pays_in == number and p.covers(covered) and covered >= start]

    def _of_residents(self, area, scheme, month):
        for resident, covered in self._paying(area, scheme, month):
            if not resident.helped:
                yield resident.cells, RESIDENT, covered, 0, self._amount(resident, scheme, covered)

    def _amount(self, resident, scheme, covered):
        if scheme == PENSION_RESIDENT:
            tiers = self.law.tiers(covered)
            return tiers[min(resident.tier, len(tiers) - 1)][0]
        return MEDICAL_AMOUNTS.get(self.horizon.year(covered), MEDICAL_AMOUNTS[2026])

    def _levels(self, resident, scheme, covered):
        if scheme == MEDICAL_RESIDENT:
            yield from zip(LEVELS, MEDICAL_SUBSIDY, strict=True)
            return
        tiers = self.law.tiers(covered)
        lowest, (_amount, least) = tiers[0][0], tiers[min(resident.tier, len(tiers) - 1)]
        province, city = least // 2, least * 3 // 10
        yield from zip(LEVELS, (province, city, least - province - city), strict=True)
        if resident.by_collective:
            yield COLLECTIVE, 50_00
        if resident.helped:
            yield GOVERNMENT, lowest

    def _subsidise(self, area, scheme, family, month):
        """Subsidies follow the payment a month later, all of them on one list."""
        subsidies = [
            (resident, covered, level, amount)
            for resident, covered in self._paying(area, scheme, month - 1)
            for level, amount in self._levels(resident, scheme, covered)
        ]
        if not subsidies:
            return
        agency, booked = area.agency(family).code, self.horizon.code(month)
        sheet = self.folder.sheet("subsidies", self.horizon.year(month), agency)
        sheet.break_here()
        number, received = f"{area.code}{booked}{DIGITS[scheme]}Z", self.horizon.day(month, 25)
        for line, (resident, covered, level, amount) in enumerate(subsidies, 1):
            start = (
                f"{number},{line},{agency},{resident.cells},{scheme},{area.code},{self.horizon.code(covered)},{booked}"
            )
            sheet.add_lines([f"{start},{level},{yuan(amount)},{received}"], [amount])

    # Transferred in

    def _transferred(self, area, order, cells, transfer):
        family = MEDICAL_FAMILY if transfer.scheme in MEDICAL_SCHEMES else SOCIAL
        agency, booked = area.agency(family).code, self.horizon.code(transfer.number)
        sheet = self.folder.sheet("personal_contributions", self.horizon.year(transfer.number), agency)
        number = f"{area.code}{booked}{DIGITS[transfer.scheme]}T{order}"
        received = self.horizon.day(transfer.number, 18)
        for line, (covered, base) in enumerate(transfer.months, 1):
            start = f"{number},{line},{agency},{cells},{transfer.scheme},{area.code},职工,{self.horizon.code(covered)}"
            sheet.add_lines(
                [f"{start},{booked},转入,{yuan(base)},0.00,0.00,{received},{transfer.source}"], [base, 0, 0]
            )
