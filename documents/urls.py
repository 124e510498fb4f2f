from django.urls import path

from . import views

urlpatterns = [
    path("employer/", views.employer_home, name="employer_home"),
    path("payment-list/", views.payment_list, name="payment_list"),
    path("payment-list/print/", views.payment_list_print, name="payment_list_print"),
]
