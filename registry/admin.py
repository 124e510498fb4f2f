from django.contrib import admin

from .models import Agency, Area, Employer, FeedFile, SourceState


class ReadOnlyAdmin(admin.ModelAdmin):
    """Records that come in by the feed alone: operators look, nobody edits or deletes."""

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Area)
class AreaAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "parent", "is_pooling_area"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]


@admin.register(Agency)
class AgencyAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "family", "area", "phone"]
    list_select_related = ["area"]
    list_filter = ["family"]
    search_fields = ["code", "name"]


@admin.register(Employer)
class EmployerAdmin(ReadOnlyAdmin):
    list_display = ["credit_code", "name", "area", "registered_on", "closed_on"]
    list_select_related = ["area"]
    search_fields = ["credit_code", "name"]
    show_full_result_count = False


@admin.register(FeedFile)
class FeedFileAdmin(ReadOnlyAdmin):
    list_display = ["loaded_at", "name", "kind", "state", "lines", "added", "already_there", "refused_lines", "total"]
    list_filter = ["state", "kind"]
    exclude = ["digest"]


@admin.register(SourceState)
class SourceStateAdmin(ReadOnlyAdmin):
    list_display = ["agency", "area", "kind", "complete_to", "received_on", "next_expected_on", "refused_at"]
    list_select_related = ["agency", "area"]
    list_filter = ["kind"]
