"""Alembic's migrations: how tables came to be what `store/tables.py` says."""
