"""Accounts of staff: one asks, another decides, either closes; the database keeps the two apart."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.urls import reverse
from django.utils import timezone

from inquiries import staffing
from inquiries.models import ActivationCode, StaffDeed, StaffMember, StaffRequest, User
from registry.models import Agency
from registry.roles import acting_as
from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from tests.made_staff import make_staff

pytestmark = pytest.mark.django_db
NEW = {"staff_no": "N2001", "name": "顾新人", "role": "clerk", "office": "5 号窗口", "reason": "人字〔2026〕12号"}


@pytest.fixture
def system():
    return visitors.staff(SYSTEM_ADMINISTRATOR)


@pytest.fixture
def security():
    return visitors.staff(SECURITY_ADMINISTRATOR)


def member(staff_no):
    return StaffMember.objects.select_related("user").get(staff_no=staff_no)


def user_of(staff_no):
    return member(staff_no).user


def ask_for_new(client, **changes):
    agency = Agency.objects.order_by("code").first().pk
    return client.post(reverse("ask_for_staff"), NEW | {"agency": agency} | changes)


def last_request():
    return StaffRequest.objects.order_by("-pk").first()


def decide(client, asked, deed="approve", reason="对过任命文件"):
    return client.post(reverse(f"{deed}_staff_request", kwargs={"number": asked.pk}), {"reason": reason})


def deeds_of(staff_no):
    return list(StaffDeed.objects.filter(staff_no=staff_no).order_by("pk").values_list("deed", flat=True))


def test_each_administrator_begins_at_the_staff_and_sees_no_record(system, security):
    for client in (system, security):
        assert client.answer.headers["Location"] == reverse("staff_list")
        assert client.get(reverse("staff_list")).status_code == 200
        for name in ("my_accounts", "operators_desk", "window_today", "find_person", "payment_list", "batches"):
            assert client.get(reverse(name)).status_code == 403, name


def test_a_new_member_is_asked_for_approved_and_activated(system, security):
    answer = ask_for_new(system)
    asked = last_request()
    assert answer.headers["Location"] == reverse("staff_request", kwargs={"number": asked.pk})
    assert not StaffMember.objects.filter(staff_no="N2001").exists()
    assert "顾新人" in security.get(answer.headers["Location"]).text
    decide(security, asked)
    made = member("N2001")
    assert (made.role, made.office, made.since, made.until) == ("clerk", "5 号窗口", timezone.localdate(), None)
    assert not made.user.has_usable_password()
    page = system.post(reverse("issue_staff_code", kwargs={"number": asked.pk})).text
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    assert deeds_of("N2001") == ["asked", "approved", "code"]


def test_a_code_is_issued_once_for_each_approval_and_by_the_system_administrator(system, security):
    ask_for_new(system)
    asked = last_request()
    address = reverse("issue_staff_code", kwargs={"number": asked.pk})
    assert system.post(address).status_code == 409
    decide(security, asked)
    assert security.post(address).status_code == 403
    assert system.post(address).status_code == 200
    assert system.post(address).status_code == 409
    assert ActivationCode.objects.filter(user=user_of("N2001")).count() == 1


def test_what_is_refused_opens_nothing(system, security):
    ask_for_new(system)
    decide(security, last_request(), "refuse", "没有任命文件")
    assert not StaffMember.objects.filter(staff_no="N2001").exists()
    assert deeds_of("N2001") == ["asked", "refused"]
    assert decide(security, last_request()).status_code == 409


def test_the_roles_are_kept_apart(system, security):
    ask_for_new(system)
    asked = last_request()
    assert decide(system, asked).status_code == 403
    assert ask_for_new(security, staff_no="N2002").status_code == 403
    for staff_no in (CLERK, OPERATOR, AUDITOR):
        client = visitors.staff(staff_no)
        assert decide(client, asked).status_code == 403
        assert ask_for_new(client, staff_no="N2002").status_code == 403
        address = reverse("disable_staff", kwargs={"number": member(SYSTEM_ADMINISTRATOR).pk})
        assert client.post(address, {"reason": "x"}).status_code == 403
    assert not StaffRequest.objects.filter(staff_no="N2002").exists()


@pytest.mark.parametrize("visitor", [lambda: visitors.person(CAST.wang), lambda: visitors.agent(CAST.agent)])
@pytest.mark.parametrize("name", ["staff_list", "staff_deeds", "new_staff"])
def test_visitors_see_nothing_of_the_staff(visitor, name):
    assert visitor().get(reverse(name)).status_code == 403


def test_auditors_read_the_deeds_and_do_none(system, security):
    ask_for_new(system)
    auditor = visitors.staff(AUDITOR)
    page = auditor.get(reverse("staff_deeds")).text
    assert "N2001" in page
    assert "人字〔2026〕12号" in page
    account = auditor.get(reverse("staff_account", kwargs={"number": member(CLERK).pk})).text
    assert reverse("disable_staff", kwargs={"number": member(CLERK).pk}) not in account


def test_another_role_is_in_force_with_its_approval_and_at_once(system, security):
    clerk = visitors.clerk_serving(CAST.wang)
    assert clerk.get(reverse("my_accounts")).status_code == 200
    number = member(CLERK).pk
    change = {"role": "operator", "agency": member(CLERK).agency_id, "office": "机房", "reason": "轮岗"}
    system.post(reverse("ask_staff_change", kwargs={"number": number}), change)
    assert clerk.get(reverse("my_accounts")).status_code == 200
    decide(security, last_request())
    assert clerk.get(reverse("my_accounts")).status_code == 403
    assert clerk.get(reverse("window_today")).status_code == 403
    assert clerk.get(reverse("operators_desk")).status_code == 200


def test_a_role_that_ends_ends_at_once(system, security):
    operator = visitors.staff(OPERATOR)
    until = timezone.localdate().isoformat()
    system.post(reverse("ask_staff_end", kwargs={"number": member(OPERATOR).pk}), {"until": until, "reason": "调离"})
    assert operator.get(reverse("operators_desk")).status_code == 200
    decide(security, last_request())
    assert operator.get(reverse("operators_desk")).status_code == 403
    assert visitors.staff(OPERATOR).answer.headers["Location"] == reverse("home")


@pytest.mark.parametrize("administrator", [SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR])
def test_a_disabled_account_is_out_with_the_next_page(administrator):
    operator, client = visitors.staff(OPERATOR), visitors.staff(administrator)
    address = reverse("disable_staff", kwargs={"number": member(OPERATOR).pk})
    assert client.post(address, {"reason": ""}).status_code == 200
    assert operator.get(reverse("operators_desk")).status_code == 200
    assert client.post(address, {"reason": "账号可能被冒用"}).status_code == 302
    assert operator.get(reverse("operators_desk")).status_code == 302
    assert "_auth_user_id" not in visitors.staff(OPERATOR).session
    assert deeds_of(OPERATOR)[-1] == "disabled"
    assert "chip bad" in client.get(reverse("staff_list")).text


def test_opening_a_disabled_account_takes_two(system, security):
    staffing.disable(member(OPERATOR), by=user_of(SECURITY_ADMINISTRATOR), reason="x")
    system.post(reverse("ask_staff_enable", kwargs={"number": member(OPERATOR).pk}), {"reason": "查明无误"})
    assert not user_of(OPERATOR).is_active
    decide(security, last_request())
    assert visitors.staff(OPERATOR).get(reverse("operators_desk")).status_code == 200


def test_nobody_acts_on_the_own_account(system, security):
    for client, staff_no in ((system, SYSTEM_ADMINISTRATOR), (security, SECURITY_ADMINISTRATOR)):
        client.post(reverse("disable_staff", kwargs={"number": member(staff_no).pk}), {"reason": "x"})
        assert user_of(staff_no).is_active
    own = member(SYSTEM_ADMINISTRATOR)
    change = {"role": "operator", "agency": own.agency_id, "office": "1", "reason": "x"}
    system.post(reverse("ask_staff_change", kwargs={"number": own.pk}), change)
    assert last_request() is None
    about = member(SECURITY_ADMINISTRATOR)
    end = {"until": timezone.localdate().isoformat(), "reason": "x"}
    system.post(reverse("ask_staff_end", kwargs={"number": about.pk}), end)
    assert decide(security, last_request()).status_code == 409


def test_a_number_is_given_once_and_one_request_waits_at_a_time(system):
    assert ask_for_new(system, staff_no=CLERK).status_code == 200
    assert last_request() is None
    ask_for_new(system)
    ask_for_new(system)
    assert StaffRequest.objects.filter(staff_no="N2001").count() == 1


def test_a_second_role_of_one_name_is_shown_to_who_decides(system, security):
    ask_for_new(system, name=user_of(CLERK).name)
    page = security.get(reverse("staff_request", kwargs={"number": last_request().pk})).text
    assert f">{CLERK} ·" in page


@pytest.mark.parametrize("role", ["operator", "security", "system"])
def test_the_web_role_gives_no_role_by_itself(role):
    with pytest.raises(Error), transaction.atomic(), acting_as("web"):
        StaffMember.objects.filter(staff_no=CLERK).update(role=role)


def test_the_web_role_makes_no_member_opens_no_account_and_issues_no_code_by_itself():
    user = User.objects.create(kind="staff", login_key="staff:x", name="x", password="!")
    agency = Agency.objects.first()
    values = {"staff_no": "Z1", "role": "clerk", "agency": agency, "office": "1", "since": timezone.localdate()}
    with pytest.raises(Error), transaction.atomic(), acting_as("web"):
        StaffMember.objects.create(user=user, **values)
    with pytest.raises(Error), transaction.atomic(), acting_as("web"):
        ActivationCode.objects.create(
            user=user_of(CLERK), code_hash=b"1" * 32, issued_at=timezone.now(), expires_at=timezone.now()
        )
    with pytest.raises(Error), transaction.atomic(), acting_as("web"):
        User.objects.filter(pk=user_of(CLERK).pk).update(is_active=False)
    staffing.disable(member(CLERK), by=user_of(SECURITY_ADMINISTRATOR), reason="x")
    with pytest.raises(Error), transaction.atomic(), acting_as("web"):
        User.objects.filter(pk=user_of(CLERK).pk).update(is_active=True)


@pytest.mark.parametrize(
    ("asks", "decides"),
    [
        (OPERATOR, SECURITY_ADMINISTRATOR),
        (SECURITY_ADMINISTRATOR, SECURITY_ADMINISTRATOR),
        (SYSTEM_ADMINISTRATOR, SYSTEM_ADMINISTRATOR),
        (SYSTEM_ADMINISTRATOR, OPERATOR),
    ],
)
def test_the_database_knows_who_may_ask_and_who_decides(asks, decides):
    with pytest.raises(Error), transaction.atomic(), acting_as("web"):
        asked = StaffRequest.objects.create(
            what="end",
            staff_no=CLERK,
            member=member(CLERK),
            until=timezone.localdate(),
            reason="x",
            asked_by=user_of(asks),
        )
        StaffRequest.objects.filter(pk=asked.pk).update(
            decision="approved", decision_reason="x", decided_by=user_of(decides), decided_at=timezone.now()
        )


@pytest.mark.parametrize("column", ["role='security'", "staff_no='Q'", "asked_by_id=1", "reason='y'", "decision=''"])
def test_what_was_asked_and_decided_stays(system, security, column):
    ask_for_new(system)
    decide(security, last_request())
    for role in ("web", "owner"):
        with pytest.raises(Error), transaction.atomic(), acting_as(role), connection.cursor() as cursor:
            cursor.execute(f"UPDATE inquiries_staffrequest SET {column}")


@pytest.mark.parametrize("table", ["inquiries_staffdeed", "django_admin_log"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("role", ["web", "job", "owner"])
def test_deeds_are_only_ever_added(table, statement, role):
    with pytest.raises(Error), transaction.atomic(), acting_as(role), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_deed_is_signed_by_an_administrator_of_today():
    with pytest.raises(Error), transaction.atomic(), acting_as("web"):
        StaffDeed.objects.create(staff_no=CLERK, member=member(CLERK), deed="disabled", by=user_of(CLERK), reason="x")


def test_what_the_feed_writes_leaves_a_deed(as_job):
    before = deeds_of(CLERK)
    with as_job():
        StaffMember.objects.filter(staff_no=CLERK).update(role="auditor")
        StaffMember.objects.filter(staff_no=CLERK).update(feed_row=7)
    assert deeds_of(CLERK) == [*before, "filed"]


def idle_since(staff_no, days):
    long_ago = timezone.now() - timedelta(days=days)
    with acting_as("job"):
        User.objects.filter(pk=user_of(staff_no).pk).update(date_joined=long_ago, last_login=long_ago)


def run(**options):
    out = StringIO()
    call_command("disable_idle_staff", stdout=out, **options)
    return out.getvalue()


def test_idle_accounts_are_disabled_once_and_named():
    make_staff("I1", "clerk")
    make_staff("I2", "clerk", until=timezone.localdate())
    for staff_no, days in (("I1", 91), ("I2", 200), (OPERATOR, 89)):
        idle_since(staff_no, days)
    assert "I1" in run(dry_run=True)
    assert user_of("I1").is_active
    said = run()
    assert "I1\tclerk" in said
    assert "1 accounts of staff disabled" in said
    assert not user_of("I1").is_active
    assert user_of(OPERATOR).is_active
    assert deeds_of("I1")[-1] == "idle"
    assert "0 accounts of staff disabled" in run()


def test_an_account_that_was_opened_again_is_not_idle_the_same_night(system, security):
    idle_since(CLERK, 100)
    run()
    system.post(reverse("ask_staff_enable", kwargs={"number": member(CLERK).pk}), {"reason": "休假回来"})
    decide(security, last_request())
    run()
    assert user_of(CLERK).is_active


def test_a_code_by_command_leaves_a_deed(tmp_path):
    numbers = tmp_path / "numbers"
    numbers.write_text(CLERK)
    call_command("issue_activation", kind="staff", numbers=str(numbers), stdout=StringIO())
    assert deeds_of(CLERK)[-1] == "code"
