from django.urls import path, register_converter

from .models import User
from .views import (
    account,
    factors,
    inbox,
    operators,
    passwords,
    record,
    second_step,
    sessions,
    sign_in,
    window,
)


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
    path("sign-in/code/", second_step.second_step, name="second_step"),
    path("sign-in/code/text/", second_step.send_text_code, name="send_text_code"),
    path("sign-in/code/passkey/", second_step.prove_passkey, name="prove_passkey"),
    path("sign-in/set-up/", factors.set_up_first, name="set_up_first"),
    path("security/", factors.my_protection, name="my_protection"),
    path("security/app/", factors.set_up_app, name="set_up_app"),
    path("security/passkey/", factors.set_up_passkey, name="set_up_passkey"),
    path("security/phone/", factors.set_up_phone, name="set_up_phone"),
    path("security/phone/confirm/", factors.confirm_phone, name="confirm_phone"),
    path("security/phone/stop/", factors.stop_phone_change, name="stop_phone_change"),
    path("security/codes/", factors.print_own_codes, name="print_own_codes"),
    path("security/remove/", factors.remove_factor, name="remove_factor"),
    path("security/password/", passwords.change_password, name="change_password"),
    path("forgotten/", sign_in.activate, {"forgotten": True}, name="forgotten_password"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("activate/", sign_in.activate, name="activate"),
    path("session/", sessions.session_left, name="session_left"),
    path("session/continue/", sessions.continue_session, name="continue_session"),
    path("session/unlock/", sessions.unlock, name="unlock"),
    path("session/step-up/", sessions.step_up, name="step_up"),
    path("account/", account.account, name="account"),
    path("account/end-session/", account.end_session, name="end_session"),
    path("account/end-others/", account.end_other_sessions, name="end_other_sessions"),
    path("account/freeze/", account.freeze_account, name="freeze_account"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.mark_read, name="mark_read"),
    path("inbox/read-all/", inbox.mark_all_read, name="mark_all_read"),
    path("employer/choose/", sign_in.choose_employer, name="choose_employer"),
    path("me/", record.me, name="me"),
    path("who-looked/", record.who_looked, name="who_looked"),
    path("window/", window.today, name="window_today"),
    path("window/start/", window.start_visit, name="start_visit"),
    path("window/identity/", window.check_identity, name="check_identity"),
    path("window/identity/confirm/", window.confirm_identity, name="confirm_identity"),
    path("window/code/", window.issue_code, name="issue_code"),
    path("window/codes/", window.hand_out_codes, name="hand_out_codes"),
    path("window/phone/", window.phone_of_visitor, name="phone_of_visitor"),
    path("window/phone/bind/", window.bind_phone, name="bind_phone"),
    path("window/finish/", window.finish_visit, name="finish_visit"),
    path("window/close/", window.close_visit, name="close_visit"),
    path("window/close-left-open/", window.end_visit_left_open, name="end_visit_left_open"),
    path("operators/person/", operators.find_person, name="find_person"),
    path("operators/person/look-up/", operators.look_up_person, name="look_up_person"),
    path("operators/why/", operators.why_these_entries, name="why_these_entries"),
    path("operators/why/look/", operators.look_into_books, name="look_into_books"),
    path("operators/look-up/end/", operators.end_look_up, name="end_look_up"),
]
