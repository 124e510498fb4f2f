"""When a person last checked her record herself, and whether it is time to do it again (features F29)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from registry.asking import Question, ask
from registry.months import add_months, month_of

# Our own choice; the law has the agency send a statement "regularly" and no period for the person's own look.
CHECK_AGAIN_AFTER_MONTHS = 12
LAST_CHECK = Question(
    "SELECT max(at) FROM accounts_mark WHERE person_id = ANY (%(persons)s::bigint[]) AND kind = 'checked'"
)


@dataclass(frozen=True)
class OwnCheck:
    """When the person last checked her record herself (None: never), and whether it is time to do it again."""

    on: date | None
    is_due: bool


def asked_check(person):
    """The question after the moment of her last check, for `ask`."""
    return LAST_CHECK.of(persons=person.record_ids)


def check_told(answer, today):
    """The OwnCheck as of `today` (a date) that the answer to `asked_check` makes."""
    [(at,)] = answer
    if at is None:
        return OwnCheck(None, True)
    on = timezone.localdate(at)
    return OwnCheck(on, month_of(on) <= add_months(month_of(today), -CHECK_AGAIN_AFTER_MONTHS))


def own_check(person, today):
    """The OwnCheck of a person as of `today`. One query."""
    [answer] = ask(asked_check(person))
    return check_told(answer, today)
