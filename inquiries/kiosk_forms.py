from django import forms
from django.utils.translation import gettext_lazy as _


class RegisterForm(forms.Form):
    """The machine in front of which the operator stands becomes a kiosk."""

    name = forms.CharField(
        label=_("Name of the kiosk"), max_length=60, error_messages={"required": _("Enter a name for the kiosk.")}
    )
    office = forms.CharField(
        label=_("Office"), max_length=60, error_messages={"required": _("Enter the office where it stands.")}
    )
