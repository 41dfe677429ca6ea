"""The rehearsal page: the stand-in's world in a browser, and the small HTTP interface behind it."""
