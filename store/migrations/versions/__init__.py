"""One file for each change of tables, numbered."""
