"""Who is insured, by whom, for what: persons, cards, employers, areas, agencies, enrolments."""
