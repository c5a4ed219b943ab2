"""Every fault of the O2G simulator, while people use every application.

A user walks through an application; in the middle O2G begins to fail, and after a while it is well again. What the user
saw meanwhile is counted: `make faults` prints all of it, `make test` asserts what must hold on any machine.
"""
