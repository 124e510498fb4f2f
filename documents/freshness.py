"""How far the records behind an employer's page reach, and who answers for them."""

from dataclasses import dataclass

from contributions.arrears import judged_on
from registry.insurance import FAMILY_OF, AgencyFamily
from registry.known import judge
from registry.models import SourceState, UnitNumber

KINDS = ("assessments", "contributions")


@dataclass(frozen=True)
class Freshness:
    """The sources of a page, one per agency and kind.

    `is_behind`: one of them does not reach the page's month. `is_known_none`: all of them reach it and none stands
    refused, so that where no line is, there is nothing (decisions: "cannot tell" is never shown as "none").
    """

    sources: list
    is_behind: bool
    is_known_none: bool

    def judged_on(self, today):
        """The day on which arrears can be told from these sources."""
        return judged_on(today, [s for s in self.sources if s.kind == "contributions"])


def freshness(employer, insurances, month):
    """Freshness of the employer's lines of these insurances in `month`. One query.

    The sources are the agencies that gave the employer a unit number: those that keep the records, and the tax
    collector. Of one that serves several areas, the area that reaches least far speaks.
    """
    agencies = UnitNumber.objects.filter(employer=employer).values("agency")
    families = {AgencyFamily.TAX, *(FAMILY_OF[insurance] for insurance in insurances)}
    sources = list(
        SourceState.objects.filter(agency__in=agencies, agency__family__in=families, kind__in=KINDS)
        .select_related("agency")
        .order_by("agency_id", "kind", "complete_to")
        .distinct("agency_id", "kind")
    )
    is_behind = any(source.complete_to < month for source in sources)
    return Freshness(sources, is_behind, bool(sources) and all(judge(None, s, month).is_none for s in sources))
