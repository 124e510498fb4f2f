"""Reports of the Content-Security-Policy: read with suspicion, few, and about nobody."""

import json

import pytest
from django.urls import reverse

from portal import csp_reports

ADDRESS = reverse("csp_report")
OLD = {
    "csp-report": {
        "document-uri": "http://testserver/halls/?number=990101199003070012",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/steal.js?990101199003070012",
        "script-sample": "990101199003070012",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "body": {"documentURL": "http://testserver/", "effectiveDirective": "style-src", "blockedURL": "inline"},
    }
]


@pytest.fixture(autouse=True)
def new_minute(monkeypatch):
    monkeypatch.setattr(csp_reports, "budget", csp_reports.Budget(csp_reports.LINES_PER_MINUTE))


def send(client, body, kind="application/csp-report"):
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    answer = client.generic("POST", ADDRESS, text, content_type=kind)
    assert answer.status_code == 204
    return answer


def said(caplog):
    return [record.getMessage() for record in caplog.records if record.name == "portal.csp_reports"]


def test_both_forms_are_understood_and_only_known_words_are_kept(client, caplog):
    send(client, OLD)
    send(client, NEW, "application/reports+json")
    assert said(caplog) == [
        "Content-Security-Policy: script-src-elem blocked https://evil.example on page halls",
        "Content-Security-Policy: style-src blocked inline on page home",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "null",
        "7",
        b"\xff\xfe",
        "[" * 9000,
        {"csp-report": []},
        {"csp-report": 5},
        "x" * 20_000,
        "x" * 300_000,
    ],
)
def test_nonsense_is_taken_without_a_word(client, caplog, body):
    send(client, body)
    assert said(caplog) == []


def test_what_could_forge_a_line_becomes_a_question_mark(client, caplog):
    forged = {
        "effective-directive": "a\nb",
        "blocked-uri": "https://a.example\n:\n@x y/",
        "document-uri": "http://[::1/",
    }
    send(client, {"csp-report": forged})
    assert said(caplog) == ["Content-Security-Policy: ? blocked ? on page ?"]


def test_a_flood_is_a_few_lines_a_minute(client, caplog):
    for _ in range(10):
        send(client, NEW * 5)
    assert len(said(caplog)) <= 2 * csp_reports.LINES_PER_MINUTE


def test_the_budget_counts_within_its_minute():
    budget = csp_reports.Budget(2)
    assert [budget.spend(now) for now in (0, 1, 59, 60, 61, 119, 180)] == [True, True, False, True, True, False, True]


def test_it_is_only_sent_to(client):
    assert client.get(ADDRESS).status_code == 405
