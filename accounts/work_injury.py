"""Work injury, occupational disease and disability: sensitive (PIPL, art. 28), so on a page of its own and no other."""

from dataclasses import dataclass
from datetime import date

from registry.answering import sources_about
from registry.insurance import SCHEMES_OF, Insurance
from registry.models import Disability, OccupationalDisease, WorkInjury
from registry.months import month_of

from .models import BenefitPayment
from .pension_law import injury_steps
from .refusals import in_force


@dataclass(frozen=True)
class InjuryTold:
    """A WorkInjury and what its grade brings by the law of its month (InjuryStep), None where no rule is known."""

    injury: WorkInjury
    step: object

    @property
    def percent(self):
        """The part of the own wage that is paid monthly, in a hundred; None where nothing is."""
        rate = self.step.monthly_rate if self.step else None
        return None if rate is None else f"{(rate * 100).normalize():f}"


@dataclass(frozen=True)
class SensitiveRecord:
    """Known, KnownNone or Unknown of lists, newest first; `injuries` of InjuryTold, `payments` of BenefitPayment."""

    injuries: object
    diseases: object
    disabilities: object
    payments: object


def sensitive_record(person, today: date):
    """The SensitiveRecord of a person. Seven queries at most, and one for each area where an injury happened."""
    injuries = WorkInjury.objects.filter(person__in=person.record_ids).select_related("employer__area")
    diseases = OccupationalDisease.objects.filter(person__in=person.record_ids).order_by("-diagnosed_on", "-pk")
    disabilities = Disability.objects.filter(person__in=person.record_ids).order_by("-certified_on", "-pk")
    payments = BenefitPayment.objects.filter(
        person_id__in=person.record_ids, scheme__in=SCHEMES_OF[Insurance.WORK_INJURY]
    )
    sources = sources_about(person, ["injuries", "diseases", "disabilities", "benefits"], today)
    return SensitiveRecord(
        sources.judge(_with_law(injuries.order_by("-injured_on", "-pk")), "injuries"),
        sources.judge(list(diseases), "diseases"),
        sources.judge(list(disabilities), "disabilities"),
        sources.judge(list(payments.order_by("-paid_on", "-payment_no", "-line")), "benefits"),
    )


def _with_law(injuries):
    """The injuries as InjuryTold: the law is that of the area where the employer is, in the month of the injury."""
    injuries = list(injuries)
    areas = {_area(injury) for injury in injuries if injury.grade}
    steps_of = {area: injury_steps(area) for area in areas}
    return [InjuryTold(injury, _step(injury, steps_of)) for injury in injuries]


def _step(injury, steps_of):
    if not injury.grade:
        return None
    of_grade = [step for step in steps_of[_area(injury)] if step.grade == injury.grade]
    return in_force(of_grade, month_of(injury.injured_on))


def _area(injury):
    return injury.employer.area_id if injury.employer else ""
