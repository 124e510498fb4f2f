from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .door.scopes import scopes_with_pages
from .forms import NUMBER_MESSAGES, NUMBER_WIDGET, clean_number
from .models import Purpose
from .models.mandates import LONGEST
from .visit_forms import NAME_REQUIRED, day_field

PURPOSES = (Purpose.BALANCE, Purpose.PRINT, Purpose.REGISTRATION, Purpose.VERIFY, Purpose.CONSULT)


class GrantForm(forms.Form):
    """Let somebody ask: who, what, for which purpose, until when. Nothing is looked up about the proxy."""

    name = forms.CharField(label=_("Name of the proxy"), max_length=60, error_messages=NAME_REQUIRED)
    number = forms.CharField(
        label=_("Identity number of the proxy"),
        max_length=30,
        widget=NUMBER_WIDGET,
        help_text=_("The number the proxy signs in with. We do not tell whether somebody does."),
        error_messages={"required": NUMBER_MESSAGES["empty"]},
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the proxy may see"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part of your record.")},
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[("", _("Choose"))] + [(p.value, p.label) for p in PURPOSES],
        error_messages={"required": _("Choose the purpose.")},
    )
    last_day = day_field(
        label=_("Last day"),
        help_text=_("30 days at most, today included. You can end it earlier at any time."),
        error_messages={"required": _("Enter the last day."), "invalid": _("Enter a day of the calendar.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in scopes_with_pages()]
        today = timezone.localdate()
        self.latest = today + LONGEST - timedelta(days=1)
        self.fields["last_day"].widget.attrs |= {"min": today.isoformat(), "max": self.latest.isoformat()}

    def clean_number(self):
        return clean_number("citizen", self.cleaned_data["number"])

    def clean_last_day(self):
        last_day = self.cleaned_data["last_day"]
        if last_day < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        if last_day > self.latest:
            raise forms.ValidationError(_("A mandate lasts 30 days at most."))
        return last_day

    def answers(self):
        """(label, words) of each answer, to be checked before it counts."""
        data = self.cleaned_data
        chosen = dict(self.fields["scopes"].choices)
        return [
            (self.fields["name"].label, data["name"]),
            (self.fields["number"].label, data["number"]),
            (self.fields["scopes"].label, "、".join(str(chosen[scope]) for scope in data["scopes"])),
            (self.fields["purpose"].label, Purpose(data["purpose"]).label),
            (self.fields["last_day"].label, data["last_day"]),
        ]

    @property
    def until(self):
        return self.cleaned_data["last_day"] + timedelta(days=1)
