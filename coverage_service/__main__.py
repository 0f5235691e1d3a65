"""Lets the command line run as `python -m coverage_service`."""

from coverage_service.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main(prog_name="coverage_service")
