"""What the tests of the local rules' pages share."""

from django.urls import reverse

from contributions.models import RuleDeed
from contributions.rules import TABLES
from tests.cast import BEIJING

LATE_FEE = {
    "area_code": BEIJING,
    "since": "2026-10-16",
    "until": "2027-01-01",
    "daily_rate": "0.0001",
    "source": "京测〔2026〕1号",
    "note": "",
}


def propose(client, table="late_fee_rate", **changes):
    """Send the form of a new draft; gives the answer."""
    return client.post(reverse("add_draft_rule", args=[table]), LATE_FEE | changes)


def draft(table="late_fee_rate"):
    """The latest local rule of a table."""
    return TABLES[table].objects.filter(origin="local").latest("pk")


def decide(client, deed, rule, table="late_fee_rate"):
    """Send the button of a deed ("approve_rule", "ask_rule_withdrawal", "withdraw_rule"); gives the answer."""
    return client.post(reverse(deed), {"table": table, "rule": rule.pk})


def deeds(rule):
    """[(deed, name of the user)] on a rule, oldest first."""
    found = RuleDeed.objects.filter(key=rule.key, version=rule.version).order_by("pk")
    return [(row.deed, row.user.name) for row in found.select_related("user")]
