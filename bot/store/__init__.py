"""The durable record: tables, one group-commit writer, and the statements over them."""
