from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models.persons import IdType

from . import throttle
from .calls import CodeRefused, use_code
from .forms import NUMBER_MESSAGES, NUMBER_WIDGET, clean_number
from .throttled import refuse_while_throttled


class CallForm(forms.Form):
    """The caller's number and the code she reads out. Whatever is wrong, the answer is the same."""

    id_type = forms.ChoiceField(label=_("Document type"), choices=IdType.choices, initial=IdType.CITIZEN)
    number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        widget=NUMBER_WIDGET,
        error_messages={"required": NUMBER_MESSAGES["empty"]},
    )
    code = forms.CharField(
        label=_("Code of the caller"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("Six digits that the caller reads out."),
        error_messages={"required": _("Enter the code that the caller reads out.")},
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.person_id = request, None

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
            # Counted by who guesses: nobody can shut a caller out, and one desk cannot try many callers.
            refuse_while_throttled("phone", self.request.user, self.request)
            try:
                self.person_id = use_code(data["id_type"], number, "".join(data["code"].split()))
            except CodeRefused:
                raise forms.ValidationError(
                    _(
                        "Number and code do not belong together, or the code is no longer good. It is good for ten "
                        "minutes and once; the caller can make a new one."
                    ),
                    code="refused",
                ) from None
            throttle.succeeded("phone", self.request.user, self.request)
        return data
