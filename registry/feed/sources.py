"""Which sources are in doubt because the last file they delivered was refused (features F84: unknown is not none)."""

# A file without a single agency or area speaks for every one it may have meant.
REFRESH = """
UPDATE registry_sourcestate s SET refused_at = (
    SELECT max(last.loaded_at) FROM (
        SELECT DISTINCT ON (f.kind) f.state, f.loaded_at FROM registry_feedfile f
        WHERE f.kind = ANY(%s) AND coalesce(f.agency_id, s.agency_id) = s.agency_id
            AND coalesce(f.area_id, s.area_id) = s.area_id
        ORDER BY f.kind, f.loaded_at DESC, f.id DESC
    ) last WHERE last.state = 'refused')
WHERE s.kind = %s AND EXISTS (
    SELECT FROM unnest(%s::text[], %s::text[]) AS told (agency, area)
    WHERE told.agency IN ('', s.agency_id) AND told.area IN ('', s.area_id))
"""


def refresh(cursor, source, kind_names, places):
    """Set or clear `refused_at` of the sources of kind `source` at `places` [(agency code, area code)]; "": at any.

    A source stands refused while, for one of the kinds of file that feed it (`kind_names`), its last file was refused.
    """
    agencies, areas = zip(*places, strict=True) if places else ((), ())
    cursor.execute(REFRESH, [list(kind_names), source, list(agencies), list(areas)])
