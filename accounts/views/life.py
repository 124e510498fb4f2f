"""Pages about what a person has received and lived through: benefits, treatment, transfers, unemployment, injury."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import benefits_received, medical_spending, transfer_progress, unemployment, work_injury
from accounts.life_forms import YearOfForm
from inquiries.door import on_record
from inquiries.step_up import fresh
from registry.insurance import Insurance


@require_safe
@on_record("accounts.benefits")
def benefits(request, person):
    """What the five insurances have paid: in all, by year of one of them, and line by line of one year."""
    form = YearOfForm(request.GET)
    insurance, year, number = form.asked()
    found = benefits_received.benefits_received(person, timezone.localdate())
    chosen = next((each for each in found if each.insurance == insurance), None) or _first_with_benefits(found)
    context = {"form": form, "found": found, "chosen": chosen, "year": year}
    context["last"] = benefits_received.last_received(person)
    context["on_own_page"] = chosen.insurance == benefits_received.OWN_PAGE
    if year and not context["on_own_page"]:
        context["page"] = benefits_received.lines_of_year(person, chosen.insurance, year, number)
    return render(request, "accounts/benefits.html", context)


def _first_with_benefits(found):
    return next((each for each in found if each.years), found[0])


@require_safe
@on_record("accounts.medical_spending")
def medical(request, person):
    """What treatment cost by year and who paid; the settlements of one year."""
    form = YearOfForm(request.GET)
    _insurance, year, number = form.asked()
    spending = medical_spending.medical_spending(person, timezone.localdate())
    context = {"form": form, "spending": spending, "year": year, "chosen": spending.year(year)}
    if year:
        context["page"] = medical_spending.settlements_of_year(person, year, number)
    return render(request, "accounts/medical_spending.html", context)


@require_safe
@on_record("accounts.transfers")
def transfers(request, person):
    """Moves between areas: which step, and who holds the money."""
    told = transfer_progress.transfers_of(person, timezone.localdate())
    return render(request, "accounts/transfers.html", {"told": told})


@require_safe
@on_record("accounts.unemployment")
def unemployed(request, person):
    """Registered or not, what the law asks for, months granted and used, and how to apply."""
    told = unemployment.unemployment_of(person, timezone.localdate())
    return render(request, "accounts/unemployment.html", {"told": told, "insurance": Insurance.UNEMPLOYMENT})


@fresh
@require_safe
@on_record("accounts.work_injury")
def work_injuries(request, person):
    """Work injury, occupational disease and disability, with what was paid for them; asks again who is there."""
    record = work_injury.sensitive_record(person, timezone.localdate())
    return render(request, "accounts/work_injury.html", {"record": record})
