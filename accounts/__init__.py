"""Money: the ledger, its postings and the proof of the books."""
