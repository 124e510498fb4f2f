"""Whatever happens to the books, in whatever order: the database and sixty lines of arithmetic agree to the fen."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection, transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts import checks, corrections, crediting, statements
from accounts.models import Account, Entry
from registry.months import add_months
from registry.roles import acting_as
from tests import staged

from . import correcting
from .model import FEN, Model

RATES = {2023: "0.0397", 2024: "0.0262"}
FIRST = date(2023, 1, 1)
WHO = st.sampled_from([0, 1])
MONTHS = st.integers(0, 23).map(lambda count: add_months(FIRST, count))
BASES = st.decimals(min_value=100, max_value=30_000, places=2)
SHARES = st.decimals(min_value=Decimal("0.01"), max_value=1, places=2)
PAYOUTS = {"transfer_out": "account_movements", "offset_overpayment": "account_movements", "pension": "benefits"}


class Books(RuleBasedStateMachine):
    """Two people with an old-age account each, over two years whose rates are published."""

    postings = Bundle("postings")

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.model, self.lines, self.keys = Model(), 0, {}
        self.credited, self.closed, self.moved_since_credited = [], 0, False

    def teardown(self):
        try:
            with acting_as("read"), connection.cursor() as cursor:
                assert checks.prove(cursor) == []
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @initialize()
    def people(self):
        staged.make_places()
        self.persons = [staged.make_person(f"P{number}") for number in (0, 1)]
        self.employer = staged.make_employer()

    # What a file brings

    def _load(self, who, kind, line, month, amount, is_payout=False):
        """Load a file of one line, or see it refused because its year is closed; the posting as (who, number)."""
        if month.year <= self.closed:
            with pytest.raises(staged.Refused, match="the year is closed"):
                staged.load(kind, [line])
            return multiple()
        staged.load(kind, [line])
        entries = Entry.objects.filter(person_id=self.persons[who]).exclude(kind__startswith="interest")
        entry = entries.order_by("-batch_id").first()
        assert entry.amount == amount
        self.model.post(who, month, amount, is_payout)
        self.moved_since_credited = True
        number = len(self.model.moved[who]) - 1
        self.keys[who, number] = (entry.booked_month, entry.kind, entry.batch_id, entry.line)
        return who, number

    def _slip(self):
        self.lines += 1
        return {"slip_no": f"S{self.lines}", "line": self.lines}

    @rule(target=postings, who=WHO, month=MONTHS, late=st.integers(0, 8), base=BASES)
    def contribute(self, who, month, late, base):
        """A month received in time, or paid later: the account gets 8 % of the base in the month it is booked."""
        booked = min(add_months(month, late), date(2024, 12, 1))
        kind = "normal" if booked == month else "backpay"
        line = staged.employer_line(
            self.persons[who], self.employer, base=base, month=month, booked_month=booked, kind=kind, **self._slip()
        )
        share = (base * Decimal("0.08")).quantize(FEN, ROUND_HALF_UP)
        return self._load(who, "employer_contributions", line, booked, share)

    @rule(target=postings, who=WHO, month=MONTHS, amount=BASES)
    def come_from_elsewhere(self, who, month, amount):
        line = staged.opening_line(self.persons[who], amount, month=month, kind="transfer_in", **self._slip())
        return self._load(who, "openings", line, month, amount)

    @rule(target=postings, who=WHO, month=MONTHS, share=SHARES, kind=st.sampled_from(sorted(PAYOUTS)))
    def pay_out(self, who, month, share, kind):
        """A part of what the account holds leaves it; a fen more is refused."""
        held = self.model.balance(who)
        amount = (held * share).quantize(FEN, ROUND_HALF_UP)
        if amount <= 0:
            return multiple()
        if month.year > self.closed:
            with pytest.raises(staged.Refused, match="no more than the account holds"):
                staged.load(PAYOUTS[kind], [self._payout(who, kind, month, held + FEN)])
        line = self._payout(who, kind, month, amount)
        return self._load(who, PAYOUTS[kind], line, month, -amount, is_payout=True)

    def _payout(self, who, kind, month, amount):
        slip = self._slip()
        if kind == "pension":
            slip["payment_no"] = slip.pop("slip_no")
            return staged.benefit_line(self.persons[who], from_account=amount, month=month, **slip)
        return staged.movement_line(self.persons[who], -amount, kind, "pension", month, **slip)

    # What people put right

    @rule(target=postings, posting=consumes(postings), right=st.none() | st.decimals(1, 5000, places=2))
    def correct(self, posting, right):
        """Two operators undo a posting, and post another amount in its place or none."""
        who, number = posting
        _month, amount, is_payout = self.model.moved[who][number]
        kind = self.keys[posting][1]
        rights = [] if right is None else [corrections.RightEntry(kind, FIRST, -right if is_payout else right)]
        account = Account.objects.get(person_id=self.persons[who])
        words = {"by": correcting.operator(), "reason": "Wrong amount", "document_ref": "D1"}
        asked = corrections.ask(account, [self.keys[posting]], rights, **words)
        outcome = correcting.post(correcting.approve(asked))
        after = self.model.balance(who) - amount + sum(each.amount for each in rights)
        assert outcome == ("posted" if after >= 0 else "below_zero")
        if after < 0:
            return posting
        booked = Entry.objects.get(batch_id=asked.undo_batch_id).booked_month
        assert booked.year > self.closed
        self.model.undo(who, number, booked)
        self.moved_since_credited = True
        for each in rights:
            self.model.post(who, booked, each.amount, is_payout)
        return multiple()

    # What a year brings

    @rule(year=st.sampled_from(sorted(RATES)))
    def credit_interest(self, year):
        since = [month.year for moved in self.model.moved.values() for month, _amount, _out in moved]
        with acting_as("job"):
            if year == 2024 and 2023 in since and 2023 not in self.credited:
                with pytest.raises(crediting.EarlierYearMissing):
                    crediting.credit_year(year, scheme="pension", area_code=staged.AREA)
                return
            crediting.credit_year(year, scheme="pension", area_code=staged.AREA)
        if any(each <= year for each in since):
            self.credited.append(year)
        self.model.credit(year, RATES[year])
        self.moved_since_credited = self.moved_since_credited and year != 2023

    @precondition(lambda self: 2023 in self.credited and not self.closed)
    @rule()
    def close_the_first_year(self):
        """Refused while the interest of the year is not what is due; then it is credited once more."""
        owed = self.model.owes(2023, RATES[2023])
        with acting_as("job"):
            try:
                statements.issue(2023, scheme="pension", area_code=staged.AREA)
                assert not owed
            except statements.CannotClose:
                assert self.moved_since_credited
                crediting.credit_year(2023, scheme="pension", area_code=staged.AREA)
                self.model.credit(2023, RATES[2023])
                statements.issue(2023, scheme="pension", area_code=staged.AREA)
        self.closed = 2023

    @invariant()
    def balances_agree(self):
        for who in list(self.model.moved):
            assert (staged.balance(self.persons[who]) or 0) == self.model.balance(who)


def run(examples, steps):
    # A failing run is told as it is: to make it shorter takes longer than to read it.
    phases = [Phase.explicit, Phase.generate]
    options = {"max_examples": examples, "stateful_step_count": steps, "phases": phases}
    run_state_machine_as_test(Books, settings=settings(settings.get_profile("everyday"), **options))


def test_the_database_agrees_with_the_model(db):
    run(15, 25)


@pytest.mark.acceptance
def test_the_database_agrees_with_the_model_in_long_runs(db):
    run(500, 50)
