"""Forms in which somebody who is signed in, or whose session is locked, proves again who she is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import throttle
from .password_forms import LONGEST_TYPED
from .passwords import normal
from .throttled import refuse_while_throttled

DOOR = "step_up"


class PasswordForm(forms.Form):
    """The password of a user who is known already. Guesses are counted before they are hashed."""

    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_TYPED,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter the password.")},
    )

    def __init__(self, request, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean(self):
        data = super().clean()
        if "password" in data:
            refuse_while_throttled(DOOR, self.user, self.request)
            if not self.user.check_password(normal(data["password"])):
                throttle.failed(DOOR, self.user, self.request)
                raise forms.ValidationError(_("The password is not right."), code="refused")
            throttle.succeeded(DOOR, self.user, self.request)
        return data
