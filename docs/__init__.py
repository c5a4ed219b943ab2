"""The documentation, and what generates the pages of it that are made from the code."""
