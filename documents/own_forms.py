"""The form of one's own payment list."""

from django import forms
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from accounts.forms import MonthField
from registry.insurance import Insurance
from registry.months import add_months, month_of
from registry.templatetags import words

MONTHS_AT_FIRST = 12


class OwnListForm(forms.Form):
    """From which month to which, and of which insurance; nothing given means the last year of records, all five."""

    since = MonthField(
        label=_("From month"),
        help_text=_("Like 2026-10."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the month.")},
    )
    until = MonthField(
        label=_("To month"),
        help_text=_("Like 2026-10."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the month.")},
    )
    insurance = forms.ChoiceField(
        label=_("Insurance"),
        choices=[("", _("All five")), *Insurance.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose one of the five insurances.")},
    )

    def __init__(self, asked, first, last, today):
        """`first` and `last`: the months covered between which there are records, None where there are none."""
        self.first, self.this_month = first, month_of(today)
        last = min(last or add_months(self.this_month, -1), self.this_month)
        at_first = add_months(last, 1 - MONTHS_AT_FIRST)
        at_first = max(first, at_first) if first else at_first
        defaults = {"since": f"{at_first:%Y-%m}", "until": f"{last:%Y-%m}", "insurance": ""}
        super().__init__(defaults | {name: asked[name] for name in defaults if name in asked})

    def clean_until(self):
        month = self.cleaned_data["until"]
        if month > self.this_month:
            raise forms.ValidationError(_("%(month)s has not come yet."), params={"month": _plain(month)})
        return month

    def clean_since(self):
        month = self.cleaned_data["since"]
        if self.first and month < self.first:
            raise forms.ValidationError(_("Records here begin in %(month)s."), params={"month": _plain(self.first)})
        return month

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last month must not lie before the first."))
        return data


def _plain(month):
    return strip_tags(words.month(month))
