from django.contrib import admin

from registry.admin import ReadOnlyAdmin

from .models import EmployerAgent, RequiredPaper, StaffDeed, StaffMember


@admin.register(StaffMember)
class StaffMemberAdmin(ReadOnlyAdmin):
    list_display = ["staff_no", "role", "agency", "office", "since", "until"]
    list_select_related = ["agency"]
    list_filter = ["role"]
    search_fields = ["staff_no"]


@admin.register(EmployerAgent)
class EmployerAgentAdmin(ReadOnlyAdmin):
    list_display = ["employer", "since", "until", "letter_no"]
    list_select_related = ["employer"]
    search_fields = ["employer__name", "employer__credit_code"]


@admin.register(StaffDeed)
class StaffDeedAdmin(ReadOnlyAdmin):
    list_display = ["at", "staff_no", "deed", "by", "reason"]
    list_select_related = ["by"]
    list_filter = ["deed"]
    search_fields = ["staff_no"]


@admin.register(RequiredPaper)
class RequiredPaperAdmin(ReadOnlyAdmin):
    list_display = ["actor", "position", "document", "form", "handling", "is_optional", "legal_basis"]
    list_filter = ["actor"]
