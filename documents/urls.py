from django.urls import path, register_converter

from . import own_views, takeout_views, views


class StatedYearConverter:
    """A year of records, as in /statements/2025/."""

    regex = "(?:19|20)[0-9]{2}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(StatedYearConverter, "stated_year")

urlpatterns = [
    path("employer/", views.employer_home, name="employer_home"),
    path("payment-list/", views.payment_list, name="payment_list"),
    path("payment-list/print/", views.payment_list_print, name="payment_list_print"),
    path("statements/", own_views.statements, name="statements"),
    path("statements/<stated_year:year>/", own_views.statement, name="statement"),
    path("statements/<stated_year:year>/print/", own_views.statement_print, name="statement_print"),
    path("my-list/", own_views.my_list, name="my_list"),
    path("my-list/print/", own_views.my_list_print, name="my_list_print"),
    path("take-out/", takeout_views.take_out, name="take_out"),
    path("take-out/file/", takeout_views.take_record, name="take_record"),
    path("take-out/verify.py", takeout_views.verify_program, name="verify_program"),
]
