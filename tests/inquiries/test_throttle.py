"""Guessing at the doors: one account, many accounts, many sources, made-up sources, and locking others out."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inquiries import activation, throttle
from inquiries.models import KnownDevice, Throttle, User
from tests import visitors
from tests.cast import CAST, CLERK, PASSWORD, citizen_number
from tests.time_passes import A_SECOND, since_the_last_guess

REFUSED = "证件号码或密码不对"
WAIT = "尝试次数较多，请在"
CLOSED = "网上暂不能再试"
SOURCE = "203.0.113.7"
DAY = timedelta(days=1)
NEARLY = timedelta(seconds=20)


def guess(login=CAST.wang.number, password="a wrong guess at it", kind="person", source=SOURCE, client=None, **headers):
    client = client or Client()
    form = {"login": login, "password": password, "public": "no"}
    return client.post(reverse("sign_in", args=[kind]), form, REMOTE_ADDR=source, **headers)


def nobody(sequence):
    """A well-formed number that nobody has."""
    return citizen_number(CAST.wang.birth, 500 + sequence)


def get_throttled(login=CAST.wang.number, **where):
    for _try in range(5):
        assert REFUSED in guess(login, **where).text


@pytest.mark.django_db
class TestOneAccount:
    def test_after_five_failures_even_the_right_password_waits(self):
        get_throttled()
        answer = guess(password=PASSWORD)
        assert WAIT in answer.text
        assert "或带身份证到窗口办理" in answer.text
        assert f'<a href="{reverse("halls")}">地址、时间</a>' in answer.text
        assert "电话 12333" in answer.text

    def test_the_time_told_is_one_at_which_a_try_is_let_through(self):
        get_throttled()
        assert re.search(r"请在 \d\d:\d\d 之后再试", guess().text)
        since_the_last_guess(timedelta(seconds=30))
        assert guess(password=PASSWORD).status_code == 302

    def test_what_has_to_wait_is_not_compared(self):
        get_throttled()
        with CaptureQueriesContext(connection) as asked:
            guess(password=PASSWORD)
        assert not [q for q in asked.captured_queries if "inquiries_user" in q["sql"]]

    def test_waits_grow_to_an_hour(self):
        get_throttled()
        waits = []
        for _try in range(8):
            row = Throttle.objects.exclude(source=None).get()
            waits.append(throttle._next_try(row, throttle.FROM_ONE_SOURCE) - row.last_at)
            since_the_last_guess(waits[-1] - NEARLY)
            assert WAIT in guess().text
            since_the_last_guess(NEARLY)
            # The account's common wait is over too: it begins later and is shorter.
            assert REFUSED in guess().text
        minutes = [wait / timedelta(minutes=1) for wait in waits]
        assert minutes == [0.5, 1, 2, 5, 15, 30, 60, 60]

    def test_a_refused_try_makes_the_wait_no_longer(self):
        get_throttled()
        before = list(Throttle.objects.order_by("key").values())
        guess()
        assert list(Throttle.objects.order_by("key").values()) == before

    def test_success_clears(self):
        for _try in range(4):
            guess()
        assert guess(password=PASSWORD).status_code == 302
        get_throttled()

    def test_a_day_later_the_source_begins_anew(self):
        get_throttled()
        since_the_last_guess(DAY + A_SECOND)
        get_throttled()

    @pytest.mark.parametrize(
        ("kind", "login"), [("staff", CLERK), ("employer", CAST.agent.number)], ids=["staff", "employer"]
    )
    def test_the_other_doors_too(self, kind, login):
        for _try in range(5):
            guess(login, kind=kind)
        assert WAIT in guess(login, PASSWORD, kind=kind).text

    def test_an_account_nobody_has_is_answered_like_any_other(self):
        known, unknown = [], []
        for _try in range(7):
            known.append(guess(CAST.wang.number))
            unknown.append(guess(nobody(1)))
        assert [a.status_code for a in known] == [a.status_code for a in unknown]
        for mine, theirs in zip(known, unknown, strict=True):
            assert plain(mine, CAST.wang.number) == plain(theirs, nobody(1))

    def test_nothing_personal_is_kept(self):
        guess()
        for row in Throttle.objects.values_list("key", "source"):
            assert all(value is None or len(bytes(value)) == 32 for value in row)


def plain(answer, number):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text).replace(number, "…")


@pytest.mark.django_db
class TestManyAccounts:
    def spray(self, **where):
        for sequence in range(20):
            assert REFUSED in guess(nobody(sequence), **where).text

    def test_the_twenty_first_number_of_a_source_waits(self):
        self.spray()
        assert WAIT in guess(password=PASSWORD).text

    def test_another_source_is_not_concerned_and_ten_minutes_help(self):
        self.spray()
        assert guess(password=PASSWORD, source="198.51.100.4").status_code == 302
        since_the_last_guess(timedelta(minutes=10))
        assert guess(password=PASSWORD).status_code == 302

    def test_a_number_tried_before_is_no_further_one(self):
        self.spray()
        assert REFUSED in guess(nobody(0)).text

    def test_a_hall_has_many_visitors(self, settings):
        settings.HALL_ADDRESSES = [ip_network("203.0.113.0/24")]
        self.spray()
        assert guess(password=PASSWORD).status_code == 302

    def test_a_whole_network_of_64_bits_is_one_source(self):
        for sequence in range(20):
            guess(nobody(sequence), source=f"2001:db8:1:2::{sequence + 1:x}")
        assert WAIT in guess(password=PASSWORD, source="2001:db8:1:2:ffff::1").text
        assert guess(password=PASSWORD, source="2001:db8:1:3::1").status_code == 302


@pytest.mark.django_db
class TestMadeUpSources:
    def test_a_header_that_a_visitor_sends_changes_nothing(self):
        for number in range(5):
            guess(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        assert WAIT in guess(password=PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.77").text

    def test_behind_a_listed_proxy_its_own_entry_counts_and_no_other(self, settings):
        settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
        for number in range(5):
            guess(source="10.0.0.2", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, {SOURCE}")
        spoofed = guess(password=PASSWORD, source="10.0.0.3", HTTP_X_FORWARDED_FOR=f"192.0.2.1, {SOURCE}, 10.0.0.9")
        assert WAIT in spoofed.text
        other = guess(password=PASSWORD, source="10.0.0.2", HTTP_X_FORWARDED_FOR=f"{SOURCE}, 198.51.100.9")
        assert other.status_code == 302


@pytest.mark.django_db
class TestLockingOut:
    """A stranger guesses from ever new sources."""

    @pytest.fixture
    def her_browser(self):
        client = Client()
        assert guess(password=PASSWORD, client=client).status_code == 302
        client.post(reverse("sign_out"))
        return client

    def attack(self, failures=20):
        for number in range(failures):
            assert REFUSED in guess(source=f"198.51.{number // 200}.{number % 200 + 1}").text

    def test_the_account_waits_as_a_whole(self):
        self.attack()
        assert WAIT in guess(password=PASSWORD, source="192.0.2.1").text
        since_the_last_guess(timedelta(minutes=1))
        assert guess(password=PASSWORD, source="192.0.2.1").status_code == 302

    def test_its_owner_gets_in_on_a_device_she_used_before(self, her_browser):
        self.attack()
        assert guess(password=PASSWORD, source="192.0.2.1", client=her_browser).status_code == 302

    def test_and_from_the_very_source_that_attacks(self, her_browser):
        get_throttled()
        assert WAIT in guess(password=PASSWORD).text
        assert guess(password=PASSWORD, client=her_browser).status_code == 302

    def test_her_device_has_its_own_five_tries(self, her_browser):
        get_throttled(client=her_browser)
        assert WAIT in guess(password=PASSWORD, client=her_browser).text

    def test_a_revoked_device_waits_like_any_other(self, her_browser):
        KnownDevice.objects.update(revoked_at=KnownDevice.objects.get().first_at)
        self.attack()
        assert WAIT in guess(password=PASSWORD, source="192.0.2.1", client=her_browser).text

    def test_the_device_of_another_user_is_none_of_hers(self, her_browser):
        for number in range(20):
            guess(CAST.li.number, source=f"198.51.100.{number + 1}")
        assert WAIT in guess(CAST.li.number, PASSWORD, source="192.0.2.1", client=her_browser).text

    def test_a_cookie_that_we_did_not_sign_is_none(self, her_browser):
        name = next(name for name in her_browser.cookies if name.startswith("device-"))
        her_browser.cookies[name] = her_browser.cookies[name].value[:-2] + "xx"
        self.attack()
        assert WAIT in guess(password=PASSWORD, source="192.0.2.1", client=her_browser).text

    def test_the_cookie_cannot_be_read_by_scripts_and_names_nobody(self, her_browser):
        cookie = next(c for name, c in her_browser.cookies.items() if name.startswith("device-"))
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert CAST.wang.number not in str(cookie)

    def test_a_public_computer_is_never_a_known_device(self):
        client = Client()
        form = {"login": CAST.wang.number, "password": PASSWORD, "public": "yes"}
        assert client.post(reverse("sign_in", args=["person"]), form).status_code == 302
        assert not [name for name in client.cookies if name.startswith("device-")]

    def test_a_hundred_failures_close_the_account_until_a_visit_to_the_window(self, as_job):
        guess()
        Throttle.objects.filter(source=None).update(failures=100)
        answer = guess(password=PASSWORD, source="192.0.2.1")
        assert CLOSED in answer.text
        since_the_last_guess(timedelta(days=400))
        assert CLOSED in guess(password=PASSWORD, source="192.0.2.1").text
        with as_job():
            activation.issue(User.objects.with_login("person", CAST.wang.number))
        assert guess(password=PASSWORD, source="192.0.2.1").status_code == 302

    def test_even_then_she_gets_in_on_her_own_device(self, her_browser):
        Throttle.objects.filter(source=None).update(failures=100)
        assert guess(password=PASSWORD, client=her_browser).status_code == 302


@pytest.mark.django_db
class TestFirstUse:
    def send(self, code, **changes):
        form = {"kind": "person", "login": CAST.wang.number, "name": CAST.wang.name, "code": code}
        words = dict.fromkeys(("password", "again"), "three kites above the bridge") | {"protection": "alone"}
        return Client().post(reverse("activate"), form | words | changes, REMOTE_ADDR=SOURCE)

    def test_codes_cannot_be_guessed_for_long(self, as_job):
        with as_job():
            code = activation.issue(User.objects.with_login("person", CAST.wang.number))
        for _try in range(5):
            assert "启用码不对或已失效" in self.send("0000-0000-0000").text
        assert WAIT in self.send(code).text
        since_the_last_guess(timedelta(seconds=30))
        assert "密码已设好" in self.send(code).text

    def test_guessing_codes_does_not_slow_down_signing_in(self):
        for _try in range(6):
            self.send("0000-0000-0000")
        assert guess(password=PASSWORD).status_code == 302


@pytest.mark.django_db
def test_a_deed_of_a_user_already_named_is_counted_by_the_user():
    user, request = User.objects.with_login("person", CAST.wang.number), RequestFactory().post("/")
    for _try in range(5):
        assert throttle.wait_until("second_factor", user, request) is None
        throttle.failed("second_factor", user, request)
    assert throttle.wait_until("second_factor", user, request) is not None
    stranger = User.objects.with_login("person", CAST.li.number)
    assert throttle.wait_until("second_factor", stranger, request) is None


@pytest.mark.django_db
def test_what_counts_no_longer_is_forgotten(as_job, capsys):
    guess()
    guess(nobody(1))
    Throttle.objects.filter(source=None).update(failures=30)
    call_command("purge_sign_ins")
    assert "0 counts" in capsys.readouterr().out
    since_the_last_guess(DAY + A_SECOND)
    call_command("purge_sign_ins")
    assert "2 counts" in capsys.readouterr().out
    assert {row.source for row in Throttle.objects.all()} == {None}


def test_workers_share_their_counts(fresh_database):
    """Twelve guesses at the same moment, each over a connection of its own: five are compared, no more."""

    def one_guess(_number):
        try:
            return guess().text
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as workers:
        answers = list(workers.map(one_guess, range(12)))
    assert sum(REFUSED in text for text in answers) == 5
    assert sum(WAIT in text for text in answers) == 7
    assert visitors.person(CAST.li).answer.status_code == 302
