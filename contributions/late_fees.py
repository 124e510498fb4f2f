"""The late-fee rates that reach an area, as segments of time that don't overlap."""

from .models import LateFeeRate
from .rates import LateFeeSegment


def late_fee_segments(area_code):
    """The LateFeeSegments of an area (GB/T 2260 code), oldest first: on each day the nearest area's rate. One query."""
    found = LateFeeRate.objects.reaching_area(area_code).values_list("period", "daily_rate")
    return nearest_by_day([LateFeeSegment(period.lower, period.upper, rate) for period, rate in found])


def nearest_by_day(segments):
    """Segments without overlap, oldest first: where several of `segments` meet, the first of the list goes on."""
    borders = sorted({segment.since for segment in segments} | {s.until for s in segments if s.until})
    cut, last = [], None
    ends = [*borders[1:], None][: len(borders)]
    for since, until in zip(borders, ends, strict=True):
        first = next((s for s in segments if s.since <= since and (s.until is None or since < s.until)), None)
        if first is not None and first is last:
            # The fee is rounded once per rate, so a border of another segment must not part this one.
            cut[-1] = cut[-1]._replace(until=until)
        elif first is not None:
            cut.append(LateFeeSegment(since, until, first.daily_rate))
        last = first
    return cut
