"""A walk through each application, as a user takes it: written once, walked in many ways.

`tests/golden` walks it on each family in two languages and compares every page it sees with the one that is kept;
`tests/e2e/test_walks.py` walks it in Chromium on the phone page; `make screenshots` takes a picture of what it sees;
`docs/screens.md` tells which O2G calls each screen made on the way.
"""
