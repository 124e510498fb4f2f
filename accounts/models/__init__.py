"""The ledger: accounts, batches, entries, fund entries; the benefits paid, and the balances taken over.

What follows from it every year: interest and statements.
"""

from .benefits import BenefitPayment
from .interest import InterestCredit, InterestTerms, InterestYear
from .ledger import Account, Batch, Entry, FundAccount, FundEntry, Reversal
from .statements import ClosedYear, Statement
from .takeovers import Takeover

__all__ = [
    "Account",
    "Batch",
    "BenefitPayment",
    "ClosedYear",
    "Entry",
    "FundAccount",
    "FundEntry",
    "InterestCredit",
    "InterestTerms",
    "InterestYear",
    "Reversal",
    "Statement",
    "Takeover",
]
