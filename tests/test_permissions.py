"""docs/permissions.md is what the portal does: every address, as every kind of visitor, by every method."""

from pathlib import Path

import pytest

from tests.cast import CAST
from tests.permission_walk import (
    METHODS_OF_NOBODY,
    VISITORS,
    fields_of,
    fields_shown,
    make_what_addresses_name,
    outcome,
)
from tests.test_house import patterns

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
NO_METHOD, SIGN_IN, REFUSED = "405", "sign in", "403"
# Told before the method is looked at.
FIRST = {SIGN_IN, REFUSED, "→ kiosk_tiles"}
GROUPS = {
    "all": list(VISITORS),
    "signed in": [v for v in VISITORS if v != "nobody"],
    "clerks": [v for v in VISITORS if v.startswith("clerk")],
    "desks": [v for v in VISITORS if v.startswith("desk")],
    "operators": [v for v in VISITORS if v.startswith("operator")],
    "auditors": [v for v in VISITORS if v.startswith("auditor")],
    "administrators": ["system", "security"],
}


def visitors_in(text):
    for name in filter(None, (part.strip() for part in text.split(","))):
        yield from GROUPS.get(name, [name])


def words_of(opens, others):
    """{visitor: word} of one row: who is let in, what else is answered to whom, 403 or the sign-in to all others."""
    words = dict.fromkeys(VISITORS, REFUSED) | {"nobody": SIGN_IN}
    words |= dict.fromkeys(visitors_in(opens), "shown")
    for part in filter(None, (each.strip() for each in others.split(";"))):
        word, _, names = part.partition(": ")
        words |= dict.fromkeys(visitors_in(names), word)
    return words


def tables(first):
    """The rows, as lists of cells, of the tables whose first column is named `first`."""
    is_open = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and is_open and not cells[0].startswith("-"):
            yield cells
        is_open = line.startswith("|") and (is_open or cells[0] == first)


def rows():
    """{address name: (kind, {visitor: word})} of the tables that begin with the column `address`."""
    found = {}
    for address, kind, *words in tables("address"):
        name = address.strip("`")
        assert name not in found, f"{name} stands twice"
        found[name] = kind, words_of(*words)
    return found


MATRIX = rows()
FIELDS = {field: set(visitors_in(seen_by)) for field, seen_by in tables("field")}


def expected(kind, word):
    """{method: word} of one cell; a form that answers a GET and a POST differently says both."""
    get, _, post = word.partition(" / ")
    if kind == "page":
        return {"GET": get, "HEAD": get, "POST": NO_METHOD}
    if kind == "deed":
        return {"GET": NO_METHOD, "HEAD": NO_METHOD, "POST": get}
    return {"GET": get, "HEAD": get, "POST": post or get}


def is_right(word, got):
    return got == word or (word == NO_METHOD and got in FIRST)


def test_the_page_names_every_address_and_no_other():
    assert set(MATRIX) == {entry.name for _address, entry in patterns()}


def test_the_page_names_no_visitor_who_is_not_walked():
    assert {visitor for _kind, words in MATRIX.values() for visitor in words} == set(VISITORS)


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_address_answers_every_method_as_the_page_says(visitor):
    make_what_addresses_name()
    client = VISITORS[visitor]()
    client.raise_request_exception = False
    wrong = []
    for name, (kind, words) in MATRIX.items():
        asked = expected(kind, words[visitor]) | dict.fromkeys(METHODS_OF_NOBODY, NO_METHOD)
        got = {method: outcome(client, method, name) for method in asked}
        wrong += [f"{m} {name}: {got[m]}, not {word}" for m, word in asked.items() if not is_right(word, got[m])]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", VISITORS)
def test_a_visitor_sees_the_fields_that_the_page_names_and_no_other(visitor):
    make_what_addresses_name()
    client = VISITORS[visitor]()
    shown = [name for name, (kind, words) in MATRIX.items() if kind != "deed" and words[visitor].startswith("shown")]
    assert fields_shown(client, CAST.wang, shown) == {field for field, seen_by in FIELDS.items() if visitor in seen_by}


@pytest.mark.django_db
def test_the_page_names_the_fields_that_are_looked_for():
    assert set(FIELDS) == set(fields_of(CAST.wang))
