"""Plans, fee schedules, fees and scales as a spreadsheet, and the changed cells back into the rule files."""

from coverage_service.spreadsheets.exporting import export
from coverage_service.spreadsheets.importing import Change, Imported, read

__all__ = ["Change", "Imported", "export", "read"]
