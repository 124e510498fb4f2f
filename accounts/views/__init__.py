"""Pages of accounts: the insured person's own, and those of operators and auditors."""
