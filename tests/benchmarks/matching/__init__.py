"""What the matcher reaches, beside other ways on the same input: `make bench-matching`."""
