from django.urls import path

from . import views

urlpatterns = [path("payments/", views.payment_records, name="payment_records")]
