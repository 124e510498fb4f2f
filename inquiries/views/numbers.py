"""The identity number: masked on every page; whole once, by a deed that says why."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from inquiries.door import on_record, revealing_deed
from inquiries.models import AccessLog, Inquiry
from inquiries.step_up import fresh

PAGE = "inquiries.whole_number"
BEGINS_AT = "find_person"
Reveal = AccessLog.Reveal
REASONS = {
    Inquiry.Capacity.SELF: (Reveal.OWN,),
    Inquiry.Capacity.CLERK: (Reveal.DOCUMENT, Reveal.FORM),
    Inquiry.Capacity.OPERATOR: (Reveal.DOCUMENT, Reveal.OFFICE),
}


class RevealForm(forms.Form):
    """Why the whole number is needed, in the capacity in which the record is open."""

    reason = forms.ChoiceField(label=_("What the whole number is needed for"), widget=forms.RadioSelect)

    def __init__(self, capacity):
        reasons = REASONS.get(capacity, ())
        super().__init__(initial={"reason": reasons[0].value if reasons else ""})
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in reasons]


@require_safe
@on_record(PAGE)
def whole_number(request, person):
    """The masked number, and the form that shows it whole."""
    return _page(request, person)


@require_safe
@on_record(PAGE, begins_at=BEGINS_AT)
def operators_whole_number(request, person):
    """The same for an operator, about the person looked up."""
    return _page(request, person)


@fresh
@revealing_deed(PAGE, REASONS, BEGINS_AT)
def show_number(request, person):
    """The whole number, on this answer alone: no address leads to it."""
    return _page(request, person, is_whole=True)


def _page(request, person, is_whole=False):
    context = {
        "person": person,
        "number": person.identifiers.get(is_main=True),
        "is_whole": is_whole,
        "inquiry": request.inquiry,
        "form": RevealForm(request.inquiry.capacity),
    }
    return render(request, "inquiries/whole_number.html", context)
