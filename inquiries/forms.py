from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from registry.identity import IdentityError, check_number, compact
from registry.models.persons import IdType

from . import throttle
from .activation import ActivationRefused, open_code
from .look_up import person_with_number
from .models import Purpose, User
from .password_forms import LONGEST_TYPED, NewPasswordForm
from .throttled import refuse_while_throttled

NUMBER_MESSAGES = {
    "empty": _("Enter the identity number."),
    "length": _("The identity number has 18 characters; you entered %(length)s."),
    "character": _("The identity number holds digits only; the last character may be X."),
    "check_digit": _("The last character of the identity number does not fit. Compare it with the document again."),
    "date": _("There is no such date of birth. Compare the identity number with the document again."),
    "fifteen": _("This is an old number of 15 digits. Enter the number of 18 characters."),
}
OF_THE_BOOKS = (Purpose.CORRECTION, Purpose.AUDIT)
NUMBER_WIDGET = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"})


def clean_number(id_type, number):
    """The checked, compact identity number, or a ValidationError in the words of ux.md §3.3."""
    try:
        return check_number(id_type, number)
    except IdentityError as error:
        raise forms.ValidationError(NUMBER_MESSAGES[error.code], code=error.code, params=error.values) from error


class IdentityNumberForm(forms.Form):
    """A document's type and number, which can only be right together; `number` is compact once the form is valid."""

    id_type = forms.ChoiceField(label=_("Document type"), choices=IdType.choices, initial=IdType.CITIZEN)
    number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        widget=NUMBER_WIDGET,
        error_messages={"required": NUMBER_MESSAGES["empty"]},
    )

    def clean(self):
        data = super().clean()
        if "number" in data and "id_type" in data:
            try:
                data["number"] = clean_number(data["id_type"], data["number"])
            except forms.ValidationError as error:
                self.add_error("number", error)
        return data


class SignInForm(forms.Form):
    """Number and password of one door. Whatever is wrong, the answer is the same."""

    login = forms.CharField(label=_("Identity number"), max_length=30, widget=NUMBER_WIDGET)
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_TYPED,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    public = forms.ChoiceField(
        label=_("Is this a public computer?"),
        help_text=_("On a public computer you are signed out after 5 minutes without activity, and after 30 at most."),
        choices=[("yes", _("Yes")), ("no", _("No, it is my own"))],
        widget=forms.RadioSelect,
        required=False,
    )

    error_messages = {
        User.Kind.PERSON: _(
            "Identity number or password is not right. If this is your first time, get an activation code first."
        ),
        User.Kind.AGENT: _(
            "Identity number or password is not right. If this is your first time, get an activation code first."
        ),
        User.Kind.STAFF: _("Staff number or password is not right."),
    }

    def __init__(self, request, kind, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.kind, self.user = request, kind, None
        if kind == User.Kind.STAFF:
            self.fields["login"].label = _("Staff number")
            del self.fields["public"]
        self.fields["login"].error_messages["required"] = (
            _("Enter the staff number.") if kind == User.Kind.STAFF else NUMBER_MESSAGES["empty"]
        )
        self.fields["password"].error_messages["required"] = _("Enter the password.")

    def clean(self):
        data = super().clean()
        if not self.errors:
            refuse_while_throttled(self.kind, data["login"], self.request)
            self.user = authenticate(self.request, kind=self.kind, login=data["login"], password=data["password"])
            if self.user is None:
                throttle.failed(self.kind, data["login"], self.request)
                raise forms.ValidationError(self.error_messages[self.kind], code="refused")
            throttle.succeeded(self.kind, data["login"], self.request)
        return data

    @property
    def is_public(self):
        """Whether the session is to be a short one: who does not say sits at a public computer. Staff never do."""
        return "public" in self.fields and self.cleaned_data.get("public") != "no"


class ActivationForm(NewPasswordForm):
    """Number, name and activation code together prove who it is; then a password is chosen."""

    kind = forms.ChoiceField(label=_("I am"), choices=User.Kind.choices, initial=User.Kind.PERSON)
    login = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        widget=NUMBER_WIDGET,
        help_text=_("Staff enter the staff number."),
        error_messages={"required": NUMBER_MESSAGES["empty"]},
    )
    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Enter the name as on the document.")}
    )
    code = forms.CharField(
        label=_("Activation code"),
        max_length=20,
        widget=NUMBER_WIDGET,
        help_text=_("12 characters, from the service window or the letter with your card."),
        error_messages={"required": _("Enter the activation code.")},
    )

    field_order = ["kind", "login", "name", "code", "protection", "password", "again"]

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.activation_code = request, None

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        door = f"activate:{data['kind']}"
        refuse_while_throttled(door, data["login"], self.request)
        try:
            self.activation_code = open_code(data["kind"], data["login"], data["name"], data["code"])
        except ActivationRefused:
            throttle.failed(door, data["login"], self.request)
            raise forms.ValidationError(
                _(
                    "The activation code is not right or no longer good. It is good for 72 hours and once; "
                    "you can get a new one at a service window."
                ),
                code="refused",
            ) from None
        throttle.succeeded(door, data["login"], self.request)
        # Only now, so that nothing about the number is told to whoever has no code.
        self.check_new_password(self.activation_code.user, data["login"])
        return data


