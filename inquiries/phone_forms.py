from django import forms
from django.utils.translation import gettext_lazy as _

from . import throttle
from .calls import CodeRefused, use_code
from .forms import IdentityNumberForm
from .throttled import refuse_while_throttled


class CallForm(IdentityNumberForm):
    """The caller's number and the code she reads out. Whatever is wrong, the answer is the same."""

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
        if not self.errors:
            # Counted by who guesses: nobody can shut a caller out, and one desk cannot try many callers.
            refuse_while_throttled("phone", self.request.user, self.request)
            try:
                self.person_id = use_code(data["id_type"], data["number"], "".join(data["code"].split()))
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
