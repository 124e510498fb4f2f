from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import IdentityNumberForm
from .look_up import person_with_number
from .models import Purpose

WHY = (Purpose.CORRECTION, Purpose.VERIFY, Purpose.AUDIT)


class LookForm(forms.Form):
    """Why an operator or auditor looks: a purpose, and the document for whose sake (a case, a letter, an audit)."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[("", _("Choose"))] + [(p.value, p.label) for p in WHY],
        error_messages={"required": _("Choose the purpose.")},
    )
    reference = forms.CharField(
        label=_("Document reference"),
        max_length=60,
        help_text=_("Number of the case, letter or audit for whose sake you look."),
        error_messages={"required": _("Enter the document reference.")},
    )


class NumberForm(IdentityNumberForm):
    """One person, by her exact identity number: `person_id` once the form is valid."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person_id = None

    def clean(self):
        data = super().clean()
        if not self.errors:
            self.person_id = person_with_number(data["id_type"], data["number"])
            if self.person_id is None:
                self.add_error("number", _("No insured person has this number. Compare it with the document again."))
        return data


class FindPersonForm(NumberForm, LookForm):
    """Whom an operator or auditor looks up, and why; there is no list and no part of a name to search by."""

    field_order = ("id_type", "number", "purpose", "reference")
