from django.contrib import admin

from registry.admin import ReadOnlyAdmin

from .models import Batch


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ["source_ref", "kind", "scheme", "area_code", "booked_month", "posted_at"]
    list_filter = ["kind", "scheme"]
    search_fields = ["source_ref", "slip_no"]
    show_full_result_count = False
