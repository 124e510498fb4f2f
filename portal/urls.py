from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter

from portal import csp_reports, help_views, record_views, views
from portal.help import BY_KEY
from portal.law_texts import FILES

handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"


class OneOf:
    """A path converter for one of a few fixed words."""

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


class QuestionConverter(OneOf):
    regex = "|".join(BY_KEY)


class LawConverter(OneOf):
    regex = "|".join(FILES)


class ArticleConverter(OneOf):
    """The number of an article of a law."""

    regex = "[1-9][0-9]{0,2}"

    def to_python(self, value):
        return int(value)


register_converter(QuestionConverter, "question")
register_converter(LawConverter, "law")
register_converter(ArticleConverter, "article")

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.set_language, name="set_language"),
    path("text-size/", views.set_text_size, name="set_text_size"),
    path("halls/", views.halls, name="halls"),
    path("privacy/", views.privacy_notice, name="privacy"),
    path("help/", help_views.help_index, name="help"),
    path("help/<question:question>/", help_views.help_on, name="help_on"),
    path("law/", help_views.law_index, name="law"),
    path("law/<law:law>/<article:article>/", help_views.law_article, name="law_article"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
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
