"""Unemployment: registered or not, what the law asks for, and for how many months benefit is granted and used.

The three conditions are those of the Social Insurance Law, art. 45; the months follow art. 46. Nothing is decided here:
a condition holds, does not hold, or cannot be told from the records.
"""

from dataclasses import dataclass
from datetime import date

from registry.answering import sources_about
from registry.insurance import Insurance, Scheme
from registry.models import Enrolment, SourceState, UnemploymentRegistration
from registry.months import month_of

from .benefit_months import unemployment_months
from .pension_grounds import paid_months
from .pension_law import unemployment_steps
from .refusals import CannotTell, Reason


@dataclass(frozen=True)
class Condition:
    """One condition of art. 45. `holds`: True, False, or None where the records do not tell."""

    code: str
    holds: bool | None


@dataclass(frozen=True)
class UnemploymentTold:
    """What the records say.

    `registrations`: Known, KnownNone or Unknown of UnemploymentRegistrations, newest first. `counted_since`: the
    registration after which months count anew, or None. `months_paid`: months that count since then; `months_needed`
    before anything is granted, None where no rule is known. `entitled`: months of benefit that the law would grant on
    losing work today, unused ones (`unused`) included; None where `missing` says why. `steps_of_today`: the
    UnemploymentSteps in force. `source`: of the payments.
    """

    registrations: object
    enrolment: Enrolment | None
    conditions: tuple
    counted_since: UnemploymentRegistration | None
    months_paid: int
    months_needed: int | None
    unused: int
    entitled: int | None
    missing: Reason | None
    steps_of_today: tuple
    source: SourceState | None

    @property
    def current(self):
        """The registration that has not ended, or None."""
        known = self.registrations.value if self.registrations.is_known else []
        return next((each for each in known if each.ended_on is None), None)

    @property
    def is_working(self):
        return self.enrolment is not None and self.enrolment.status == Enrolment.Status.ACTIVE


def unemployment_of(person, today: date):
    """The UnemploymentTold of a person on a day. At most five queries, whatever her history."""
    registrations = UnemploymentRegistration.objects.filter(person__in=person.record_ids).select_related("area")
    registrations = list(registrations.order_by("-registered_on", "-pk"))
    enrolments = Enrolment.objects.filter(person__in=person.record_ids, scheme=Scheme.UNEMPLOYMENT)
    enrolments = list(enrolments.select_related("area", "agency", "employer").order_by("status_since", "pk"))
    enrolment = max(enrolments, key=lambda e: e.status == Enrolment.Status.ACTIVE, default=None)
    sources = sources_about(person, ["unemployment", "contributions"], today)
    source = sources.of_insurance("contributions", Insurance.UNEMPLOYMENT)
    counted_since = next((each for each in registrations if each.months_granted), None)
    paid = _paid_since(person, counted_since)
    unused = counted_since.months_left if counted_since else 0
    steps = unemployment_steps(enrolment.area_id if enrolment else "")
    here = _steps_in_force(steps, month_of(today))
    entitled, missing = _entitled(paid, today, steps, unused)
    told = UnemploymentTold(
        sources.judge(registrations, "unemployment"),
        enrolment,
        (),
        counted_since,
        paid,
        min((step.paid_months for step in here), default=None),
        unused,
        entitled,
        missing,
        here,
        source,
    )
    complete = sources.judge(None, "contributions").is_none
    return _with_conditions(told, complete)


def _paid_since(person, registration):
    """How many months count in unemployment insurance; after benefits were granted the count begins anew (art. 46)."""
    first = month_of(registration.registered_on) if registration else date.min
    return sum(1 for month, _base in paid_months(person, [Scheme.UNEMPLOYMENT]) if month >= first)


def _steps_in_force(steps, month):
    """The UnemploymentSteps of a month, the lowest threshold first; of one threshold the nearest area's."""
    here = {}
    for step in steps:
        if step.since <= month and (step.until is None or month < step.until):
            here.setdefault(step.paid_months, step)
    return tuple(sorted(here.values(), key=lambda step: step.paid_months))


def _entitled(paid, today, steps, unused):
    try:
        return unemployment_months(paid, month_of(today), steps, unused), None
    except CannotTell as refusal:
        return None, refusal.reason


def _with_conditions(told, payments_are_complete):
    """The same with the conditions of art. 45, judged by the present registration where there is one."""
    current = told.current
    granted = current is not None and current.months_granted > 0
    has_paid = granted or (told.months_needed is not None and told.months_paid >= told.months_needed)
    if not has_paid and (told.months_needed is None or not payments_are_complete):
        has_paid = None
    registered = current is not None
    if not registered and not told.registrations.is_known and not told.registrations.is_none:
        registered = None
    conditions = (
        Condition("paid", has_paid),
        # Why work ended is judged by the agency, from what employer and person say; granting tells its answer.
        Condition("unwilling", True if granted else None),
        Condition("registered", registered),
    )
    return UnemploymentTold(**{**vars(told), "conditions": conditions})
