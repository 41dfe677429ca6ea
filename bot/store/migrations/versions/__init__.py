"""The revisions, oldest first by their chain of ``down_revision``."""
