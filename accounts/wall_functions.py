"""What operators' pages about no person may know without an open inquiry: sums and requests, and whom none of it names.

Entries and corrections stand behind the second wall (portal/walls.py). Who works on the books must see that a batch
adds up and that a request waits, before there is a reason to open anybody's record: these functions say that and no
more, with the owner's rights.
"""

from django.db import migrations

from inquiries.wall_functions import definer

HER_CORRECTIONS = """
    RETURN ARRAY(SELECT c.id FROM accounts_correction c WHERE c.person_id = ANY (inquiry_persons()));
"""
# The months let the database leave out the other years' partitions.
SUMS = """
    RETURN QUERY SELECT e.batch_id, count(*), sum(e.amount) FROM accounts_entry e
    WHERE e.batch_id = ANY (batches) AND e.booked_month = ANY (months) GROUP BY e.batch_id;
"""
KINDS = """
    RETURN QUERY SELECT e.kind::text, count(*), count(DISTINCT e.person_id), sum(e.amount) FROM accounts_entry e
    WHERE e.batch_id = batch AND e.booked_month = month GROUP BY e.kind ORDER BY e.kind;
"""
LISTED = """
    RETURN QUERY SELECT c.id, c.scheme::text, c.area_code::text, c.document_ref::text, c.asked_at, c.decision::text,
        c.outcome::text,
        (SELECT sum(CASE WHEN l.what = 'undo' THEN -l.amount ELSE l.amount END)
         FROM accounts_correctionline l WHERE l.correction_id = c.id)
    FROM accounts_correction c
    WHERE (c.outcome <> '' OR c.decision = 'refused') = has_ended
    ORDER BY CASE WHEN has_ended THEN -c.id ELSE c.id END LIMIT most;
"""
COUNTED = """
    RETURN QUERY SELECT count(*) FILTER (WHERE c.decision = '' AND c.asked_by_id <> member),
        count(*) FILTER (WHERE c.decision = '' AND c.asked_by_id = member),
        count(*) FILTER (WHERE c.decision = 'approved')
    FROM accounts_correction c WHERE c.outcome = '';
"""
# Whose record a look at this request opens: the person she turned out to be, where the request names a duplicate.
ABOUT = """
    RETURN QUERY SELECT coalesce(p.merged_into_id, p.id), c.document_ref::text
    FROM accounts_correction c JOIN registry_insuredperson p ON p.id = c.person_id WHERE c.id = correction;
"""
OF_BATCH = """
    RETURN QUERY SELECT c.id, c.document_ref::text FROM accounts_correction c
    WHERE c.undo_batch_id = batch OR c.right_batch_id = batch ORDER BY c.id LIMIT 1;
"""

FUNCTIONS = {
    "inquiry_corrections()": definer("inquiry_corrections()", "bigint[]", HER_CORRECTIONS),
    "batch_sums(bigint[], date[])": definer(
        "batch_sums(batches bigint[], months date[])", "TABLE (batch_id bigint, entries bigint, amount numeric)", SUMS
    ),
    "batch_kinds(bigint, date)": definer(
        "batch_kinds(batch bigint, month date)",
        "TABLE (kind text, entries bigint, persons bigint, amount numeric)",
        KINDS,
    ),
    "corrections_listed(boolean, integer)": definer(
        "corrections_listed(has_ended boolean, most integer)",
        "TABLE (id bigint, scheme text, area_code text, document_ref text, asked_at timestamptz, decision text, "
        "outcome text, moved numeric)",
        LISTED,
    ),
    "corrections_counted(bigint)": definer(
        "corrections_counted(member bigint)", "TABLE (waiting bigint, own bigint, approved bigint)", COUNTED
    ),
    "correction_about(bigint)": definer(
        "correction_about(correction bigint)", "TABLE (person_id bigint, document_ref text)", ABOUT
    ),
    "correction_of_batch(bigint)": definer(
        "correction_of_batch(batch bigint)", "TABLE (id bigint, document_ref text)", OF_BATCH
    ),
}


def wall_functions():
    """Migration operation: the functions over the entries and corrections behind the second wall."""
    drops = "".join(f"DROP FUNCTION {signature};" for signature in reversed(FUNCTIONS))
    return migrations.RunSQL("".join(FUNCTIONS.values()), drops)
