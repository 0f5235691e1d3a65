"""What a change of the rules changes: the facts that differ, and the estimates that move."""
