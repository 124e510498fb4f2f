"""The law as the invented collector applies it: the rows of contributions/rules.toml, asked without a database."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from contributions import rates
from contributions.models import AccountQuota, BaseBound, ContributionRule, LateFeeRate, ResidentTier
from registry.months import month_of

from .places import PARENTS

PENSION, PENSION_PUBLIC, PENSION_RESIDENT = "职工基本养老保险", "机关事业单位养老保险", "城乡居民养老保险"
MEDICAL, MEDICAL_RESIDENT = "职工基本医疗保险", "城乡居民医疗保险"
UNEMPLOYMENT, WORK_INJURY, MATERNITY = "失业保险", "工伤保险", "生育保险"
EMPLOYEE, FLEXIBLE, POOL_ONLY, RESIDENT, RETIREE = "职工", "灵活就业", "灵活就业单建统筹", "城乡居民", "退休"

SCHEMES = {
    PENSION: "pension",
    PENSION_PUBLIC: "pension_public",
    PENSION_RESIDENT: "pension_resident",
    MEDICAL: "medical",
    MEDICAL_RESIDENT: "medical_resident",
    UNEMPLOYMENT: "unemployment",
    WORK_INJURY: "work_injury",
    MATERNITY: "maternity",
}
DIGITS = {scheme: digit for digit, scheme in enumerate(SCHEMES, 1)}
CATEGORIES = {
    EMPLOYEE: "employee",
    FLEXIBLE: "flexible",
    POOL_ONLY: "flexible_pool_only",
    RESIDENT: "resident",
    RETIREE: "retiree",
}
MEDICAL_SCHEMES = (MEDICAL, MEDICAL_RESIDENT, MATERNITY)
ENTERPRISE_SCHEMES = (PENSION, MEDICAL, UNEMPLOYMENT, WORK_INJURY, MATERNITY)
PUBLIC_SCHEMES = (PENSION_PUBLIC, MEDICAL, UNEMPLOYMENT, WORK_INJURY, MATERNITY)

# What the invented collector takes where the law table has no rate: (employer, individual), fractions of the base.
COLLECTED = {
    (UNEMPLOYMENT, EMPLOYEE): (Decimal("0.005"), Decimal("0.005")),
    (WORK_INJURY, EMPLOYEE): (Decimal("0.005"), Decimal(0)),
    (MATERNITY, EMPLOYEE): (Decimal("0.008"), Decimal(0)),
    (MEDICAL, EMPLOYEE): (Decimal("0.09"), Decimal("0.02")),
    (MEDICAL, FLEXIBLE): (Decimal(0), Decimal("0.10")),
    (MEDICAL, POOL_ONLY): (Decimal(0), Decimal("0.08")),
}
FEN = Decimal("0.01")


def yuan(fen):
    """An amount in fen as a feed cell: 64000 -> "640.00"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def fen(amount):
    """A Decimal in yuan, or a feed cell, in fen."""
    return int(Decimal(amount) * 100)


class Quote(NamedTuple):
    """What one person's month costs under one term: the feed's money cells, and fen."""

    term: object
    cells: str
    declared: str
    base: int
    er: int
    ind: int
    account: int

    def negative(self):
        """The same month going out again: a refund."""
        base, er, ind = -self.base, -self.er, -self.ind
        return self._replace(cells=_cells(base, er, ind), base=base, er=er, ind=ind, account=-self.account)


def _cells(base, er, ind):
    return f"{yuan(base)},{yuan(er)},{yuan(ind)}"


class Term(NamedTuple):
    """A stretch of months with one rule, one pair of bounds and one year of bases. Compared by identity."""

    rule: ContributionRule
    er_rate: Decimal
    ind_rate: Decimal
    lower: Decimal | None
    upper: Decimal | None
    base_year: int

    def quote(self, declared_fen):
        """The Quote for a declared monthly wage in fen: clamped, split as contributions/rates.py splits."""
        return self._on(rates.clamp_base(Decimal(declared_fen) * FEN, self.lower, self.upper), declared_fen)

    def part(self, base_fen):
        """The Quote for a part of a base, in fen: what a supplement pays."""
        return self._on(Decimal(base_fen) * FEN, base_fen)

    def _on(self, base, declared_fen):
        counted, mode = rates.contribution_base(base, self.rule.rounding_mode), self.rule.rounding_mode
        er = rates.round_money(counted * self.er_rate, mode)
        ind = rates.round_money(counted * self.ind_rate, mode)
        shares = rates.route(base, er, ind, self.rule)
        base_fen, er_fen, ind_fen = fen(base), fen(er), fen(ind)
        cells = _cells(base_fen, er_fen, ind_fen)
        return Quote(self, cells, yuan(declared_fen), base_fen, er_fen, ind_fen, fen(shares.to_account))


