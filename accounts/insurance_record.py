"""One insurance of a person on one page: what it holds, what was paid in and out, what each 100 yuan of base become."""

from dataclasses import dataclass

from contributions.models import AccountQuota, ContributionRule
from contributions.per_hundred import PerHundred, per_hundred
from registry.answering import sources_about
from registry.insurance import SCHEMES_OF, Category, Insurance
from registry.months import month_of

from . import history
from .overview import InsuranceLine, overview
from .uses import uses_of

# Social Insurance Law, art. 33 and 53.
NOTHING_DEDUCTED = {Insurance.WORK_INJURY, Insurance.MATERNITY}


@dataclass(frozen=True)
class PoolQuota:
    """What the pooled fund credits a retiree each year. `row`: None where the area's amount is not published here."""

    rule: ContributionRule
    row: AccountQuota | None

    @property
    def published(self):
        """The row of law that says it."""
        return self.row or self.rule


@dataclass(frozen=True)
class InsuranceRecord:
    """`benefits`: Known, KnownNone or Unknown. `quota`: of a retiree, where the pooled fund adds one."""

    line: InsuranceLine
    statement: history.InsuranceStatement
    hundred: PerHundred | None
    quota: PoolQuota | None
    benefits: object

    @property
    def uses(self):
        """(of the personal account, of the pooled fund), each a list of accounts.uses.Use."""
        return uses_of(self.line.insurance, {figure.account.scheme for figure in self.line.figures})

    @property
    def nothing_is_deducted(self):
        """Whether employees pay nothing for this insurance."""
        return self.line.insurance in NOTHING_DEDUCTED


def insurance_record(person, insurance, today):
    """The InsuranceRecord of a person on `today`. Twelve queries at most, whatever her history."""
    line = next(line for line in overview(person, today) if line.insurance == insurance)
    statement = history.statement(person, insurance)
    return InsuranceRecord(
        line,
        statement,
        per_hundred(line.current, month_of(today)),
        _quota(line.current, person.birth_date, today),
        sources_about(person, ["benefits"], today, SCHEMES_OF[insurance]).judge_insurance(
            statement.benefits, "benefits", insurance
        ),
    )


def _quota(enrolment, birth_date, today):
    """The PoolQuota of a retiree's account by area and age, where a rule in force routes a quota there; or None."""
    if enrolment is None or enrolment.category != Category.RETIREE:
        return None
    of_enrolment = {"scheme": enrolment.scheme, "category": enrolment.category}
    rule = ContributionRule.objects.in_force(enrolment.area_id, *of_enrolment.values(), month_of(today))
    if rule is None or not rule.pool_quota:
        return None
    quotas = AccountQuota.objects.reaching(enrolment.area_id, month_of(today)).filter(**of_enrolment)
    age = today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
    return PoolQuota(rule, quotas.filter(ages__contains=age).first())
