"""Which pages each capacity may open: written here and nowhere else. A page that stands in no row is open to nobody.

A page is named as in the access log. `pages_of` reads the tables below for one open inquiry: some capacities have one
row, what a proxy may open stands in the mandate, and what a clerk may open depends on who stands at the window.
"""

from ..models import Inquiry, Purpose, Scope
from ..models.visits import Actor

Capacity, Channel = Inquiry.Capacity, Inquiry.Channel

OF_SCOPE = {
    Scope.ACCOUNTS: {
        *("accounts.my_accounts", "accounts.insurance", "accounts.transfers"),
        *("accounts.entries", "accounts.sources", "accounts.interest"),
    },
    Scope.PAYMENTS: {"contributions.payment_records", "accounts.lifetime"},
    Scope.REGISTRATION: {"portal.registration_status", "portal.registration_history"},
    Scope.STATEMENTS: {
        *("documents.statements", "documents.statement", "documents.statement_print"),
        *("documents.my_list", "documents.my_list_print"),
    },
}
PAPER = {"documents.statement_print", "documents.my_list", "documents.my_list_print"}
RECORD = set().union(*OF_SCOPE.values())
# What a mandate never opens: the person herself sees it, and a clerk with her at the window.
LIFE = {
    *("portal.my_card", "portal.employment", "accounts.benefits", "accounts.medical_spending"),
    *("accounts.unemployment", "accounts.work_injury", "accounts.prospects"),
}
LOG = {"inquiries.who_looked"}
OWN_AFFAIRS = {
    *("inquiries.mandates", "inquiries.grant_mandate", "inquiries.phone_code", "inquiries.ask_why"),
    *("accounts.changes", "accounts.mark_record", "documents.take_out"),
}
NUMBER = {"inquiries.whole_number"}
PROOFS = {"inquiries.issue_code", "inquiries.hand_out_codes", "inquiries.phone_of_visitor"}
EMPLOYER = {"documents.employer_home", "documents.payment_list", "documents.payment_list_print"}
CLOSE = {"inquiries.close_visit"}
WINDOW = {"inquiries.check_identity", "inquiries.finish_visit"} | CLOSE
BOOKS = {"accounts.person_entries", "accounts.correction", "accounts.batch_entries"}
LOOKS = {"inquiries.look_questions", "inquiries.delays"}
AUDITS = {"inquiries.audit_looks", "inquiries.audit_export", "inquiries.anomalies"}

OF_CAPACITY = {
    (Capacity.SELF, Channel.WEB): RECORD | LIFE | LOG | OWN_AFFAIRS | NUMBER | {"inquiries.me"},
    # Pages made for paper stand in no kiosk's frame.
    (Capacity.SELF, Channel.KIOSK): RECORD - PAPER,
    (Capacity.GUARDIAN, Channel.WEB): LOG,
    (Capacity.AGENT, Channel.WEB): EMPLOYER,
    (Capacity.PHONE, Channel.PHONE): {
        "accounts.my_accounts",
        "contributions.payment_records",
        "portal.registration_status",
    },
    (Capacity.OPERATOR, Channel.WEB): BOOKS | NUMBER | LOOKS | {"inquiries.answer_question"},
    (Capacity.AUDITOR, Channel.WEB): BOOKS | LOOKS | AUDITS,
}
OF_VISITOR = {
    Actor.SELF: WINDOW | RECORD | LIFE | LOG | PROOFS | NUMBER | {"inquiries.me"},
    Actor.PROXY: WINDOW,
    Actor.GUARDIAN: WINDOW,
    Actor.UNIT: EMPLOYER | CLOSE | {"inquiries.finish_unit_visit"},
}
# What a mandate on paper opens when the visit has this purpose.
SCOPES_OF_PURPOSE = {
    Purpose.BALANCE: [Scope.ACCOUNTS, Scope.PAYMENTS],
    Purpose.PRINT: [Scope.ACCOUNTS, Scope.PAYMENTS, Scope.REGISTRATION, Scope.STATEMENTS],
    Purpose.REGISTRATION: [Scope.REGISTRATION],
    Purpose.VERIFY: [Scope.ACCOUNTS, Scope.PAYMENTS, Scope.REGISTRATION],
    Purpose.CONSULT: [Scope.PAYMENTS, Scope.REGISTRATION],
}


def pages_of(inquiry):
    """The names of the pages that this open inquiry may open."""
    pages = OF_VISITOR[inquiry.visit.actor] if inquiry.visit else OF_CAPACITY.get((inquiry.capacity, inquiry.channel))
    mandate = inquiry.visit.by_mandate if inquiry.visit else inquiry.mandate
    return set(pages or ()).union(*(OF_SCOPE[scope] for scope in (mandate.scopes if mandate else ())))


def may_open(inquiry, page):
    return page in pages_of(inquiry)


def scopes_with_pages():
    """The scopes that a grantor can choose from: those that open a page."""
    return [scope for scope in Scope if OF_SCOPE[scope]]


def every_page():
    """All names that stand in some row."""
    rows = (*OF_SCOPE.values(), *OF_CAPACITY.values(), *OF_VISITOR.values())
    return set().union(*rows)
