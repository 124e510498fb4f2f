from django.urls import path, register_converter

from registry.insurance import Insurance

from .views import changes, corrections, insurance, life, lifetime, my, operators, prospects, public_rules


class InsuranceConverter:
    """One of the five insurances, as in /accounts/pension/."""

    regex = "|".join(Insurance.values)

    def to_python(self, value):
        return Insurance(value)

    def to_url(self, value):
        return str(value)


class RecordNumberConverter:
    """The number of a batch or of a correction: things of the office. Persons never stand in an address."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(InsuranceConverter, "insurance")
register_converter(RecordNumberConverter, "record")

urlpatterns = [
    path("accounts/", my.my_accounts, name="my_accounts"),
    path("changes/", changes.changes, name="changes"),
    path("changes/seen/", changes.mark_seen, name="mark_seen"),
    path("changes/checked/", changes.mark_checked, name="mark_checked"),
    path("benefits/", life.benefits, name="benefits"),
    path("medical-spending/", life.medical, name="medical_spending"),
    path("transfers/", life.transfers, name="transfers"),
    path("unemployment/", life.unemployed, name="unemployment"),
    path("work-injury/", life.work_injuries, name="work_injury"),
    path("payments/lifetime/", lifetime.lifetime, name="lifetime"),
    path("prospects/", prospects.prospects, name="prospects"),
    path("rules/", public_rules.public_rules, name="public_rules"),
    path("rules/try/", public_rules.try_rules, name="try_rules"),
    path("accounts/<insurance:insurance>/", insurance.insurance, name="insurance"),
    path("accounts/<insurance:insurance>/entries/", insurance.account_entries, name="account_entries"),
    path("accounts/<insurance:insurance>/sources/", insurance.balance_sources, name="balance_sources"),
    path("accounts/<insurance:insurance>/interest/", insurance.account_interest, name="account_interest"),
    path("operators/", operators.operators_desk, name="operators_desk"),
    path("operators/batches/", operators.batches, name="batches"),
    path("operators/batches/<record:batch>/", operators.batch, name="batch"),
    path("operators/batches/<record:batch>/entries/", operators.batch_entries, name="batch_entries"),
    path("operators/interest/", operators.interest_years, name="interest_years"),
    path("operators/proofs/", operators.proofs, name="proofs"),
    path("operators/person/entries/", corrections.entries_of_person, name="person_entries"),
    path("operators/person/correction/", corrections.propose_correction, name="propose_correction"),
    path("operators/person/correction/ask/", corrections.ask_for_correction, name="ask_for_correction"),
    path("operators/corrections/", corrections.list_corrections, name="corrections"),
    path("operators/corrections/<record:correction>/", corrections.correction, name="correction"),
    path("operators/corrections/<record:correction>/look/", corrections.look_at_correction, name="look_at_correction"),
    path(
        "operators/corrections/<record:correction>/approve/", corrections.approve_correction, name="approve_correction"
    ),
    path("operators/corrections/<record:correction>/refuse/", corrections.refuse_correction, name="refuse_correction"),
]
