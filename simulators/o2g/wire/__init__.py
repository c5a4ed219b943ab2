"""HTTP as O2G speaks it: requests, answers, errors, the table of operations, the ports."""