class Law:
    """The rules that reach the invented areas, asked by month number of a horizon."""

    def __init__(self, rows, horizon):
        """`rows`: what contributions.rules.read() gives."""
        self.horizon = horizon
        self._rules = {}
        for rule in rows[ContributionRule]:
            self._rules.setdefault((rule.scheme, rule.category), []).append(rule)
        self._bounds, self._tiers, self._quotas = rows[BaseBound], rows[ResidentTier], rows[AccountQuota]
        known = [rates.LateFeeSegment(row.period.lower, row.period.upper, row.daily_rate) for row in rows[LateFeeRate]]
        # The invented collector charges nothing for the days before the first known rate.
        before = rates.LateFeeSegment(date.min, min(segment.since for segment in known), Decimal(0))
        self._fees = [before, *known]
        self._terms = {}
        self.rule = cache(self._rule)
        self.term = cache(self._term)
        self.start = cache(self._start)
        self.quota = cache(self._quota)

    def _rule(self, area, scheme, category, number, risk_class=None):
        """The rule for that month, or None; nearest area first, then the row of the risk class."""
        month = self.horizon.month(number)
        chain = _chain(area)
        found = [
            rule
            for rule in self._rules.get((SCHEMES[scheme], CATEGORIES[category]), ())
            if rule.area_code in chain and rule.risk_class in (None, risk_class) and _covers(rule.period, month)
        ]
        return min(found, key=lambda r: (chain.index(r.area_code), r.risk_class is None), default=None)

    def _term(self, area, scheme, category, number, risk_class=None):
        """The Term of that month; None where no rule is known or nothing is to be paid. One object per stretch."""
        rule = self.rule(area.code, scheme, category, number, risk_class)
        if rule is None:
            return None
        collected = COLLECTED.get((scheme, category), (Decimal(0), Decimal(0)))
        er_rate = collected[0] if rule.er_rate is None else rule.er_rate
        ind_rate = collected[1] if rule.ind_rate is None else rule.ind_rate
        if rule.er_rate_ceiling is not None:
            er_rate = min(er_rate, rule.er_rate_ceiling)
        if not er_rate and not ind_rate:
            return None
        lower, upper = self._bound(area.code, scheme, number)
        term = Term(rule, er_rate, ind_rate, lower, upper, self.base_year(area, number))
        return self._terms.setdefault((rule.key, lower, upper, area.code, term.base_year), term)

    def _bound(self, area, scheme, number):
        month, chain = self.horizon.month(number), _chain(area)
        found = [
            row
            for row in self._bounds
            if row.scheme == SCHEMES[scheme] and row.area_code in chain and _covers(row.period, month)
        ]
        nearest = min(found, key=lambda row: chain.index(row.area_code), default=None)
        return (nearest.lower, nearest.upper) if nearest else (None, None)

    def base_year(self, area, number):
        """The year whose contribution bases hold in that month."""
        month = self.horizon.month(number)
        return month.year if month.month >= area.base_month else month.year - 1

    def _start(self, area, scheme, category):
        """Number of the first month for which the area has a rule, or None."""
        chain = _chain(area)
        rules = self._rules.get((SCHEMES[scheme], CATEGORIES[category]), ())
        starts = [rule.period.lower for rule in rules if rule.area_code in chain]
        return self.horizon.number(min(starts)) if starts else None

    def has_account(self, area, scheme, category, number):
        """Whether the rule of that month sends anything to a personal account."""
        rule = self.rule(area, scheme, category, number)
        routes = ("er_to_account", "ind_to_account", "subsidy_to_account", "pool_quota")
        return rule is not None and any(getattr(rule, name) for name in routes)

    def _quota(self, area, number, age):
        """What the pool gives a retiree of that age to the medical account in that month, in fen; 0 if nothing."""
        month, chain = self.horizon.month(number), _chain(area)
        found = [
            row for row in self._quotas if row.area_code in chain and _covers(row.period, month) and age in row.ages
        ]
        nearest = min(found, key=lambda row: chain.index(row.area_code), default=None)
        return fen(nearest.amount) // 12 if nearest else 0

    def late_fee(self, unpaid_fen, due_on, paid_on):
        """The late fee in fen for fen paid late."""
        if paid_on <= due_on:
            return 0
        return fen(rates.late_fee(Decimal(unpaid_fen) * FEN, due_on, paid_on, self._fees))

    def tiers(self, number):
        """The national resident old-age tiers of that month: [(amount, least subsidy)] in fen, lowest first."""
        month = self.horizon.month(number)
        tiers = [row for row in self._tiers if row.scheme == "pension_resident" and not row.area_code]
        return sorted((fen(row.amount), fen(row.minimum_subsidy or 0)) for row in tiers if _covers(row.period, month))


def _chain(area):
    """The area, its province where it lies in one, the whole country."""
    return [area, PARENTS[area], ""] if PARENTS.get(area) else [area, ""]


def _covers(period, month):
    return period.lower <= month_of(month) and (period.upper is None or month < period.upper)
