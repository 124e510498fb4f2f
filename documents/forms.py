from django import forms
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from accounts.forms import MonthField
from registry.insurance import Insurance
from registry.months import add_months, each_month, month_of
from registry.templatetags import words


class PaymentListForm(forms.Form):
    """Which month of which insurance; what is not given is the last month that has lines, and old-age insurance."""

    month = MonthField(
        widget=forms.Select, label=_("Month covered"), error_messages={"required": _("Enter the month.")}
    )
    insurance = forms.TypedChoiceField(
        label=_("Insurance"),
        choices=Insurance.choices,
        coerce=Insurance,
        error_messages={"invalid_choice": _("Choose one of the five insurances.")},
    )

    def __init__(self, asked, first, last, today):
        """`first` and `last`: the months between which the employer has lines, None where it has none."""
        now = month_of(today)
        last = min(last or now, now)
        defaults = {"month": f"{last:%Y-%m}", "insurance": Insurance.PENSION.value}
        super().__init__(defaults | {name: asked[name] for name in defaults if name in asked})
        self.first, self.today = first, today
        months = reversed(each_month(first or last, add_months(last, 1)))
        self.fields["month"].widget.choices = [(f"{month:%Y-%m}", _plain(month)) for month in months]

    def clean_month(self):
        month = self.cleaned_data["month"]
        if month > self.today:
            raise forms.ValidationError(_("%(month)s has not come yet."), params={"month": _plain(month)})
        if self.first and month < self.first:
            raise forms.ValidationError(_("Records here begin in %(month)s."), params={"month": _plain(self.first)})
        return month


def _plain(month):
    return strip_tags(words.month(month))
