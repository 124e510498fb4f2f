"""The ledger: accounts, batches, entries, fund entries; and the benefits paid."""

from .benefits import BenefitPayment
from .ledger import Account, Batch, Entry, FundAccount, FundEntry, Reversal

__all__ = ["Account", "Batch", "BenefitPayment", "Entry", "FundAccount", "FundEntry", "Reversal"]
