"""Is everything all right? What the overview says first: what is not right, then what cannot be told, then that all is.

"Cannot tell" is never said as "all is well": a source that is late or refused stands in the way of that sentence.
"""

from dataclasses import dataclass
from functools import cached_property

from registry.insurance import Insurance
from registry.models import Enrolment

from .zero import is_complete

Status = Enrolment.Status
# Which enrolment speaks for the person: who pays, before who rests, before who has left.
RANKS = {Status.RETIRED: 3, Status.ACTIVE: 4, Status.SUSPENDED: 2, Status.TERMINATED: 1}


@dataclass(frozen=True)
class Glance:
    """`lines`: the InsuranceLine of each insurance; `late`: those of whose source nothing recent is known."""

    lines: list
    late: list

    @property
    def in_arrears(self):
        """[(lines, months)]: the insurances of which the same months are unpaid by the same side stand together."""
        found = {}
        for line in self.lines:
            if line.arrears:
                found.setdefault((line.is_own_affair, line.unpaid_months), []).append(line)
        return [(lines, months) for (_own, months), lines in found.items()]

    @property
    def suspended(self):
        return [line for line in self.lines if line.current and line.current.status == Status.SUSPENDED]

    @cached_property
    def standing(self):
        """The enrolment whose status stands beside the name; retirement from old age goes before all others."""
        current = [line.current for line in self.lines if line.current]
        retired = [enrolment for enrolment in current if enrolment.status == Status.RETIRED]
        return next(iter(retired), None) or max(current, key=lambda e: RANKS[e.status], default=None)

    @property
    def insured(self):
        """The insurances she is insured in today, as payer or as receiver."""
        good = {Status.ACTIVE, Status.RETIRED}
        return [line for line in self.lines if line.current and line.current.status in good]

    @property
    def active(self):
        """The insurances in which somebody pays for her today."""
        return [line for line in self.insured if line.current.status == Status.ACTIVE]

    @property
    def has_no_employer(self):
        """Whether she pays or is insured on her own, so that what employers register is not to be expected."""
        return bool(self.active) and all(line.is_own_affair for line in self.active)

    @property
    def missing(self):
        """The insurances that an employee must be in and is not registered for (Social Insurance Law, art. 10 to 44).

        Maternity is paid together with medical insurance (国办发〔2019〕10号), and not registered apart everywhere.
        """
        if all(line.is_own_affair for line in self.active):
            return []
        return [line for line in self.lines if line.cause == "Z3" and line.insurance != Insurance.MATERNITY]

    @property
    def is_all_right(self):
        return bool(self.insured) and not (self.in_arrears or self.missing or self.suspended or self.late)

    @property
    def causes_without_account(self):
        """The causes told of the insurances that never had an account of hers: each is explained once."""
        return {line.cause for line in self.lines if not line.may_have_account}

    @property
    def is_nowhere(self):
        """Whether the sources are complete and know of no registration in any insurance."""
        return all(line.cause == "Z3" for line in self.lines)


def glance(lines, today):
    """The Glance at the five InsuranceLine of `accounts.overview.overview` on `today`."""
    return Glance(lines, [line for line in lines if not is_complete(line.source, today)])
