"""Whatever is asked, decided and posted in whatever order by whomever: nothing is posted twice, nor by one person."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts import checks, corrections
from accounts.models import Account, Correction, Entry
from registry.roles import acting_as
from tests import staged
from tests.cast import OPERATOR, SECOND_OPERATOR
from tests.staged import employer_line, load

from .correcting import operator

MONTHS = [staged.OCTOBER.replace(month=month) for month in (7, 8, 9, 10)]
AMOUNTS = st.decimals(min_value="-900", max_value="900", places=2).filter(bool)
WHO = st.sampled_from([OPERATOR, SECOND_OPERATOR])
ANY = st.integers(min_value=0, max_value=30)


class Steps(RuleBasedStateMachine):
    """The model: for each request who asked, its state, and by how much it moves the account once it is posted."""

    @initialize()
    def begin(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        staged.make_places()
        self.person, employer = staged.make_person(), staged.make_employer()
        load(
            "employer_contributions",
            [employer_line(self.person, employer, line=n, month=month) for n, month in enumerate(MONTHS, 1)],
        )
        self.balance, self.requests, self.undone = Decimal("2560.00"), {}, set()

    def teardown(self):
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def pick(self, number):
        return list(self.requests)[number % len(self.requests)]

    @rule(who=WHO, months=st.sets(st.sampled_from(MONTHS)), amount=st.none() | AMOUNTS)
    def ask(self, who, months, amount):
        keys = Entry.objects.filter(person_id=self.person, kind="contrib_ind", period__in=months)
        keys = list(keys.values_list("booked_month", "kind", "batch_id", "line"))
        rights = [corrections.RightEntry("manual", MONTHS[0], amount)] if amount else []
        account = Account.objects.get(person_id=self.person)
        taken = {m for r in self.requests.values() if r["state"] in ("waiting", "approved") for m in r["months"]}
        possible = (months or amount) and not months & (taken | self.undone)
        try:
            asked = corrections.ask(account, keys, rights, by=operator(who), reason="r", document_ref="d")
        except corrections.CorrectionRefused:
            assert not possible
            return
        assert possible
        moved = (amount or 0) - 640 * len(months)
        self.requests[asked.pk] = {"by": who, "state": "waiting", "months": months, "moved": moved}

    @precondition(lambda self: self.requests)
    @rule(who=WHO, number=ANY, decision=st.sampled_from(["approved", "approved", "refused"]))
    def decide(self, who, number, decision):
        pk = self.pick(number)
        request = self.requests[pk]
        possible = request["state"] == "waiting" and request["by"] != who
        try:
            corrections.decide(Correction.objects.get(pk=pk), decision, by=operator(who), reason="r")
        except corrections.CorrectionRefused:
            assert not possible
            return
        assert possible
        request["state"] = decision

    @precondition(lambda self: self.requests)
    @rule(number=ANY)
    def post(self, number):
        pk = self.pick(number)
        request = self.requests[pk]
        with acting_as("job"):
            outcome = corrections.post(pk)
        if request["state"] != "approved":
            assert outcome is None
        elif self.balance + request["moved"] < 0:
            assert outcome == "below_zero"
            request["state"] = "failed"
        else:
            assert outcome == "posted"
            request["state"] = "posted"
            self.balance += request["moved"]
            self.undone |= request["months"]

    @invariant()
    def the_books_say_what_the_model_says(self):
        assert Account.objects.get(person_id=self.person).balance == self.balance
        states = {c.pk: c.state for c in Correction.objects.filter(person_id=self.person)}
        assert states == {pk: request["state"] for pk, request in self.requests.items()}

    @rule()
    def prove(self):
        with acting_as("read"), connection.cursor() as cursor:
            assert checks.prove(cursor) == []


@pytest.mark.django_db
def test_no_order_of_steps_posts_twice_or_by_one_person():
    examples = max(10, settings.default.max_examples // 10)
    run_state_machine_as_test(Steps, settings=settings(settings.default, max_examples=examples, stateful_step_count=30))
