from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models.persons import IdType

from .forms import NUMBER_MESSAGES, NUMBER_WIDGET, clean_number
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


class NumberForm(forms.Form):
    """One person, by her exact identity number: `person_id` once the form is valid."""

    id_type = forms.ChoiceField(label=_("Document type"), choices=IdType.choices, initial=IdType.CITIZEN)
    number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        widget=NUMBER_WIDGET,
        error_messages={"required": NUMBER_MESSAGES["empty"]},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person_id = None

    def clean(self):
        data = super().clean()
        if "number" not in data or "id_type" not in data:
            return data
        try:
            number = clean_number(data["id_type"], data["number"])
        except forms.ValidationError as error:
            self.add_error("number", error)
            return data
        if not self.errors:
            self.person_id = person_with_number(data["id_type"], number)
            if self.person_id is None:
                self.add_error("number", _("No insured person has this number. Compare it with the document again."))
        return data


class FindPersonForm(NumberForm, LookForm):
    """Whom an operator or auditor looks up, and why; there is no list and no part of a name to search by."""

    field_order = ("id_type", "number", "purpose", "reference")
