from django.urls import path, register_converter

from .models import User
from .views import kiosk, operators, phone, proxies, record, reviews, sign_in, window


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
    path("who-looked/", record.who_looked, name="who_looked"),
    path("window/", window.today, name="window_today"),
    path("window/start/", window.start_visit, name="start_visit"),
    path("window/identity/", window.check_identity, name="check_identity"),
    path("window/identity/confirm/", window.confirm_identity, name="confirm_identity"),
    path("window/code/", window.issue_code, name="issue_code"),
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
    path("operators/look-up/end/", operators.end_look_up, name="end_look_up"),
]
