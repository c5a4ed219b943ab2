"""The phone applications: each a manifest and its screens. Here, and only here, phone side and O2G side meet."""
