"""Why a balance is zero, absent or out of reach: one cause code per person and insurance (ux.md §3.1)."""

from dataclasses import dataclass

from registry.insurance import Category, Insurance, Scheme
from registry.known import expected_month
from registry.models import Enrolment, SourceState

from .models import Account, Direction, TransferState

WITHOUT_ACCOUNT_TODAY = {Insurance.UNEMPLOYMENT, Insurance.WORK_INJURY, Insurance.MATERNITY}
STOPPED = {Enrolment.Status.SUSPENDED, Enrolment.Status.TERMINATED}
GONE = {TransferState.MONEY_SENT, TransferState.MERGED}
ENDED = {TransferState.MERGED, TransferState.REJECTED}


@dataclass(frozen=True)
class Facts:
    """What is known of one person in one insurance.

    `accounts`: those with scheme, area_code, status and balance in yuan. `enrolments`: with scheme, area_id, category
    and status. `transfers`: with direction and state. `source`: the SourceState that would have told, or None.
    `has_arrears`: whether a declared month is past its due date unpaid. `bank_side`: whether her card has a bank
    account of its own; `seen_at_bank`: whether it was there, at a cash machine, that she saw the zero.
    """

    insurance: Insurance
    enrolments: tuple = ()
    accounts: tuple = ()
    transfers: tuple = ()
    source: SourceState | None = None
    has_arrears: bool = False
    bank_side: bool = False
    seen_at_bank: bool = False


def cause_of(facts, today):
    """The cause code on `today` (a date): "Z1" … "Z11", or "" where there is money and nothing stands in its way."""
    if facts.seen_at_bank and facts.bank_side:
        return "Z10"
    with_money = [account for account in facts.accounts if account.balance]
    if with_money and all(account.status == Account.Status.CLOSED for account in facts.accounts):
        # What came to a closed account later, such as corrected interest, is still to be paid out.
        return "Z8"
    if with_money:
        return "Z11" if all(is_sealed(account, facts.enrolments) for account in with_money) else ""
    if facts.accounts:
        return _cause_of_empty(facts)
    return _cause_of_absent(facts, today)


def is_sealed(account, enrolments):
    """Whether nothing is paid into the account any more: sealed, or paying has stopped where it is kept."""
    here = [e for e in enrolments if (e.scheme, e.area_id) == (account.scheme, account.area_code)]
    if account.status == Account.Status.SEALED:
        return True
    return account.status == Account.Status.OPEN and bool(here) and all(e.status in STOPPED for e in here)


def telling_transfer(transfers):
    """The transfer that explains a missing balance: one that took the money away, else one under way; or None."""
    gone = [t for t in transfers if t.direction == Direction.OUT and t.state in GONE]
    under_way = [t for t in transfers if t.state not in ENDED]
    return next(iter(gone + under_way), None)


def _cause_of_empty(facts):
    if telling_transfer(facts.transfers):
        return "Z6"
    return "Z8" if all(account.status == Account.Status.CLOSED for account in facts.accounts) else "Z7"


def _cause_of_absent(facts, today):
    if facts.enrolments and facts.insurance in WITHOUT_ACCOUNT_TODAY:
        return "Z1"
    if facts.enrolments and all(_never_fills_an_account(e) for e in facts.enrolments):
        return "Z2"
    if facts.enrolments and facts.has_arrears:
        return "Z5"
    if telling_transfer(facts.transfers):
        return "Z6"
    if not is_complete(facts.source, today):
        return "Z9"
    return "Z4" if facts.enrolments else "Z3"


def _never_fills_an_account(enrolment):
    return enrolment.category == Category.FLEXIBLE_POOL_ONLY or enrolment.scheme == Scheme.MEDICAL_RESIDENT


def is_complete(source, today):
    """Whether the source speaks for the present: not refused, and not further behind than agencies usually are."""
    return source is not None and source.refused_at is None and source.complete_to >= expected_month(today)
