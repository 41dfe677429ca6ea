"""Every test here runs on an SQLite file and on PostgreSQL."""

from tests.databases import postgres, store, url

__all__ = ["postgres", "store", "url"]
