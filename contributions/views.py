from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inquiries.door import on_record
from registry.insurance import Insurance

from .forms import YearForm
from .month_state import MonthState
from .payment_records import year_of_records


@require_safe
@on_record("contributions.payment_records")
def payment_records(request, person):
    """The year's contributions of one insurance, month by month, with what was declared and not paid."""
    today = timezone.localdate()
    form = YearForm(request.GET, today)
    records = year_of_records(person, *form.asked(), today)
    context = {"form": form, "records": records, "insurances": Insurance, "states": MonthState}
    return render(request, "contributions/payment_records.html", context)
