"""Runs the tests that rule files carry through the very estimate that everybody gets."""
