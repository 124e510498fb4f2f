from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal import csp_reports, record_views, views

handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.set_language, name="set_language"),
    path("text-size/", views.set_text_size, name="set_text_size"),
    path("halls/", views.halls, name="halls"),
    path("privacy/", views.privacy_notice, name="privacy"),
    path("places/", views.designated_places, name="designated_places"),
    path("registration/", record_views.registration_status, name="registration_status"),
    path("registration/history/", record_views.registration_history, name="registration_history"),
    path("employment/", record_views.employment_experience, name="employment"),
    path("my-card/", record_views.my_card, name="my_card"),
    path("", include("portal.health")),
    path("", include("inquiries.urls")),
    path("", include("contributions.urls")),
    path("", include("accounts.urls")),
    path("", include("documents.urls")),
    path("csp-report", csp_reports.report, name="csp_report"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("system/settings/", views.system_settings, name="system_settings"),
    path(settings.ADMIN_PATH, admin.site.urls),
]
