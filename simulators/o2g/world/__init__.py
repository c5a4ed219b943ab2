"""What the simulated O2G knows: people, their phones and names, calls, counters. Nothing about HTTP."""
