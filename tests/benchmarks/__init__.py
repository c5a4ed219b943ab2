"""The benchmarks that judge: what they call growth is growth."""
