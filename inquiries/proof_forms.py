"""Forms of the second factor: one field each, made for telephones and for people who type slowly."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.identity import compact

from .bound_phones import mobile_number
from .throttled import refuse_while_throttled

CODE_WIDGET = forms.TextInput(
    attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autocapitalize": "off"}
)


class CodeForm(forms.Form):
    """A one-time code; digits may be typed with spaces. What it proves, the view asks."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        widget=CODE_WIDGET,
        error_messages={"required": _("Enter the one-time code.")},
    )

    def clean_code(self):
        return compact(self.cleaned_data["code"])

    def is_throttled(self, door, user, request):
        """Count a guess; whether it has to wait, which the form then says."""
        try:
            refuse_while_throttled(door, user, request)
        except forms.ValidationError as error:
            self.add_error(None, error)
        return bool(self.errors)

    def refuse(self):
        """Say that the code does not fit; nothing tells a wrong code from a late or a used one."""
        self.add_error("code", _("This code is not right or no longer good. Each code works once."))


class PhoneForm(forms.Form):
    """A mobile number of the mainland: eleven digits."""

    phone = forms.CharField(
        label=_("Mobile phone number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        error_messages={"required": _("Enter the mobile phone number.")},
    )

    def clean_phone(self):
        number = mobile_number(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(_("A mobile phone number has 11 digits and begins with 1."), code="phone")
        return number


class RemoveForm(forms.Form):
    """Which second factor goes."""

    way = forms.ChoiceField(choices=[(way, way) for way in ("app", "passkey", "phone", "codes")])
    passkey = forms.IntegerField(required=False)
