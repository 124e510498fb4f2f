"""My accounts: one look at the five insurances, with what is not right first."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from contributions import arrears
from registry.answering import furthest_behind, speaking
from registry.asking import Question, ask
from registry.insurance import FAMILY_OF, INSURANCE_OF, SCHEMES_OF, Category, Insurance
from registry.models import Enrolment, SourceState
from registry.months import add_months, month_of

from .closings import CLOSINGS
from .models import Account, BenefitPayment, Closure, Transfer
from .zero import WITHOUT_ACCOUNT_TODAY, Facts, cause_of, telling_transfer

ENROLMENTS = Question(
    """
SELECT e.id, e.scheme, e.area_id, e.category, e.status, e.status_since, e.registered_on, e.agency_id,
       area.code AS area__code, area.name AS area__name, agency.code AS agency__code, agency.name AS agency__name
FROM registry_enrolment e JOIN registry_area area ON area.code = e.area_id
JOIN registry_agency agency ON agency.code = e.agency_id
WHERE e.person_id = ANY (%(persons)s::bigint[]) ORDER BY e.status_since, e.id
""",
    Enrolment,
)
ACCOUNTS = Question(
    f"""
SELECT a.*, CASE WHEN a.balance = 0 THEN (
    SELECT ARRAY[coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0), -coalesce(sum(e.amount) FILTER (
        WHERE e.amount < 0), 0)]
    FROM accounts_entry e
    WHERE e.person_id = a.person_id AND e.scheme = a.scheme AND e.area_code = a.area_code
        AND e.booked_month >= make_date(a.year, 1, 1) AND e.booked_month < make_date(a.year + 1, 1, 1)
) END AS moved, (
    SELECT c.reason FROM ({CLOSINGS}) c
    WHERE a.status = 'closed' AND c.person_id = a.person_id AND c.scheme = a.scheme AND c.area_code = a.area_code
        AND c.undone_by IS NULL
    ORDER BY c.booked_month, c.batch_id, c.line LIMIT 1
) AS closed_for
FROM accounts_account a WHERE a.person_id = ANY (%(persons)s::bigint[]) ORDER BY a.opened_month, a.id
""",
    Account,
)
TRANSFERS = Question(
    "SELECT * FROM accounts_transfer WHERE person_id = ANY (%(persons)s::bigint[]) ORDER BY state_since DESC, id DESC",
    Transfer,
)
# What an account was closed for, as it is said to its holder or the heirs.
CLOSED_FOR = {
    Closure.Reason.DEATH: _("inheritance"),
    Closure.Reason.SETTLED_ABROAD: _("settling abroad"),
    Closure.Reason.LEFT_RESIDENT_SCHEME: _("refund on leaving the scheme"),
}
PENSION_LOOKED_FOR_MONTHS = 13


@dataclass
class AccountFigure:
    """One personal account as shown: yuan, and up to which month its source is complete (None: it has not said)."""

    account: Account
    area: str
    agency: str
    complete_to: date | None


@dataclass
class InsuranceLine:
    """What the overview says of one insurance."""

    insurance: Insurance
    enrolments: list = field(default_factory=list)
    figures: list = field(default_factory=list)
    arrears: list = field(default_factory=list)
    transfers: list = field(default_factory=list)
    source: SourceState | None = None
    cause: str = ""  # of ux.md §3.1, empty where there is money to show and nothing stands in its way

    @property
    def current(self):
        """The enrolment that speaks for the present: an active one before the others, then the latest."""
        return max(self.enrolments, key=lambda e: (e.status == Enrolment.Status.ACTIVE, e.status_since), default=None)

    @property
    def may_have_account(self):
        """Whether the law provides for a personal account in this insurance today, or she has one of earlier days."""
        return bool(self.figures) or self.insurance not in WITHOUT_ACCOUNT_TODAY

    @property
    def transfer(self):
        """The transfer that explains the missing balance, or None."""
        return telling_transfer(self.transfers)

    @property
    def closed(self):
        """The account closed last, or None; `closed_for` tells the reason of its closing."""
        closed = [f.account for f in self.figures if f.account.closed_month]
        return max(closed, key=lambda account: account.closed_month, default=None)

    @property
    def closed_for(self):
        reason = self.closed.closed_for if self.closed else None
        return CLOSED_FOR.get(reason, Closure.Reason(reason).label) if reason else ""

    @property
    def used_up(self):
        """(year, yuan that came in, yuan that went out) of the accounts that were emptied last."""
        year = max(figure.account.year for figure in self.figures)
        moved = [f.account.moved for f in self.figures if f.account.year == year and f.account.moved]
        return year, sum((m[0] for m in moved), Decimal(0)), sum((m[1] for m in moved), Decimal(0))

    @property
    def balance(self):
        return sum((figure.account.balance for figure in self.figures), Decimal("0.00"))

    @property
    def told_until(self):
        """The last day of which the source of this insurance speaks; None where it has delivered nothing."""
        return add_months(self.source.complete_to, 1) - timedelta(days=1) if self.source else None

    @property
    def unpaid_months(self):
        """The months in arrears, each once, oldest first."""
        return tuple(dict.fromkeys(unpaid.period for unpaid in self.arrears))

    @property
    def arrears_alone(self):
        """[(lines, months)] of this insurance alone, as at_a_glance has it of all."""
        return [([self], self.unpaid_months)]

    @property
    def is_own_affair(self):
        """Whether she pays by herself, so that no employer answers for what is missing."""
        return bool(self.current) and self.current.category != Category.EMPLOYEE

    def facts(self):
        return Facts(
            self.insurance,
            tuple(self.enrolments),
            tuple(figure.account for figure in self.figures),
            tuple(self.transfers),
            self.source,
            bool(self.arrears),
        )


def overview(person, today):
    """The five insurances of a person on `today`, as a list of InsuranceLine. Five queries, sent together."""
    return lines_of(ask(*asked_overview(person, today)), today)


def asked_overview(person, today):
    """The five questions that an overview on `today` is made of, for `ask`."""
    persons = person.record_ids
    return (
        ENROLMENTS.of(persons=persons),
        ACCOUNTS.of(persons=persons),
        TRANSFERS.of(persons=persons),
        arrears.asked_unpaid_months(person, today),
        speaking(person, "enrolments", "contributions"),
    )


def lines_of(answers, today):
    """The five InsuranceLine that the answers to `asked_overview` make."""
    enrolments, accounts, transfers, unpaid, states = answers
    lines = [InsuranceLine(insurance) for insurance in Insurance]
    by_insurance = {line.insurance: line for line in lines}
    for enrolment in enrolments:
        by_insurance[enrolment.insurance].enrolments.append(enrolment)
    for month in unpaid:
        by_insurance[INSURANCE_OF[month.scheme]].arrears.append(month)
    for transfer in transfers:
        by_insurance[INSURANCE_OF[transfer.scheme]].transfers.append(transfer)
    for account in accounts:
        line = by_insurance[account.insurance]
        line.figures.append(_figure(account, line, states))
    for line in lines:
        line.source = _source_of(line, states)
        known_on = arrears.judged_on(today, [line.source] if line.source else [])
        line.arrears = [month for month in line.arrears if month.due_on < known_on]
        line.cause = cause_of(line.facts(), today)
    return lines


def latest_pension(person, today):
    """The pension of the newest month that was really paid: {period, pool, account} in yuan, or None. One query.

    A payment that the bank returned is a negative line of its own, so that the month comes to nothing.
    """
    paid = BenefitPayment.objects.filter(
        person_id__in=person.record_ids,
        scheme__in=SCHEMES_OF[Insurance.PENSION],
        kind=BenefitPayment.Kind.PENSION,
        booked_month__gte=add_months(month_of(today), -PENSION_LOOKED_FOR_MONTHS),
    )
    months = paid.values("period").annotate(pool=Sum("from_pool"), account=Sum("from_account"))
    found = months.filter(pool__gt=-F("account")).order_by("-period").first()
    return found and found | {"amount": found["pool"] + found["account"]}


def _source_of(line, states):
    """The source that would know: of the insurance's agency family, the one furthest behind."""
    kind = "contributions" if line.enrolments else "enrolments"
    areas = {e.area_id for e in line.enrolments}
    family = FAMILY_OF[line.insurance]
    asked = [s for s in states if s.kind == kind and s.agency.family == family and (not areas or s.area_id in areas)]
    return furthest_behind(asked)


def _figure(account, line, states):
    enrolment = next((e for e in line.enrolments if (e.scheme, e.area_id) == (account.scheme, account.area_code)), None)
    family = FAMILY_OF[line.insurance]
    place = ("contributions", account.area_code, family)
    state = next((s for s in states if (s.kind, s.area_id, s.agency.family) == place), None)
    known = enrolment or state
    return AccountFigure(
        account,
        known.area.name if known else account.area_code,
        known.agency.name if known else "",
        state.complete_to if state else None,
    )
