"""All accounts in ranges of persons: each range is one transaction, which bounds memory and what a kill can cost."""

LAST_PERSON = (1 << 63) - 1
FIRSTS = """
SELECT person_id FROM (
    SELECT person_id, row_number() OVER (ORDER BY person_id) AS number FROM accounts_account
    WHERE opened_month <= %(last)s
        AND (scheme, area_code) IN (SELECT * FROM unnest(%(schemes)s::text[], %(areas)s::text[]))
) a WHERE (number - 1) %% %(size)s = 0 ORDER BY number
"""


def person_ranges(cursor, groups, last_month, size):
    """[(first person, first person no longer in it)] with about `size` accounts each.

    groups: (scheme, area code) of the accounts that count; last_month: those opened by then.
    """
    schemes, areas = [scheme for scheme, _area in groups], [area for _scheme, area in groups]
    cursor.execute(FIRSTS, {"last": last_month, "schemes": schemes, "areas": areas, "size": size})
    firsts = [person for (person,) in cursor.fetchall()]
    return list(zip(firsts, [*firsts[1:], LAST_PERSON], strict=True)) if firsts else []
