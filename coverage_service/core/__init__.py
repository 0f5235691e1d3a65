"""The pure calculation: facts in, amounts out.  No I/O, no clock, no web framework."""
