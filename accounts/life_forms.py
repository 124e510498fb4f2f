"""What is asked for on the pages about a person's life: an insurance, a year, a page; all in the query string."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.insurance import Insurance

FIRST_YEAR = 1978


class YearOfForm(forms.Form):
    """Which insurance, which calendar year, which page of lines; what is not asked for or can't be read is None."""

    insurance = forms.ChoiceField(label=_("Insurance"), choices=Insurance.choices, required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=FIRST_YEAR, max_value=2200)
    page = forms.IntegerField(required=False, min_value=1)

    def asked(self):
        """(Insurance or None, year or None, page number)."""
        self.is_valid()
        insurance = self.cleaned_data.get("insurance")
        return Insurance(insurance) if insurance else None, self.cleaned_data.get("year"), self._page

    @property
    def _page(self):
        return self.cleaned_data.get("page") or 1
