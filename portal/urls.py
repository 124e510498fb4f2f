from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from portal import views

handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.set_language, name="set_language"),
    path("text-size/", views.set_text_size, name="set_text_size"),
    path("halls/", views.halls, name="halls"),
    path("registration/", views.registration_status, name="registration_status"),
    path("", include("portal.health")),
    path("", include("inquiries.urls")),
    path("", include("contributions.urls")),
    path("", include("accounts.urls")),
    path("", include("documents.urls")),
    path("admin/login/", RedirectView.as_view(url="/sign-in/staff/"), name="admin_login"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="change_password"), name="admin_password_change"),
    path("admin/", admin.site.urls),
]
