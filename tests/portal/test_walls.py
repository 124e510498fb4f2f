"""The second wall: whatever a page asks, the web role finds the open inquiry's rows and no others."""

import secrets
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.http import JsonResponse
from django.urls import include, path
from django.utils import timezone

from accounts.models import Entry
from inquiries.models import AccessLog, Inquiry
from portal import grants, walls
from registry.commands import Refused
from registry.models import Employer, InsuredPerson
from registry.partitions import partition_name
from registry.roles import acting_as
from tests import visitors
from tests.behind_the_wall import TABLES, ids_in, ids_of, inquiry_of, make_row_of_each, owner_column, web
from tests.cast import CAST, HARBOUR

OURS = {"registry", "inquiries", "contributions", "accounts", "documents", "portal"}
OF_EMPLOYERS = {"Assessment", "Contribution"}
OF_THE_BOOKS = {
    name for named in walls.WALLS.values() for name, wall in named.items() if walls.OF_THE_BOOKS in str(wall)
}
# A legal order of secrecy about her is the one thing that her own inquiry does not find.
HIDDEN_FROM_HER = {"DelayedDisplay"}
MODELS = [apps.get_model(app, name) for app, name in TABLES]
pytestmark = pytest.mark.django_db


def careless(request):
    """A view that forgot the door."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_account")
        (accounts,) = cursor.fetchone()
    names = list(InsuredPerson.objects.values_list("name", flat=True))
    return JsonResponse({"accounts": accounts, "names": names, "entries": list(Entry.objects.values())})


urlpatterns = [path("careless/", careless), path("", include("portal.urls"))]


@pytest.fixture
def rows_of_each():
    """Every table behind the wall holds rows of Wang and of Li."""
    make_row_of_each([CAST.wang, CAST.li])


def models_of_ours():
    return [model for model in grants.models() if model._meta.app_label in OURS]


def names_a_person(model):
    """Whether a column holds the id of a person, or of a row behind the wall."""
    behind = {apps.get_model(app, name) for app, name in TABLES}
    return any(
        field.name in {"person", "person_id"} or (field.is_relation and field.related_model in behind)
        for field in model._meta.concrete_fields
    )


def of(model, member):
    """The values by which a member's rows of a table are known."""
    column = owner_column(model)
    if column in ("id", "person_id"):
        return set(ids_of(member))
    parent = model._meta.get_field(column.removesuffix("_id")).related_model
    return set(parent.objects.filter(person__in=ids_of(member)).values_list("pk", flat=True))


def seen(model, token):
    with web(token) as cursor:
        return sorted(ids_in(cursor, model, owner_column(model)))


def there(model, among=None):
    """The same values of all rows there are, or of those of a member: what the job role sees."""
    with acting_as("job"), connection.cursor() as cursor:
        found = sorted(ids_in(cursor, model, owner_column(model)))
    return found if among is None else [value for value in found if value in among]


def test_every_table_that_names_a_person_has_a_wall_or_a_reason():
    naming = {model.__name__ for model in models_of_ours() if names_a_person(model)} | {"InsuredPerson"}
    walled = {name for _app, name in TABLES}
    assert naming == walled | set(walls.WITHOUT_WALL)
    assert not walled & set(walls.WITHOUT_WALL)


def test_the_walls_of_the_list_stand_in_the_database_and_no_others():
    assert walls.standing() == walls.planned()


def policies():
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_policy ORDER BY oid")
        return cursor.fetchall()


def test_a_wall_that_stands_is_not_touched():
    before = policies()
    with acting_as("owner"):
        walls.apply()
    assert policies() == before


@pytest.mark.parametrize("fault", ["DROP POLICY wall_write ON {}", "ALTER TABLE {} DISABLE ROW LEVEL SECURITY"])
def test_a_wall_with_a_hole_is_built_anew(fault):
    before = policies()
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(fault.format("inquiries_accesslog"))
        assert walls.standing() != walls.planned()
        walls.apply()
    assert walls.standing() == walls.planned()
    assert len(policies()) == len(before)


def test_no_wall_is_built_before_a_job_role_that_it_would_hold_up():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; ALTER ROLE portal_job NOBYPASSRLS; SET LOCAL ROLE portal_tests")
    with pytest.raises(Refused, match="portal_job: run docs/roles.sql"):
        call_command("grant_roles")


