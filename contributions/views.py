from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inquiries.door import on_record
from registry.asking import ask
from registry.insurance import Insurance

from .base_steps import base_steps
from .forms import YearForm
from .month_state import MonthState, Untold
from .payment_calendar import calendar_of
from .payment_records import asked_records, records_of_year, year_of_records


@require_safe
@on_record("contributions.payment_records")
def payment_records(request, person):
    """One insurance: the calendar of the whole life with the latest year's payments, or the year that is asked for."""
    today = timezone.localdate()
    form = YearForm(request.GET, today)
    insurance, year = form.asked()
    if year:
        life, records = None, year_of_records(person, insurance, year, today)
    else:
        life = calendar_of(person, insurance, today)
        latest = life.rows[0][0]
        records = records_of_year(life.judge, latest, *ask(*asked_records(person, insurance, latest)))
    context = {
        "form": form,
        "life": life,
        "records": records,
        "steps": base_steps(records) if year else None,
        "insurances": Insurance,
        "marks": [*MonthState, *Untold],
    }
    return render(request, "contributions/payment_records.html", context)
