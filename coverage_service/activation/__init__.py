"""Which rule files are in force: checked whole, kept for good, swapped at once, and put back."""
