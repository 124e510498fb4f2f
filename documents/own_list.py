"""One's own payment list (个人缴费清单): what was received for the months of a period, in runs of like months.

A run is a stretch of months in a row with the same scheme, area, employer, kind, base and shares, as agencies print
it: forty years of months fit on a few sheets, and every month is still there.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max, Min

from contributions.arrears import judged_on, unpaid_months
from contributions.models import Contribution
from registry.answering import speaking
from registry.asking import ask
from registry.insurance import FAMILY_OF, SCHEMES_OF, Insurance, Scheme
from registry.known import judge
from registry.models import Employer
from registry.months import add_months, month

COLUMNS = "scheme area_code employer_id kind base er_share ind_share subsidy to_account"
# The kinds that count for the months paid; a supplement or a refund changes a month that is counted already.
COUNTED = {"normal", "backpay", "transferred_in"}


@dataclass
class Run:
    """Months in a row, [first, last], that are alike; the amounts are those of one month, in yuan."""

    scheme: Scheme
    employer: str
    kind: Contribution.Kind
    base: Decimal
    er_share: Decimal
    ind_share: Decimal
    subsidy: Decimal
    account_share: Decimal
    first: date
    last: date
    months: int = 1

    @property
    def own(self):
        return self.ind_share * self.months

    @property
    def by_employer(self):
        return self.er_share * self.months

    @property
    def subsidies(self):
        return self.subsidy * self.months

    @property
    def to_account(self):
        return self.account_share * self.months


@dataclass
class SchemeList:
    """The runs of one scheme, oldest first. `months`: how many different months are paid for."""

    scheme: Scheme
    runs: list = field(default_factory=list)
    periods: set = field(default_factory=set)

    @property
    def months(self):
        return len(self.periods)

    @property
    def sums(self):
        """(own, employer's, subsidies, to the account) of all runs, in yuan."""
        names = ("own", "by_employer", "subsidies", "to_account")
        return tuple(sum((getattr(run, name) for run in self.runs), Decimal("0.00")) for name in names)


@dataclass
class OwnList:
    """What was asked for: the lists of the schemes that have lines, the months in arrears, the sources of both."""

    first: date
    last: date
    schemes: list
    arrears: list
    sources: list

    @property
    def sums(self):
        return [sum(column) for column in zip(*(each.sums for each in self.schemes), strict=True)]

    @property
    def is_known_none(self):
        """Whether nothing in the list means that there is nothing: every source reaches the last month."""
        return bool(self.sources) and all(judge(None, source, self.last).is_none for source in self.sources)

    @property
    def has_subsidies(self):
        return any(run.subsidy for each in self.schemes for run in each.runs)

    @property
    def columns(self):
        """How many columns the printed list has: subsidies take one where there are any."""
        return 8 if self.has_subsidies else 7

    @property
    def lines(self):
        return sum(len(each.runs) for each in self.schemes)


def first_and_last_month(person):
    """(first, last) month covered by any contribution of the person; Nones where there is none. One query."""
    found = Contribution.objects.filter(person_id__in=person.record_ids)
    ends = found.aggregate(first=Min("period"), last=Max("period"))
    return ends["first"], ends["last"]


def own_list(person, first, last, insurances, today):
    """The OwnList of the months [first, last] of some insurances. Four queries at any length."""
    schemes = [scheme for insurance in insurances for scheme in SCHEMES_OF[insurance]]
    received = Contribution.objects.filter(
        person_id__in=person.record_ids,
        scheme__in=schemes,
        period__gte=first,
        period__lte=last,
        # Some pay ahead, up to a year; the bound spares the older years' partitions.
        booked_month__gte=month(first.year - 1, 1),
    ).order_by("period", "booked_month", "slip_no", "line")
    rows = list(received.values_list("period", *COLUMNS.split()))
    names = dict(Employer.objects.filter(pk__in={row[3] for row in rows} - {None}).values_list("pk", "name"))
    families = {FAMILY_OF[insurance] for insurance in insurances}
    [states] = ask(speaking(person, "contributions"))
    sources = [state for state in states if state.agency.family in families]
    known_on = judged_on(today, sources)
    arrears = [m for m in unpaid_months(person, known_on) if m.scheme in schemes and first <= m.period <= last]
    return OwnList(first, last, _by_scheme(rows, names), _arrears_by_scheme(arrears), sources)


def _by_scheme(rows, names):
    lists, growing = {}, {}
    for period, scheme, *alike in rows:
        key = (scheme, *alike)
        of_scheme = lists.setdefault(scheme, SchemeList(Scheme(scheme)))
        run = growing.get(key)
        if run is not None and run.last == add_months(period, -1):
            run.last, run.months = period, run.months + 1
        else:
            run = growing[key] = _run(key, period, names)
            of_scheme.runs.append(run)
        if run.kind in COUNTED:
            of_scheme.periods.add(period)
    return [lists[scheme] for scheme in Scheme if scheme in lists]


def _run(key, period, names):
    scheme, _area, employer, kind, base, er_share, ind_share, subsidy, to_account = key
    shares = (base, er_share, ind_share, subsidy, to_account)
    return Run(Scheme(scheme), names.get(employer, ""), Contribution.Kind(kind), *shares, period, period)


def _arrears_by_scheme(arrears):
    """[(Scheme, months in arrears)] in the order of the schemes."""
    found = {}
    for each in arrears:
        found.setdefault(each.scheme, []).append(each.period)
    return [(scheme, found[scheme]) for scheme in Scheme if scheme in found]


def insurances_of(asked):
    """The insurances of a form's choice: one, or all five where nothing was chosen."""
    return [Insurance(asked)] if asked else list(Insurance)
