"""docs/permissions.md is what the portal does: every address, as every kind of visitor, by every method."""

from pathlib import Path

import pytest

from tests.permission_walk import METHODS_OF_NOBODY, VISITORS, outcome
from tests.test_house import patterns

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
NO_METHOD = "405"


def rows():
    """{address name: (kind, {visitor: word})} of the tables that begin with the column `address`."""
    found, heads = {}, None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            heads = None
        elif cells[0] == "address":
            heads = cells[2:]
        elif heads and not cells[0].startswith("-"):
            found[cells[0].strip("`")] = cells[1], dict(zip(heads, cells[2:], strict=True))
    return found


MATRIX = rows()


def expected(kind, word):
    """{method: word} of one cell; a form that answers a GET and a POST differently says both."""
    get, _, post = word.partition(" / ")
    if kind == "page":
        return {"GET": get, "HEAD": get, "POST": NO_METHOD}
    if kind == "deed":
        return {"GET": NO_METHOD, "HEAD": NO_METHOD, "POST": get}
    return {"GET": get, "HEAD": get, "POST": post or get}


def is_right(method, word, got):
    """A visitor who may not come at all is told so before the method is looked at."""
    refused = {"sign in", "403"}
    return got == word or (word == NO_METHOD and got in refused)


def test_the_page_names_every_address_and_no_other():
    assert set(MATRIX) == {entry.name for _address, entry in patterns()}


def test_the_page_has_a_column_for_every_kind_of_visitor():
    assert {tuple(cells) for _kind, cells in MATRIX.values()} == {tuple(VISITORS)}


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_address_answers_every_method_as_the_page_says(visitor):
    client = VISITORS[visitor]()
    client.raise_request_exception = False
    wrong = []
    for name, (kind, cells) in MATRIX.items():
        asked = expected(kind, cells[visitor]) | dict.fromkeys(METHODS_OF_NOBODY, NO_METHOD)
        got = {method: outcome(client, method, name) for method in asked}
        wrong += [
            f"{method} {name}: {got[method]}, not {word}"
            for method, word in asked.items()
            if not is_right(method, word, got[method])
        ]
    assert wrong == []
