from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inquiries.door import on_record
from registry.insurance import Insurance

from .forms import YearForm
from .month_state import MonthState, Untold
from .payment_pages import whole_life, year_alone


@require_safe
@on_record("contributions.payment_records")
def payment_records(request, person):
    """One insurance: the calendar of the whole life with the latest year's payments, or the year that is asked for."""
    today = timezone.localdate()
    form = YearForm(request.GET, today)
    insurance, year = form.asked()
    if year:
        life, (records, steps) = None, year_alone(person, insurance, year, today)
    else:
        (life, records), steps = whole_life(person, insurance, today), None
    context = {
        "form": form,
        "life": life,
        "records": records,
        "steps": steps,
        "insurances": Insurance,
        "marks": [*MonthState, *Untold],
    }
    return render(request, "contributions/payment_records.html", context)
