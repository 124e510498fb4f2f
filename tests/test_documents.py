"""What the documents on security name is there: tests, commands, settings, addresses."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve

ROOT = Path(settings.BASE_DIR)
TESTS = {str(path.relative_to(ROOT / "tests")): path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/*.py")}
DOCUMENTS = (
    *("docs/asvs.md", "docs/threat-model.md", "docs/auth/duties.md", "docs/runbook-leak.md", "docs/privacy.md"),
    *("docs/data-classification.md", "SECURITY.md"),
)


@pytest.fixture(params=DOCUMENTS)
def text(request):
    return (ROOT / request.param).read_text(encoding="utf-8")


def test_every_test_file_that_is_named_exists(text):
    for name in re.findall(r"`(?:tests/)?((?:[a-z]+/)?test_\w+\.py)", text):
        assert [path for path in TESTS if path == name or path.endswith(f"/{name}")], name


def test_every_test_that_is_named_exists(text):
    source = "\n".join(TESTS.values())
    for name in re.findall(r"`(?:[\w/]+\.py: )?(test_[a-z0-9_]+)(?:`|…)", text):
        assert f"def {name}" in source, name


def test_every_command_that_is_named_exists(text):
    named = set(re.findall(r"manage\.py ([a-z_]+)", text)) - {"check"}
    assert named <= set(get_commands())


def test_every_address_that_is_named_leads_somewhere(text):
    for address in re.findall(r"`(/[a-z.-]+(?:/[a-z.-]+)*/?)`", text):
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(address)


def test_every_file_that_is_linked_exists(text, request):
    folder = (ROOT / request.node.callspec.params["text"]).parent
    for target in re.findall(r"\]\(([\w./-]+)\)", text):
        assert (folder / target).exists(), target


def test_the_threats_are_numbered_without_a_gap():
    text = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 30
