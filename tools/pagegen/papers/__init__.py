"""Ten sorts of paper that no layout engine draws: notebooks, telegrams, gazettes, tables, forms, plans and more.

A network that has seen letters and registers alone takes any frame, wave or row of boxes for a mark. These
sheets are full of such things, and of the words of the marks where they are none.
"""

from __future__ import annotations

from tools.pagegen.layouts import Layout
from tools.pagegen.papers.drawings import organigram, plan
from tools.pagegen.papers.figures import statistics
from tools.pagegen.papers.forms import declaration, receipts
from tools.pagegen.papers.news import gazette, telegram
from tools.pagegen.papers.ornament import certificate
from tools.pagegen.papers.school import notebook, questions

PAPERS: tuple[Layout, ...] = (
    notebook,
    telegram,
    gazette,
    statistics,
    declaration,
    plan,
    organigram,
    certificate,
    questions,
    receipts,
)
