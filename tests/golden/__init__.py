"""Golden pages: what each application shows in its walk, on each family of sets, in two languages.

Pages are parsed, freed of what differs from run to run (the signatures of links), and compared as trees with those
under `pages/`. `make golden` writes them anew; read the difference before you commit it. The same walks record which
calls to O2G each screen makes, in `calls/`; `docs/screens.md` is made of them.
"""
