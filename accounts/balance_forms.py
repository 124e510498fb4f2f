"""What the pages about one's own balance are asked: which account, which year, up to which month, which source."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.months import month

from .models import Entry

FIRST_YEAR = 1978


class YearForm(forms.Form):
    """Which account (its number among the person's) and which year; what cannot be read falls back to the default."""

    account = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=FIRST_YEAR, max_value=2200)
    page = forms.IntegerField(required=False, min_value=1)

    def asked(self, name):
        """What was asked for by this name, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None


class SourcesForm(YearForm):
    """Also: up to which month the balance is wanted, and which of its sources is opened (`term`, a kind of entry)."""

    to_year = forms.TypedChoiceField(
        label=_("Year"), coerce=int, required=False, error_messages={"invalid_choice": _("Choose a year of the list.")}
    )
    to_month = forms.TypedChoiceField(
        label=_("Month"),
        coerce=int,
        required=False,
        choices=[(number, number) for number in range(1, 13)],
        error_messages={"invalid_choice": _("Choose a month of the list.")},
    )
    term = forms.ChoiceField(required=False, choices=Entry.Kind.choices)

    def __init__(self, data, first_year, today):
        """first_year: in which the account was opened; None where there is none."""
        years = range(today.year, (first_year or today.year) - 1, -1)
        self.is_dated = "to_year" in data
        # What is not asked for stands in the lists as the present month.
        super().__init__({"to_year": today.year, "to_month": today.month} | data.dict())
        self.today = today
        self.fields["to_year"].choices = [(year, year) for year in years]

    def clean(self):
        asked = super().clean()
        year, number = asked.get("to_year"), asked.get("to_month")
        if year and number and month(year, number) > self.today:
            words = _("%(year)s-%(month)s has not come yet.")
            self.add_error("to_month", forms.ValidationError(words, params={"year": year, "month": f"{number:02d}"}))
        return asked

    def until(self):
        """The month up to which the balance is wanted, or None for all there is."""
        year, number = self.asked("to_year"), self.asked("to_month")
        return month(year, number) if self.is_dated and year and number else None

    def query(self, **further):
        """The query string of a link that keeps account and month, with `further` names; it ends in & unless empty."""
        dated = ("to_year", "to_month") if self.is_dated else ()
        kept = {name: self.asked(name) for name in ("account", *dated)} | further
        kept = {name: value for name, value in kept.items() if value}
        return f"{urlencode(kept)}&" if kept else ""
