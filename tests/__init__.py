"""Tests mirror the rooms; `e2e` drives the whole house."""
