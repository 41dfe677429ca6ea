"""The report as one page for a browser: everything in a single file that asks nothing of any network."""
