"""The ledger: accounts, batches, entries, fund entries; the benefits paid, and the balances taken over."""

from .benefits import BenefitPayment
from .ledger import Account, Batch, Entry, FundAccount, FundEntry, Reversal
from .takeovers import Takeover

__all__ = ["Account", "Batch", "BenefitPayment", "Entry", "FundAccount", "FundEntry", "Reversal", "Takeover"]
