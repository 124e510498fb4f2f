"""Statements follow from the entries and from each other."""

from accounts.models.statements import CREDITED

from .findings import found

NAMED = "statement of person {person_id}, {scheme} in {area_code}, {period:%Y}: "


def statements_open_with_the_last_closing(cursor):
    """Statement n+1 of an account opens with the closing of n."""
    yield from found(
        cursor,
        """
        SELECT * FROM (
            SELECT person_id, scheme, area_code, period, opening,
                lag(closing) OVER (PARTITION BY person_id, scheme, area_code ORDER BY period) AS before
            FROM accounts_statement
        ) s WHERE opening <> before
        """,
        NAMED + "it opens with {opening}, the one before closes with {before}",
    )


def statements_add_up(cursor):
    """Opening, what was credited, interest and payouts come to the closing."""
    yield from found(
        cursor,
        f"""
        SELECT person_id, scheme, area_code, period, closing,
            opening + {" + ".join(CREDITED)} + interest + earlier_interest - paid_out AS sum
        FROM accounts_statement
        WHERE closing <> opening + {" + ".join(CREDITED)} + interest + earlier_interest - paid_out
        """,
        NAMED + "its parts come to {sum}, it closes with {closing}",
    )


def statements_equal_entries(cursor):
    """A statement says what was booked in its year and closes with the sum of all entries to its end.

    In a closed year every account with entries has one.
    """
    yield from found(
        cursor,
        """
        WITH booked AS (
            SELECT person_id, scheme, area_code, make_date(year, 12, 1) AS period, sum(amount) AS amount,
                coalesce(sum(amount) FILTER (WHERE is_interest), 0) AS interest, sum(paid_out) AS paid_out
            FROM proof_held GROUP BY person_id, scheme, area_code, year
        ), running AS (
            SELECT *, sum(amount) OVER (PARTITION BY person_id, scheme, area_code ORDER BY period) AS closing
            FROM booked
        )
        SELECT person_id, scheme, area_code, period, s.closing AS stated, r.closing AS proved
        FROM accounts_statement s FULL JOIN running r USING (person_id, scheme, area_code, period)
        WHERE CASE
            WHEN r.closing IS NULL
                THEN s.opening <> s.closing OR s.interest + s.earlier_interest <> 0 OR s.paid_out <> 0
            WHEN s.closing IS NULL THEN EXISTS (
                SELECT FROM accounts_closedyear c WHERE c.scheme = r.scheme AND c.area_code = r.area_code
                    AND c.year = extract(year FROM r.period))
            ELSE (s.closing, s.closing - s.opening, s.interest + s.earlier_interest, s.paid_out)
                <> (r.closing, r.amount, r.interest, r.paid_out) END
        """,
        NAMED + "it states {stated}, the entries come to {proved}",
    )


CHECKS = [
    statements_open_with_the_last_closing,
    statements_add_up,
    statements_equal_entries,
]
