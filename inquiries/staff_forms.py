"""What administrators fill in about accounts of staff."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import Agency

from .models import StaffMember

# As in the feed: no blanks, no sign in front that a spreadsheet takes for a formula.
STAFF_NUMBER = re.compile(r"[^=+@\s-][^\s]{0,29}")
WITHOUT_ROLE = {"required": _("Choose the role.")}


class ReasonForm(forms.Form):
    """Why; every deed on an account of staff says it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        help_text=_("With the number of the paper it rests on. Auditors read it."),
        error_messages={"required": _("Enter the reason.")},
    )


class AccountForm(ReasonForm):
    """Role and place of a member of staff."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("Choose")), *StaffMember.Role.choices], error_messages=WITHOUT_ROLE
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), error_messages={"required": _("Choose the agency.")}
    )
    office = forms.CharField(
        label=_("Office or window"), max_length=60, error_messages={"required": _("Enter the office or window.")}
    )
    field_order = ("staff_no", "name", "role", "agency", "office", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.order_by("code")


class NewStaffForm(AccountForm):
    """A new member of staff, under a number that nobody had before."""

    staff_no = forms.CharField(
        label=_("Staff number"), max_length=30, error_messages={"required": _("Enter the staff number.")}
    )
    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Enter the name as on the document.")}
    )

    def clean_staff_no(self):
        number = self.cleaned_data["staff_no"]
        if not STAFF_NUMBER.fullmatch(number):
            raise forms.ValidationError(_("A staff number has no blanks and none of = + - @ in front."))
        return number


class EndForm(ReasonForm):
    """From which day on the role gives no rights any more."""

    until = forms.DateField(
        label=_("First day without the role"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter the day like 2026-11-30.")},
    )
    field_order = ("until", "reason")

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise forms.ValidationError(_("The day must be today or later."))
        return until
