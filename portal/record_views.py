"""Pages of one person's record that the register alone answers: registration, employment, card."""

from django import forms
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from inquiries.door import on_record
from portal import card_data, employment, registration
from registry.insurance import Insurance


class HistoryForm(forms.Form):
    """Whose history: an insurance; and which page of it."""

    insurance = forms.ChoiceField(label=_("Insurance"), choices=Insurance.choices, required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def asked(self):
        """(Insurance, page number); what can't be read falls back to old-age insurance and the first page."""
        self.is_valid()
        insurance = Insurance(self.cleaned_data.get("insurance") or Insurance.PENSION)
        return insurance, self.cleaned_data.get("page") or 1


@require_safe
@on_record("portal.registration_status")
def registration_status(request, person):
    """In which scheme the person is registered, where and since when, with what happened last."""
    statuses = registration.status_of(person, timezone.localdate())
    return render(request, "portal/registration_status.html", {"person": person, "statuses": statuses})


@require_safe
@on_record("portal.registration_history")
def registration_history(request, person):
    """All that ever happened to the registration in one insurance, newest first."""
    form = HistoryForm(request.GET)
    history = registration.history_of(person, *form.asked(), timezone.localdate())
    context = {"form": form, "history": history, "insurances": Insurance}
    return render(request, "portal/registration_history.html", context)


@require_safe
@on_record("portal.employment")
def employment_experience(request, person):
    """For whom the person has worked, who said so and when, and her vocational skills."""
    experience = employment.experience_of(person, timezone.localdate())
    return render(request, "portal/employment.html", {"experience": experience})


@require_safe
@on_record("portal.my_card")
def my_card(request, person):
    """The card: its face, the two accounts on it, and the data of the household, masked."""
    data = card_data.card_data(person, timezone.localdate())
    return render(request, "portal/my_card.html", {"data": data, "person": person})
