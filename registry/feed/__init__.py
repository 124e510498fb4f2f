"""The feed: how files of agencies and the tax collector come in (docs/feed.md)."""
