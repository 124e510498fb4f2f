"""The rules of the house, held by running them: doors, grants, names, sizes, templates."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, get_resolver

from portal import grants

ROOT = Path(settings.BASE_DIR)
ROOMS = ["registry", "inquiries", "contributions", "accounts", "documents", "portal"]
CATCH_ALL = {"utils", "util", "helpers", "services", "common", "core", "misc", "tools", "lib", "shared"}

# Pages that show nobody's record: what stands in the open, and the deeds of asking themselves.
WITHOUT_A_RECORD = {
    "home",
    "halls",
    "designated_places",
    "privacy",
    "help",
    "help_on",
    "law",
    "law_article",
    "manifest",
    "public_rules",
    "try_rules",
    "verify_program",
    "set_language",
    "set_text_size",
    "sign_in",
    "sign_out",
    "activate",
    "forgotten_password",
    "second_step",
    "send_text_code",
    "prove_passkey",
    "set_up_first",
    "my_protection",
    "set_up_app",
    "set_up_passkey",
    "set_up_phone",
    "confirm_phone",
    "stop_phone_change",
    "print_own_codes",
    "remove_factor",
    "change_password",
    # One's own session, account and inbox: nobody else's can be named.
    "session_left",
    "continue_session",
    "unlock",
    "step_up",
    "account",
    "end_session",
    "end_other_sessions",
    "freeze_account",
    "inbox",
    "mark_read",
    "mark_all_read",
    "choose_employer",
    "choose_record",
    "kiosk",
    "kiosk_tiles",
    "kiosk_still_there",
    "healthz",
    "readyz",
    "csp_report",
    "security_txt",
}
# One file that a citizen carries away and reads: its checks and its words in two languages belong together.
LONGER_FILES = {"verify.py": 950}
HAN = re.compile(r"[\u3400-\u9fff]")
TRANSLATED = re.compile(r"{% (?:block)?translate.*?%}(?:.*?{% endblocktranslate %})?|{#.*?#}", re.S)


def tracked(pattern):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\n") if name and (ROOT / name).exists()]


def python_files():
    return [p for p in tracked("*.py") if "migrations" not in p.parts]


def patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry
        elif not str(entry.pattern).startswith(settings.ADMIN_PATH):
            yield from patterns(entry, prefix + str(entry.pattern))


def test_every_page_goes_through_the_door_or_shows_no_record():
    strays = [
        address
        for address, entry in patterns()
        if entry.name not in WITHOUT_A_RECORD and not getattr(entry.callback, "door", None)
    ]
    assert strays == []


def test_no_address_carries_an_id():
    assert [address for address, _ in patterns() if re.search(r"<(int|uuid|slug|str):|<pk|_id>", address)] == []


def test_every_table_has_its_grants_and_none_more():
    named = {(m._meta.app_label, m._meta.object_name) for m in grants.models()}
    granted = {(app, model) for app, models in grants.GRANTS.items() for model in models}
    assert named == granted


@pytest.mark.parametrize(
    "table",
    [
        *("Batch", "Entry", "FundEntry", "Reversal", "BenefitPayment", "Contribution", "Assessment"),
        *("Takeover", "Movement", "Spending", "Closure", "TransferEvent"),
        *("InterestTerms", "InterestCredit", "InterestYear", "InterestPreview", "Statement", "ClosedYear"),
        *("Seal", "SealedLeaf", "SealedBatch", "SealedChunk"),
    ],
)
def test_the_ledger_is_only_ever_added_to(table):
    rights = {**grants.GRANTS["accounts"], **grants.GRANTS["contributions"]}[table]
    assert rights["web"] == "SELECT"
    assert rights["job"] == "SELECT, INSERT"


def test_every_migration_has_a_name_of_its_own():
    for room in ROOMS:
        for path in (ROOT / room / "migrations").glob("0*.py"):
            assert not re.fullmatch(r"\d{4}_(auto_.*|initial|alter_.*|.*_and_more)", path.stem), path


def test_no_module_is_a_catch_all():
    assert [
        p for p in python_files() if CATCH_ALL & {part.removesuffix(".py") for part in p.relative_to(ROOT).parts}
    ] == []


def test_files_and_functions_keep_their_bounds():
    for path in python_files():
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= LONGER_FILES.get(path.name, 400), path
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 70, f"{path}:{node.lineno} {node.name}"


def test_every_template_is_used():
    sources = "\n".join(p.read_text(encoding="utf-8") for p in [*python_files(), *tracked("templates/*.html")])
    by_django = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
    names = {str(p.relative_to(ROOT / "templates")) for p in tracked("templates/*.html")}
    assert sorted(n for n in names - by_django if f'"{n}"' not in sources) == []


def test_templates_hold_no_chinese_of_their_own():
    for path in tracked("templates/*.html"):
        assert not HAN.search(TRANSLATED.sub("", path.read_text(encoding="utf-8"))), path


def test_rooms_stand_in_the_order_of_the_staircase():
    ours = [app for app in settings.INSTALLED_APPS if app in ROOMS]
    assert ours == list(reversed(ROOMS))


def test_mass_tables_have_no_foreign_keys_in_the_database(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
            "WHERE c.contype = 'f' AND t.relkind = 'p'"
        )
        assert cursor.fetchall() == []


def test_models_carry_no_cascade():
    for model in apps.get_models():
        if model._meta.app_label in ROOMS:
            for field in model._meta.get_fields():
                on_delete = getattr(getattr(field, "remote_field", None), "on_delete", None)
                assert on_delete is None or on_delete.__name__ != "CASCADE", f"{model} {field.name}"
