from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.months_needed import months_needed
from contributions import life_picture
from contributions.lifetime import lifetime as lifetime_of
from contributions.payment_calendar import YEARLY
from inquiries.door import on_record
from registry.insurance import Insurance


@require_safe
@on_record("accounts.lifetime")
def lifetime(request, person):
    """All insurances and areas on one line of time: months that count, gaps, overlaps, arrears, months needed."""
    today = timezone.localdate()
    life = lifetime_of(person, today)
    context = {
        "life": life,
        "picture": life_picture.drawn(life),
        "needed": _needed(person, life, today),
        "earlier": [month for each in life.calendars if each.insurance == Insurance.PENSION for month in each.earlier],
    }
    return render(request, "accounts/lifetime.html", context)


def _needed(person, life, today):
    """The months needed for a monthly pension; none for who receives one, nor in the resident scheme alone."""
    pension = life.of(Insurance.PENSION)
    if pension is None or pension.retired_since:
        return []
    of_employees = [s for s in pension.judge.standings if s.enrolment.scheme not in YEARLY]
    if not of_employees:
        return []
    area = max(of_employees, key=lambda s: (s.stretches[-1:] and s.stretches[-1][1] is None, s.enrolment.status_since))
    return months_needed(person, area.enrolment.area_id, len(pension.counted), today)
