from django.contrib import admin

from registry.admin import ReadOnlyAdmin

from .models import DesignatedProvider, Hall


@admin.register(Hall)
class HallAdmin(ReadOnlyAdmin):
    list_display = ["name", "district", "address", "hours", "phone"]


@admin.register(DesignatedProvider)
class DesignatedProviderAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "district", "address", "since", "until"]
    list_filter = ["kind"]
    search_fields = ["name"]
