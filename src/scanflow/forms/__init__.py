"""Legal forms (biên bản, danh mục, sổ, thống kê) as PDF/A-2b and xlsx, from facts the station hands in.

One module a form: its frozen facts and one function that makes a `Paper` of them; `render_pdf` and
`render_xlsx` set that same value, so the twins cannot differ. Printed sheets (separators, the scanner's test
sheet, copy marks) give PDF bytes directly. The same facts give the same bytes: every date is handed in.
"""

from scanflow.forms.columns import ColumnTable, Tables, load_tables
from scanflow.forms.difference import Difference, Remedy, difference_record
from scanflow.forms.facts import Listed, Office, Outcome, Person
from scanflow.forms.handover import HandedOver, Handover, Moment, handover_record
from scanflow.forms.incident import Cause, Incident, incident_record
from scanflow.forms.paper import Paper
from scanflow.forms.reconciliation import (
    MediumLine,
    Reconciled,
    Reconciliation,
    SheetBalance,
    reconciliation_record,
)
from scanflow.forms.registers import (
    Copied,
    Received,
    Sent,
    Volume,
    copying_register,
    incoming_register,
    outgoing_register,
)
from scanflow.forms.separators import Separator, separators_pdf
from scanflow.forms.testsheet import TEST_MARKS, TEST_SHEET_ID, TestMark, test_sheet_pdf
from scanflow.forms.typeset import render_pdf
from scanflow.forms.workbook import render_xlsx
from scanflow.forms.yearly import LevelTotals, YearTotals, yearly_statistics

__all__ = [
    "TEST_MARKS",
    "TEST_SHEET_ID",
    "Cause",
    "ColumnTable",
    "Copied",
    "Difference",
    "HandedOver",
    "Handover",
    "Incident",
    "LevelTotals",
    "Listed",
    "MediumLine",
    "Moment",
    "Office",
    "Outcome",
    "Paper",
    "Person",
    "Received",
    "Reconciled",
    "Reconciliation",
    "Remedy",
    "Sent",
    "Separator",
    "SheetBalance",
    "Tables",
    "TestMark",
    "Volume",
    "YearTotals",
    "copying_register",
    "difference_record",
    "handover_record",
    "incident_record",
    "incoming_register",
    "load_tables",
    "outgoing_register",
    "reconciliation_record",
    "render_pdf",
    "render_xlsx",
    "separators_pdf",
    "test_sheet_pdf",
    "yearly_statistics",
]