def test_the_web_role_is_held_up_and_the_others_are_not():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolbypassrls OR rolsuper FROM pg_roles WHERE rolname LIKE 'portal\\_%'")
        may = dict(cursor.fetchall())
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert ("portal_web",) not in cursor.fetchall()
    assert may["portal_web"] is False
    assert may["portal_job"] and may["portal_read"]


def test_the_functions_of_the_wall_are_the_owners_and_may_be_called_by_the_web_role_alone():
    with connection.cursor() as cursor:
        for signature in walls.FUNCTIONS:
            cursor.execute(
                "SELECT pg_get_userbyid(proowner), prosecdef, proconfig[1], proacl::text FROM pg_proc WHERE oid = "
                "%s::regprocedure",
                [signature],
            )
            owner, is_definer, config, rights = cursor.fetchone()
            assert (owner, is_definer, config) == ("portal_owner", True, "search_path=pg_catalog, public, pg_temp")
            assert rights == "{portal_owner=X/portal_owner,portal_web=X/portal_owner}", signature


def test_without_an_open_inquiry_there_are_no_rows(rows_of_each):
    closed, expired = inquiry_of(CAST.wang, closed_at=timezone.now()), inquiry_of(CAST.wang, minutes=-1)
    tokens = (None, closed, expired, secrets.token_urlsafe(32), "1", "%", "' OR true --")
    for model in MODELS:
        assert there(model, of(model, CAST.wang)), model
        assert {token: seen(model, token) for token in tokens} == {token: [] for token in tokens}, model


def test_the_person_finds_her_rows_and_nobody_elses(rows_of_each):
    token = inquiry_of(CAST.wang)
    for model in MODELS:
        assert there(model, of(model, CAST.li)), model
        assert there(model, of(model, CAST.wang)), model
        mine = [] if model.__name__ in HIDDEN_FROM_HER else there(model, of(model, CAST.wang))
        assert seen(model, token) == mine, model


def test_an_agent_finds_what_came_through_his_employer_and_no_account(rows_of_each):
    harbour = Employer.objects.get(credit_code=HARBOUR).pk
    token = inquiry_of(employer_id=harbour, capacity="agent")
    for model in MODELS:
        if model.__name__ not in OF_EMPLOYERS:
            assert there(model) and seen(model, token) == [], model
            continue
        with web(token) as cursor:
            employers = ids_in(cursor, model, "employer_id")
        with acting_as("job"):
            assert len(employers) == model.objects.filter(employer_id=harbour).count() < model.objects.count()
        assert set(employers) == {harbour}


@pytest.mark.parametrize("capacity", ["operator", "auditor"])
def test_an_inquiry_into_the_books_finds_what_is_booked(rows_of_each, capacity):
    token = inquiry_of(capacity=capacity)
    for model in MODELS:
        is_open = model.__name__ in OF_THE_BOOKS or (model, capacity) == (AccessLog, "auditor")
        assert seen(model, token) == (there(model) if is_open else []), model


def test_the_rows_of_a_merged_duplicate_are_hers(as_job):
    with as_job():
        InsuredPerson.objects.filter(pk__in=ids_of(CAST.wu)).update(merged_into_id=ids_of(CAST.wang)[0])
    both = seen(Entry, inquiry_of(CAST.wang))
    assert set(both) <= set(ids_of(CAST.wang)) and len(ids_of(CAST.wang)) == 2
    assert both == there(Entry, set(ids_of(CAST.wang)))


@pytest.mark.parametrize("table", ["accounts_entry", "contributions_contribution", "inquiries_accesslog"])
@pytest.mark.parametrize("is_open", [False, True])
def test_nobody_gets_past_the_wall_by_a_partition(table, is_open):
    token = inquiry_of(CAST.wang) if is_open else None
    for name in (partition_name(table, timezone.localdate().year), f"{table}_default"):
        with pytest.raises(ProgrammingError, match="permission denied"), web(token) as cursor:
            cursor.execute(f'SELECT * FROM "{name}"')


def test_a_view_that_forgets_the_door_gets_no_rows(settings):
    client = visitors.person(CAST.wang)
    settings.ROOT_URLCONF = __name__
    assert Entry.objects.exists()
    assert client.get("/careless/").json() == {"accounts": 0, "names": [], "entries": []}


def test_a_careless_question_behind_the_door_finds_the_open_record_alone():
    hers, his = set(ids_of(CAST.wang)), set(ids_of(CAST.li))
    with web(inquiry_of(CAST.wang)):
        assert set(InsuredPerson.objects.values_list("pk", flat=True)) == hers
        assert set(Entry.objects.values_list("person_id", flat=True)) == hers
        assert not Entry.objects.filter(person_id__in=his).exists()


