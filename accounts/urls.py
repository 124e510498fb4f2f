from django.urls import path, register_converter

from registry.insurance import Insurance

from . import views


class InsuranceConverter:
    """One of the five insurances, as in /accounts/pension/."""

    regex = "|".join(Insurance.values)

    def to_python(self, value):
        return Insurance(value)

    def to_url(self, value):
        return str(value)


register_converter(InsuranceConverter, "insurance")

urlpatterns = [
    path("accounts/", views.my_accounts, name="my_accounts"),
    path("accounts/<insurance:insurance>/", views.insurance, name="insurance"),
]
