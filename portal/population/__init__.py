"""An invented population under the real rules, written as feed files (docs/feed.md). Pure: no clock, no database.

The same arguments give the same bytes. Nobody in it exists: every identity number and every credit code begins with,
or holds, the region 99, which is assigned to no place.
"""
