"""What was owed and paid: dated rules, bounds, assessments, contributions."""
