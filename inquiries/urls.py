from django.urls import path, register_converter

from .models import User
from .views import (
    account,
    audit,
    factors,
    inbox,
    kiosk,
    looks,
    numbers,
    operators,
    passwords,
    phone,
    proxies,
    questions,
    record,
    reviews,
    second_step,
    sessions,
    sign_in,
    staff,
    window,
)


class KindConverter:
    """The kind of user that a door is for."""

    regex = "|".join(User.Kind.values)

    def to_python(self, value):
        return User.Kind(value)

    def to_url(self, value):
        return str(value)


class OfficeNumberConverter:
    """The number of an account of staff or of a request about one: things of the office."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(KindConverter, "user_kind")
register_converter(OfficeNumberConverter, "office")

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
    path("who-looked/", looks.who_looked, name="who_looked"),
    path("who-looked/ask/", looks.ask_why, name="ask_why"),
    path("number/", numbers.whole_number, name="whole_number"),
    path("number/show/", numbers.show_number, name="show_number"),
    path("operators/person/number/", numbers.operators_whole_number, name="operators_whole_number"),
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
    path("window/finish-unit/", window.finish_unit_visit, name="finish_unit_visit"),
    path("window/papers/", reviews.papers_waiting, name="papers_waiting"),
    path("window/papers/confirm/", reviews.confirm_papers, name="confirm_papers"),
    path("window/papers/refuse/", reviews.refuse_papers, name="refuse_papers"),
    path("mandates/", proxies.my_mandates, name="my_mandates"),
    path("mandates/grant/", proxies.grant_mandate, name="grant_mandate"),
    path("mandates/grant/check/", proxies.check_mandate, name="check_mandate"),
    path("mandates/grant/confirm/", proxies.confirm_mandate, name="confirm_mandate"),
    path("mandates/end/", proxies.end_mandate, name="end_mandate"),
    path("choose-record/", proxies.choose_record, name="choose_record"),
    path("phone-code/", phone.phone_code, name="phone_code"),
    path("phone-code/make/", phone.make_phone_code, name="make_phone_code"),
    path("phone-code/end/", phone.end_call, name="end_call"),
    path("phone/", phone.phone_desk, name="phone_desk"),
    path("phone/call/", phone.take_call, name="take_call"),
    path("phone/hang-up/", phone.hang_up, name="hang_up"),
    path("kiosk/", kiosk.kiosk_sign_in, name="kiosk"),
    path("kiosk/tiles/", kiosk.kiosk_tiles, name="kiosk_tiles"),
    path("kiosk/still-there/", kiosk.kiosk_still_there, name="kiosk_still_there"),
    path("operators/clerks/", reviews.clerks_today, name="clerks_today"),
    path("operators/clerks/release/", reviews.release_quota, name="release_quota"),
    path("operators/kiosks/", kiosk.terminals, name="terminals"),
    path("operators/kiosks/register/", kiosk.register_terminal, name="register_terminal"),
    path("operators/kiosks/end/", kiosk.end_terminal, name="end_terminal"),
    path("operators/person/", operators.find_person, name="find_person"),
    path("operators/person/look-up/", operators.look_up_person, name="look_up_person"),
    path("operators/why/", operators.why_these_entries, name="why_these_entries"),
    path("operators/why/look/", operators.look_into_books, name="look_into_books"),
    path("staff/", staff.staff_list, name="staff_list"),
    path("staff/deeds/", staff.staff_deeds, name="staff_deeds"),
    path("staff/new/", staff.new_staff, name="new_staff"),
    path("staff/new/ask/", staff.ask_for_staff, name="ask_for_staff"),
    path("staff/<office:number>/", staff.staff_account, name="staff_account"),
    path("staff/<office:number>/change/", staff.ask_for_change, name="ask_staff_change"),
    path("staff/<office:number>/end/", staff.ask_for_end, name="ask_staff_end"),
    path("staff/<office:number>/enable/", staff.ask_to_enable, name="ask_staff_enable"),
    path("staff/<office:number>/code/", staff.ask_for_code, name="ask_staff_code"),
    path("staff/<office:number>/disable/", staff.disable_staff, name="disable_staff"),
    path("staff/requests/<office:number>/", staff.staff_request, name="staff_request"),
    path("staff/requests/<office:number>/approve/", staff.approve_staff_request, name="approve_staff_request"),
    path("staff/requests/<office:number>/refuse/", staff.refuse_staff_request, name="refuse_staff_request"),
    path("staff/requests/<office:number>/code/", staff.issue_staff_code, name="issue_staff_code"),
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
