from django.urls import include, path

from portal import views

handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.set_language, name="set_language"),
    path("text-size/", views.set_text_size, name="set_text_size"),
    path("halls/", views.halls, name="halls"),
    path("", include("inquiries.urls")),
]
