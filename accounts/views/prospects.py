"""A person's own prospects: when she may retire, how many months are needed, and an estimate with its working."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.pension_grounds import PensionGrounds
from accounts.prospects import tell
from accounts.prospects_form import CategoryForm, WhatIfForm
from accounts.what_if import national_dates, range_of
from accounts.working import age_words, assumptions_in_words, dates_in_words, in_words, months_picture, steps
from inquiries.door import on_record
from registry.answering import nothing_of

# Where the category tells at least when to retire.
ASKED_OF = {"category", "not_enrolled"}


@require_safe
@on_record("accounts.prospects")
def prospects(request, person):
    """Retirement month and window, minimum months, a range of the monthly pension, and what is missing for it."""
    today = timezone.localdate()
    category_form = CategoryForm(request.GET, person)
    category = category_form.asked()
    grounds = PensionGrounds(person, today)
    found = tell(grounds, category)
    context = {"person": person, "category_form": category_form, "category": category, "today": today, "found": found}
    codes = {reason.code for reason in found.missing}
    if "not_enrolled" in codes:
        context |= {
            "judged": nothing_of(person, "enrolments", today),
            "dates": national_dates(person, category, today),
        }
    elif found.dates:
        context |= _estimated(request.GET, grounds, category, found)
    elif "category" not in codes:
        context["reasons"] = [in_words(reason) for reason in found.missing]
    context["asks_category"] = category_form.is_asked and category is None and bool(codes & ASKED_OF)
    context.setdefault("form", category_form)
    if context.get("dates"):
        context["when"] = dates_in_words(context["dates"])
    return render(request, "accounts/prospects.html", context)


def _estimated(asked, grounds, category, found):
    last_base = grounds.paid[-1][1] if grounds.paid else None
    form = WhatIfForm(asked, found.dates, last_base, grounds.enrolment.scheme)
    context = {"form": form, "what_if": form, "dates": found.dates, "wage": last_of(grounds.law.calculation_bases)}
    if form.is_valid():
        told = range_of(grounds, category, form.cleaned_data["retires_in"], form.suppositions())
        context |= {
            "range": told,
            "told": told.told,
            "dates": told.told.dates,
            "reasons": [in_words(reason) for reason in told.missing],
            "months": months_picture(told),
            "steps": steps(told.told.estimate),
            "assumptions": assumptions_in_words(told.told.estimate),
        }
        if told.told.estimate:
            context["age"] = age_words(told.told.estimate.age_months)
    return context


def last_of(rows):
    """The newest of dated figures, to be named beside the field; None where there is none."""
    return max(rows, key=lambda row: row.since, default=None)
