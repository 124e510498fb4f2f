"""Forms in which a new password is chosen, and the way to read what one typed without a script."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import passwords, throttle
from .models import User
from .throttled import refuse_while_throttled

SHOW = "show"
DOOR = "change_password"
# Longer than a password may be, so that one that is too long is told so and never cut.
LONGEST_TYPED = 1024


def new_password_field(label, **more):
    return forms.CharField(
        label=label,
        max_length=LONGEST_TYPED,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": LONGEST_TYPED}),
        **more,
    )


def shown(form, typed):
    """This unbound form with what was typed in it, passwords in clear: the answer to the button named `show`."""
    for name, field in form.fields.items():
        field.initial = typed.get(name)
        if isinstance(field.widget, forms.PasswordInput):
            field.widget.input_type, field.widget.render_value = "text", True
            field.widget.attrs |= {"spellcheck": "false", "autocapitalize": "off"}
    return form


class NewPasswordForm(forms.Form):
    """A new password, typed twice, and whether a second factor will stand beside it."""

    class Protection:
        CODE = "code"
        ALONE = "alone"

    protection = forms.ChoiceField(
        label=_("How do you want to sign in?"),
        choices=[
            (Protection.CODE, _("Password of 8 characters or more, and a one-time code each time (safer)")),
            (Protection.ALONE, _("Only a long password of 15 characters or more, no code")),
        ],
        initial=Protection.CODE,
        widget=forms.RadioSelect,
        help_text=_(
            "The code comes from your phone, or from a sheet of paper that you get at a window. "
            "Whoever finds out your password then still cannot get in."
        ),
        error_messages={"required": _("Say how you want to sign in.")},
    )
    password = new_password_field(
        _("New password"),
        help_text=_("A sentence is easy to remember. You may paste it. Not your birthday, number, name or phone."),
        error_messages={"required": _("Enter a new password.")},
    )
    again = new_password_field(_("New password again"), error_messages={"required": _("Enter the new password again.")})

    @property
    def is_alone(self):
        return self.cleaned_data.get("protection") == self.Protection.ALONE

    def clean(self):
        data = super().clean()
        if not self.errors and passwords.normal(data["password"]) != passwords.normal(data["again"]):
            self.add_error("again", _("The two passwords differ."))
        return data

    def check_new_password(self, user, login=""):
        """Add what is wrong with the choice for this user."""
        if self.is_alone and user.kind != User.Kind.PERSON:
            self.add_error("protection", _("Staff and employers' agents always sign in with a code as well."))
        for problem in passwords.problems(self.cleaned_data["password"], user, login, self.is_alone):
            self.add_error("password", problem)


class ChangePasswordForm(NewPasswordForm):
    """The present password, then a new one; persons may choose anew whether a code stands beside it."""

    current = forms.CharField(
        label=_("Present password"),
        max_length=LONGEST_TYPED,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter the password.")},
    )

    field_order = ["current", "protection", "password", "again"]

    def __init__(self, request, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        if user.kind == User.Kind.PERSON:
            chosen = self.Protection.ALONE if user.password_alone else self.Protection.CODE
            self.fields["protection"].initial = chosen
        else:
            del self.fields["protection"]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        refuse_while_throttled(DOOR, self.user, self.request)
        if not self.user.check_password(passwords.normal(data["current"])):
            throttle.failed(DOOR, self.user, self.request)
            self.add_error("current", _("The present password is not right."))
            return data
        throttle.succeeded(DOOR, self.user, self.request)
        if passwords.normal(data["current"]) == passwords.normal(data["password"]):
            self.add_error("password", _("This is the present password. Choose another."))
        else:
            self.check_new_password(self.user)
        return data
