"""How long screens take, beside a bare Flask floor in the same run. `make bench` prints it; tests time nothing."""
