"""Trying the rules out: a retirement month, a late fee, the split of a contribution. Nobody's record is read."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.late_fees import late_fee_segments
from contributions.models import BaseBound, ContributionRule
from contributions.models.retirement import RetirementCategory
from contributions.rates import (
    LateFeeRateMissingError,
    RateNotPublishedError,
    assessed_undeclared,
    clamp_base,
    late_fee_terms,
    split,
)
from registry.insurance import Category, Scheme
from registry.models import Area
from registry.months import month_of

from .forms import MonthField
from .pension_law import pension_law, schedule_for
from .prospects_form import FIGURE_MESSAGES
from .refusals import CannotTell
from .retirement import divisor, minimum_months, retirement_dates
from .what_if import WHOLE

PLAIN = {"autocomplete": "off"}
DECIMAL = PLAIN | {"inputmode": "decimal"}
FROM_THE_LIST = {"invalid_choice": _("Choose one from the list."), "required": _("Choose one from the list.")}


def yuan_field(label):
    return forms.DecimalField(
        label=label,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs=DECIMAL),
        error_messages=FIGURE_MESSAGES | {"required": _("Enter the amount.")},
    )


def day_field(label):
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        help_text=_("Like 2026-10-15."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Enter the day."), "invalid": _("Write the day like 2026-10-15.")},
    )


def month_field(label):
    return MonthField(
        label=label,
        help_text=_("Like 2026-10."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Enter the month.")},
    )


def areas():
    """(code, name) of the whole country and each pooling area."""
    return [(WHOLE, _("whole country")), *Area.objects.filter(is_pooling_area=True).values_list("code", "name")]


class RetirementTry(forms.Form):
    """Month of birth and category: when may one retire, after how many months, by what is the account divided."""

    born = month_field(_("Month of birth"))
    category = forms.ChoiceField(
        label=_("Which retirement age applies"),
        choices=RetirementCategory.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three."), "invalid_choice": _("Choose one of the three.")},
    )

    def answer(self, today):
        """{"dates", "minimum", "divisor"} by the national rules; CannotTell where a rule is missing."""
        schedule = schedule_for(WHOLE, self.cleaned_data["category"], month_of(today))
        law = pension_law(WHOLE)
        dates = retirement_dates(self.cleaned_data["born"], schedule, law.windows)
        return {
            "dates": dates,
            "minimum": minimum_months(dates, dates.statutory, law.minimums),
            "divisor": divisor(dates.age_in(dates.statutory), dates.statutory, law.divisors),
        }


class LateFeeTry(forms.Form):
    """What is unpaid, since when, until when."""

    unpaid = yuan_field(_("Unpaid amount (yuan)"))
    due_on = day_field(_("Due on"))
    paid_on = day_field(_("Paid on"))

    def clean(self):
        data = super().clean()
        if data.get("due_on") and data.get("paid_on") and data["paid_on"] < data["due_on"]:
            self.add_error("paid_on", _("The day of payment must not lie before the due date."))
        return data

    def answer(self, today):
        """{"terms", "fee"}: a LateFeeTerm for each rate, and their sum; CannotTell where no rate is known."""
        asked = self.cleaned_data
        try:
            terms = late_fee_terms(asked["unpaid"], asked["due_on"], asked["paid_on"], late_fee_segments(WHOLE))
        except LateFeeRateMissingError:
            raise CannotTell("late_fee_rate", day=f"{asked['due_on']:%Y-%m-%d}") from None
        return {"terms": terms, "fee": sum((term.fee for term in terms), Decimal("0.00"))}


class UndeclaredTry(forms.Form):
    """What an employer paid for all its people in the month before the one it declares nothing for."""

    month_before = yuan_field(_("Paid by the employer for the month before (yuan)"))

    def answer(self, today):
        """{"assessed": yuan}."""
        return {"assessed": assessed_undeclared(self.cleaned_data["month_before"])}


class SplitTry(forms.Form):
    """A month's wage in a scheme of an area: who pays what, and where it goes."""

    area = forms.ChoiceField(label=_("Area"), choices=areas, required=False, error_messages=FROM_THE_LIST)
    scheme = forms.ChoiceField(label=_("Scheme"), choices=Scheme.choices, error_messages=FROM_THE_LIST)
    category = forms.ChoiceField(label=_("Pays as"), choices=Category.choices, error_messages=FROM_THE_LIST)
    month = month_field(_("Month covered"))
    wage = yuan_field(_("Monthly wage (yuan)"))

    def answer(self, today):
        """{"rule", "bound", "base", "shares"}; CannotTell where no rule holds or it leaves rates to the collector."""
        asked = self.cleaned_data
        area, scheme, month = asked["area"], asked["scheme"], asked["month"]
        rule = ContributionRule.objects.in_force(area, scheme, asked["category"], month)
        if rule is None:
            raise CannotTell("contribution_rule", month=f"{month:%Y-%m}")
        bound = BaseBound.objects.in_force(area, scheme, month)
        base = clamp_base(asked["wage"], bound and bound.lower, bound and bound.upper)
        try:
            shares = split(base, rule)
        except RateNotPublishedError:
            raise CannotTell("local_rate", month=f"{month:%Y-%m}") from None
        return {"rule": rule, "bound": bound, "base": base, "shares": shares}


TRIALS = {"retirement": RetirementTry, "late_fee": LateFeeTry, "undeclared": UndeclaredTry, "split": SplitTry}
NAMES = {
    "retirement": _("Retirement month"),
    "late_fee": _("Late fee"),
    "undeclared": _("A month not declared"),
    "split": _("Split of a contribution"),
}
