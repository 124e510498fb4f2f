"""The what-if form of the pension estimate: filled in from the records, to be changed by whoever asks."""

from decimal import Decimal

from django import forms
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from contributions.models.retirement import RetirementCategory
from registry.insurance import Scheme
from registry.models import InsuredPerson
from registry.months import add_months, each_month
from registry.templatetags import words

from .forms import MonthField
from .prospects import Suppositions

WOMEN = [(c.value, c.label) for c in (RetirementCategory.FEMALE_50, RetirementCategory.FEMALE_55)]
FIGURE = {"inputmode": "decimal", "autocomplete": "off"}
FIGURE_MESSAGES = {
    "invalid": _("Enter a figure, such as 8000.00."),
    "min_value": _("Enter a figure that is not below %(limit_value)s."),
    "max_value": _("Enter a figure that is not above %(limit_value)s."),
    "max_decimal_places": _("At most %(max)s places after the point."),
    "max_digits": _("Enter a figure, such as 8000.00."),
    "max_whole_digits": _("Enter a figure, such as 8000.00."),
}
MOST_YUAN = Decimal("1000000")
HUNDRED = Decimal(100)


def figure(label, hint="", most=MOST_YUAN, least=Decimal("0.01"), places=2):
    """A field of a figure that may be left empty."""
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=False,
        min_value=least,
        max_value=most,
        max_digits=12,
        decimal_places=places,
        widget=forms.TextInput(attrs=FIGURE),
        error_messages=FIGURE_MESSAGES,
    )


class CategoryForm(forms.Form):
    """Which retirement age applies: a woman is asked, because her work decides it; a man is not."""

    category = forms.ChoiceField(
        label=_("Which retirement age applies to you"),
        choices=WOMEN,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("It depends on your work, not on your number. If you do not know, ask your employer."),
        error_messages={"invalid_choice": _("Choose one of the two.")},
    )

    def __init__(self, asked, person):
        super().__init__(asked)
        self.is_asked = person.sex != InsuredPerson.Sex.MALE

    def asked(self):
        """The RetirementCategory that was chosen, or None."""
        return (self.cleaned_data.get("category") or None) if self.is_asked and self.is_valid() else None


class WhatIfForm(forms.Form):
    """When to retire, what is paid on until then, and figures that the records or the rules do not tell."""

    retires_in = MonthField(
        label=_("Retirement in"), widget=forms.Select, error_messages={"required": _("Choose the month.")}
    )
    base = figure(_("Monthly base paid on until then (yuan)"), _("At first your last one. Empty: nothing is paid."))
    calculation_base = figure(
        _("Calculation base in the year of retirement (yuan a month)"),
        _("The agency publishes it each year. Empty: the published one, if there is one."),
    )
    index = figure(
        _("Average contribution index"),
        _("Used only where it cannot be computed. 1 means: always the average wage."),
        most=Decimal(3),
        places=4,
    )
    average_wage = figure(_("Average wage in future (yuan a month)"), _("Empty: the last one published."))
    interest_rate = figure(
        _("Interest rate in future (percent a year)"),
        _("Empty: the last one published."),
        most=Decimal(20),
        least=Decimal(0),
        places=4,
    )
    deemed_months = forms.IntegerField(
        label=_("Deemed months"),
        help_text=_("Working time before contributions began, if the agency recognised it."),
        required=False,
        min_value=0,
        max_value=600,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=FIGURE_MESSAGES | {"invalid": _("Enter a whole number of months.")},
    )
    is_civil_servant = forms.BooleanField(label=_("I am a civil servant"), required=False)

    MAIN = ("retires_in", "base", "calculation_base")

    def __init__(self, asked, dates, last_base, scheme):
        """`dates`: RetirementDates. `last_base`: the last base on record in yuan, or None."""
        defaults = {"retires_in": f"{dates.statutory:%Y-%m}", "base": "" if last_base is None else f"{last_base:.2f}"}
        super().__init__({**defaults, **{name: asked[name] for name in self.base_fields if name in asked}})
        self.fields["retires_in"].widget.choices = list(_months(dates))
        if scheme != Scheme.PENSION_PUBLIC:
            self.fields.pop("is_civil_servant")

    def main_fields(self):
        return [self[name] for name in self.MAIN]

    def further_fields(self):
        return [self[name] for name in self.fields if name not in self.MAIN]

    def suppositions(self):
        """The Suppositions of a valid form."""
        asked, rate = self.cleaned_data, self.cleaned_data["interest_rate"]
        return Suppositions(
            calculation_base=asked["calculation_base"],
            deemed_months=asked["deemed_months"] or 0,
            base=asked["base"],
            average_wage=asked["average_wage"],
            interest_rate=None if rate is None else rate / HUNDRED,
            is_civil_servant=asked.get("is_civil_servant", False),
            index=asked["index"],
        )


def _months(dates):
    first, last = dates.earliest or dates.statutory, dates.latest or dates.statutory
    for month in each_month(first, add_months(last, 1)):
        text = strip_tags(words.month(month))
        yield f"{month:%Y-%m}", _("%(month)s (statutory)") % {"month": text} if month == dates.statutory else text
