from django.contrib import admin
from django.contrib.admin.models import LogEntry

from registry.admin import ReadOnlyAdmin

from .models import DesignatedProvider, Hall


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What Django's admin wrote about itself: nothing, as long as nothing in it can be changed."""

    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag"]
    list_select_related = ["user", "content_type"]


@admin.register(Hall)
class HallAdmin(ReadOnlyAdmin):
    list_display = ["name", "district", "address", "hours", "phone"]


@admin.register(DesignatedProvider)
class DesignatedProviderAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "district", "address", "since", "until"]
    list_filter = ["kind"]
    search_fields = ["name"]
