"""Employment and vocational skills of a person, as they stand in the register (text 004: what the card records)."""

from dataclasses import dataclass

from registry.answering import sources_about
from registry.models import EmploymentSpell, VocationalSkill


@dataclass(frozen=True)
class Experience:
    """Known, KnownNone or Unknown of lists, newest first: `spells` of EmploymentSpell, `skills` of VocationalSkill."""

    spells: object
    skills: object

    @property
    def present(self):
        """The spells that have not ended."""
        return [spell for spell in self.spells.value if spell.ended_on is None] if self.spells.is_known else []


def experience_of(person, today):
    """The Experience of a person. Three queries, however long it is."""
    spells = EmploymentSpell.objects.filter(person__in=person.record_ids).select_related("employer")
    skills = VocationalSkill.objects.filter(person__in=person.record_ids).order_by("-issued_on", "-pk")
    sources = sources_about(person, ["employment", "skills"], today)
    return Experience(
        sources.judge(list(spells.order_by("-started_on", "-pk")), "employment"),
        sources.judge(list(skills), "skills"),
    )
