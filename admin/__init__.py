"""What administrators see and use."""
