"""The drawings of an answer: plain geometry from plain figures, each with its table.

Every function takes figures of the core and returns a frozen view of whole numbers and
finished words; the macros in ``templates/charts`` only write it down.  None means that
there is nothing that can be drawn.  Words are of the locale of the request.
"""

from coverage_service.web.charts.marks import FILTERS
from coverage_service.web.charts.ranges import Range, range_bar, range_table, range_text
from coverage_service.web.charts.sessions import Sessions, session_bars
from coverage_service.web.charts.swings import Swings, swing_bars
from coverage_service.web.charts.tables import Table, TableRow
from coverage_service.web.charts.waterfall import Waterfall, waterfall

__all__ = [
    "FILTERS",
    "Range",
    "Sessions",
    "Swings",
    "Table",
    "TableRow",
    "Waterfall",
    "range_bar",
    "range_table",
    "range_text",
    "session_bars",
    "swing_bars",
    "waterfall",
]
