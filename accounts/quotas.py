"""What the law publishes of quotas from the pooled fund, as SQL: which amounts reach an area, and at which age."""

# Of each area and scheme of `table` (a FROM clause): every version of an amount; nearest area first, local before
# national, in the order of contributions.rules.
QUOTAS_REACHING = """
    SELECT n.area_code, n.scheme, q.period, q.ages, q.amount, q.origin,
        array_position(area_chain(n.area_code), q.area_code) AS nearness
    FROM (SELECT DISTINCT area_code, scheme FROM {table}) n
    JOIN contributions_accountquota q ON q.scheme = n.scheme AND q.area_code = ANY (area_chain(n.area_code))
        AND q.category IN (SELECT category FROM contributions_contributionrule WHERE pool_quota)
"""
# Of a person p, at the end of a month.
AGE = "extract(year FROM age({month} + interval '1 month' - interval '1 day', p.birth_date))::integer"
A_TWELFTH = "round(q.amount / 12, 2)"
