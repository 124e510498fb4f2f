"""Designated hospitals and pharmacies (定点医药机构), to be found by district, kind and name. For everybody."""

from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from portal.models import DesignatedProvider
from registry.models import FeedFile

PLACES_A_PAGE = 30
LONGEST_NAME = 60


class PlaceForm(forms.Form):
    """Where, what kind, and a part of the name; nothing filled in finds all."""

    district = forms.ChoiceField(label=_("District"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *DesignatedProvider.Kind.choices]
    )
    name = forms.CharField(label=_("Part of the name"), required=False, max_length=LONGEST_NAME)

    def __init__(self, data, districts):
        """`districts`: [(area in words, [(value, district)])]."""
        super().__init__(data)
        self.fields["district"].choices = [("", _("All")), *districts]

    @property
    def query(self):
        """What was asked for as a query string that ends in "&", for the links to other pages; empty for nothing."""
        asked = [(name, self.data[name]) for name in self.fields if self.data.get(name)]
        return f"{urlencode(asked)}&" if asked else ""

    def filtered(self, providers):
        """The providers that fit what was filled in; none where something could not be read."""
        if not self.is_valid():
            return providers.none()
        asked = self.cleaned_data
        if asked["district"]:
            area, _colon, district = asked["district"].partition(":")
            providers = providers.filter(area=area, district=district)
        if asked["kind"]:
            providers = providers.filter(kind=asked["kind"])
        return providers.filter(name__icontains=asked["name"].strip()) if asked["name"] else providers


def search(data):
    """(PlaceForm, page of DesignatedProviders that fit). Three queries. `data`: the query string."""
    form = PlaceForm(data, _districts())
    found = form.filtered(
        DesignatedProvider.objects.select_related("area").order_by("area", "district", "kind", "name")
    )
    return form, Paginator(found, PLACES_A_PAGE).get_page(data.get("page"))


def _districts():
    """[(area in words, [("110000:东城区", "东城区"), …])] of the districts that have such places."""
    rows = (
        DesignatedProvider.objects.order_by("area", "district")
        .values_list("area_id", "area__name", "district")
        .distinct()
    )
    areas = {}
    for code, name, district in rows:
        areas.setdefault(name, []).append((f"{code}:{district}", district))
    return list(areas.items())


def delivered_on():
    """When the newest list of designated places was taken over, or None. One query."""
    lists = FeedFile.objects.filter(kind="providers", state=FeedFile.State.LOADED)
    return lists.order_by("-loaded_at").values_list("loaded_at", flat=True).first()
