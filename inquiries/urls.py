from django.urls import path, register_converter

from .models import User
from .views import audit, looks, operators, questions, record, sign_in, window


class KindConverter:
    """The kind of user that a door is for."""

    regex = "|".join(User.Kind.values)

    def to_python(self, value):
        return User.Kind(value)

    def to_url(self, value):
        return str(value)


register_converter(KindConverter, "user_kind")

urlpatterns = [
    path("sign-in/<user_kind:kind>/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("activate/", sign_in.activate, name="activate"),
    path("employer/choose/", sign_in.choose_employer, name="choose_employer"),
    path("me/", record.me, name="me"),
    path("who-looked/", looks.who_looked, name="who_looked"),
    path("who-looked/ask/", looks.ask_why, name="ask_why"),
    path("window/", window.today, name="window_today"),
    path("window/start/", window.start_visit, name="start_visit"),
    path("window/identity/", window.check_identity, name="check_identity"),
    path("window/identity/confirm/", window.confirm_identity, name="confirm_identity"),
    path("window/code/", window.issue_code, name="issue_code"),
    path("window/finish/", window.finish_visit, name="finish_visit"),
    path("window/close/", window.close_visit, name="close_visit"),
    path("window/close-left-open/", window.end_visit_left_open, name="end_visit_left_open"),
    path("operators/person/", operators.find_person, name="find_person"),
    path("operators/person/look-up/", operators.look_up_person, name="look_up_person"),
    path("operators/why/", operators.why_these_entries, name="why_these_entries"),
    path("operators/why/look/", operators.look_into_books, name="look_into_books"),
    path("operators/look-up/end/", operators.end_look_up, name="end_look_up"),
    path("operators/questions/", questions.look_questions, name="look_questions"),
    path("operators/questions/answer/", questions.answer_question, name="answer_question"),
    path("operators/secrecy/", questions.orders_of_secrecy, name="orders_of_secrecy"),
    path("operators/secrecy/ask/", questions.ask_for_delay, name="ask_for_delay"),
    path("operators/secrecy/decide/", questions.decide_delay, name="decide_delay"),
    path("audit/look-ups/", audit.audit_looks, name="audit_looks"),
    path("audit/look-ups/export/", audit.export_looks, name="export_looks"),
    path("audit/unusual/", audit.unusual_looks, name="unusual_looks"),
]