@pytest.mark.parametrize("is_open", [False, True])
def test_the_web_role_changes_and_removes_no_row_by_any_statement(is_open):
    token = inquiry_of(CAST.wang) if is_open else None
    for app, name in TABLES:
        for statement in statements_against(app, name):
            with pytest.raises(ProgrammingError, match="permission denied|must be owner"), web(token) as cursor:
                cursor.execute(statement)


def statements_against(app, name):
    table = apps.get_model(app, name)._meta.db_table
    statements = [f'DELETE FROM "{table}"', f'TRUNCATE "{table}"', f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY']
    statements += [f'DROP TABLE "{table}"', f'DROP POLICY wall ON "{table}"']
    if "UPDATE" not in grants.GRANTS[app][name]["web"]:
        columns = [f.column for f in apps.get_model(app, name)._meta.concrete_fields if not f.generated]
        statements += [f'UPDATE "{table}" SET "{column}" = "{column}"' for column in columns]
    return statements


def log_row(token, **changes):
    inquiry = Inquiry.objects.get(token=token)
    now = timezone.now()
    facts = {
        "person_id": inquiry.person_id,
        "month": timezone.localdate(now).replace(day=1),
        "at": now,
        "kind": "look",
        "page": "-",
        "inquiry_id": inquiry.pk,
        "user_id": inquiry.user_id,
        "channel": "web",
        "capacity": "self",
        "purpose": "own_record",
        "legal_basis": "-",
    }
    return AccessLog(**facts | changes)


def test_the_log_takes_a_row_in_the_name_of_the_open_inquiry():
    token = inquiry_of(CAST.wang)
    with web(token):
        log_row(token).save(force_insert=True)


@pytest.mark.parametrize("changed", ["person_id", "inquiry_id", "user_id", "employer_id"])
def test_the_log_takes_no_row_in_anothers_name(changed):
    token = inquiry_of(CAST.wang)
    row = log_row(token, **{changed: 1 + max(ids_of(CAST.li))})
    with pytest.raises(DatabaseError, match="row-level security"), web(token):
        row.save(force_insert=True)


@pytest.mark.parametrize("minutes", [None, -1])
def test_the_log_takes_no_row_without_an_open_inquiry(minutes):
    token = inquiry_of(CAST.wang, minutes=minutes or 30)
    row = log_row(token)
    with pytest.raises(DatabaseError, match="row-level security"), web(token if minutes else None):
        row.save(force_insert=True)


def test_a_record_that_was_closed_meanwhile_does_not_open():
    client = visitors.person(CAST.wang)
    inquiry = Inquiry.objects.get(token=visitors.inquiry_token(client))
    later = timezone.now() + timedelta(seconds=1)
    Inquiry.objects.filter(pk=inquiry.pk).update(closed_at=later)
    assert client.get("/who-looked/").status_code == 302
    assert transaction.get_connection().needs_rollback is False


QUESTIONS = {
    "entries": "SELECT * FROM accounts_entry WHERE person_id = $1 AND booked_month >= $2",
    "contributions": "SELECT * FROM contributions_contribution WHERE person_id = $1 AND booked_month >= $2",
    "log": "SELECT * FROM inquiries_accesslog WHERE person_id = $1 AND month >= $2",
    "accounts": "SELECT * FROM accounts_account WHERE person_id = $1 AND opened_month >= $2",
}


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_wall_leaves_keys_and_partitions_their_use_and_asks_once(question):
    """As the web role's connection plans it: one plan for all values, kept."""
    (person,), start = ids_of(CAST.wang), f"{timezone.localdate().year + 1}-01-01"
    with web(inquiry_of(CAST.wang)) as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off")
        cursor.execute(f"PREPARE asked (bigint, date) AS {question}")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked ({person}, '{start}')")
        plan = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("DEALLOCATE asked")
    parts = list(nodes(plan))
    scans = [part for part in parts if "Relation Name" in part]
    assert scans and all("person_id = $1" in part.get("Index Cond", part.get("Recheck Cond", "")) for part in scans)
    asked = [part for part in parts if part.get("Parent Relationship") == "InitPlan"]
    assert asked and all(part["Actual Loops"] <= 1 for part in asked)
    if len(scans) > 1:
        assert plan["Subplans Removed"] > 0
