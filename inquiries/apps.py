from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "inquiries"

    def ready(self):
        from . import checks  # noqa: F401, PLC0415 - registers them