class StartVisitForm(forms.Form):
    """A visitor in person: what for, which papers the clerk has in hand, and the number typed twice."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[("", _("Choose"))]
        + [(p.value, p.label) for p in Purpose if p not in {Purpose.OWN_RECORD, Purpose.PAYMENT_LIST, *OF_THE_BOOKS}],
        error_messages={"required": _("Choose the purpose.")},
    )
    queue_no = forms.CharField(label=_("Queue number"), max_length=20, required=False)
    papers = forms.MultipleChoiceField(
        label=_("Papers seen"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the papers you have in hand.")},
    )
    id_type = forms.ChoiceField(label=_("Document type"), choices=IdType.choices, initial=IdType.CITIZEN)
    number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        widget=NUMBER_WIDGET,
        error_messages={"required": NUMBER_MESSAGES["empty"]},
    )
    again = forms.CharField(
        label=_("Identity number again"),
        max_length=30,
        widget=NUMBER_WIDGET,
        error_messages={"required": _("Enter the identity number a second time.")},
    )

    def __init__(self, required_papers, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.required_papers = list(required_papers)
        self.fields["papers"].choices = [(str(p.pk), p.document) for p in self.required_papers]
        self.person_id = None

    def clean_papers(self):
        seen = {int(pk) for pk in self.cleaned_data["papers"]}
        missing = [p.document for p in self.required_papers if not p.is_optional and p.pk not in seen]
        if missing:
            raise forms.ValidationError(
                ngettext_lazy("Still missing: %(papers)s.", "Still missing: %(papers)s.", len(missing)),
                params={"papers": "、".join(missing)},
            )
        return [p for p in self.required_papers if p.pk in seen]

    def clean(self):
        data = super().clean()
        if "number" not in data or "again" not in data or "id_type" not in data:
            return data
        try:
            number = clean_number(data["id_type"], data["number"])
        except forms.ValidationError as error:
            self.add_error("number", error)
            return data
        if number != compact(data["again"]):
            self.add_error("again", _("The two numbers differ. Type the number from the document again."))
        if not self.errors:
            self.person_id = person_with_number(data["id_type"], number)
            if self.person_id is None:
                self.add_error("number", _("No insured person has this number. Compare it with the document again."))
        return data


class CheckIdentityForm(forms.Form):
    """The clerk compares visitor and record; only a match opens the record."""

    result = forms.ChoiceField(
        label=_("Does the visitor match the record?"),
        choices=[("matched", _("Yes, all facts agree")), ("mismatch", _("No, something differs"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the visitor matches the record.")},
    )
