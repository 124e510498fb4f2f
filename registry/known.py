"""Known, known to be none, unknown: "cannot tell" is never shown as "none" (features F84)."""

from dataclasses import dataclass
from datetime import date

from registry.models import SourceState
from registry.months import add_months, month_of

# Agencies deliver a month after it has ended; one further behind cannot say that there is nothing.
LATE_AFTER_MONTHS = 2


def expected_month(today):
    """The month up to which a source is complete that speaks for the present on `today`, a date."""
    return add_months(month_of(today), -LATE_AFTER_MONTHS)


@dataclass(frozen=True)
class Known:
    """A row exists. `as_of` is the month up to which its source is complete, where the source has said so."""

    value: object
    source: SourceState | None = None
    is_known = True
    is_none = False


@dataclass(frozen=True)
class KnownNone:
    """No row, and the source is complete to the month asked: there is nothing."""

    source: SourceState
    is_known = False
    is_none = True


@dataclass(frozen=True)
class Unknown:
    """No row, and the source has not said it is complete to the month asked, or its last file was refused."""

    source: SourceState | None = None
    is_known = False
    is_none = False


def judge(value, source: SourceState | None, month: date):
    """Known, KnownNone or Unknown for `value` (None or empty where no row exists) of `source` in `month`."""
    if value:
        return Known(value, source)
    if source is not None and source.refused_at is None and source.complete_to >= month:
        return KnownNone(source)
    return Unknown(source)
