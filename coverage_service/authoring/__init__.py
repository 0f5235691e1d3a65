"""What helps people to write rule files: schemas for editors, one format, commented starts."""
