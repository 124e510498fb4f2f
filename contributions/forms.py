from django import forms
from django.utils.translation import gettext_lazy as _

from registry.insurance import Insurance

FIRST_YEAR = 1978


class YearForm(forms.Form):
    """Which insurance, which year of months covered; nothing given means old-age insurance, latest year."""

    insurance = forms.ChoiceField(label=_("Insurance"), choices=Insurance.choices, required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=FIRST_YEAR)

    def __init__(self, data, today):
        super().__init__(data)
        self.this_year = today.year

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year is not None and year > self.this_year:
            raise forms.ValidationError(_("%(year)s has not come yet."), params={"year": year})
        return year

    def asked(self):
        """(Insurance, year or None) to show; what could not be read falls back to the default beside its message."""
        self.is_valid()
        insurance = self.cleaned_data.get("insurance") or Insurance.PENSION
        return Insurance(insurance), self.cleaned_data.get("year")
