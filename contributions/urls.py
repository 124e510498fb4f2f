from django.urls import path, register_converter

from . import local_rule_views, views
from .rules import TABLES


class RuleTableConverter:
    """The name of a table of rules, as in rules.toml."""

    regex = "|".join(TABLES)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(RuleTableConverter, "rule_table")

urlpatterns = [
    path("payments/", views.payment_records, name="payment_records"),
    path("local-rules/", local_rule_views.local_rules_list, name="local_rules"),
    path("local-rules/<rule_table:table>/propose/", local_rule_views.propose_rule, name="propose_rule"),
    path("local-rules/<rule_table:table>/propose/draft/", local_rule_views.add_draft, name="add_draft_rule"),
    path("local-rules/approve/", local_rule_views.approve_rule, name="approve_rule"),
    path("local-rules/ask-withdrawal/", local_rule_views.ask_rule_withdrawal, name="ask_rule_withdrawal"),
    path("local-rules/withdraw/", local_rule_views.withdraw_rule, name="withdraw_rule"),
]
