"""Whatever ends on paper or in a file."""
