"""Reading pages: the recogniser, its worker process, and what both sides say to each other (nhận dạng chữ).

A room of its own, so that a worker loads nothing of keys, containers and PDF: it starts in half the time, and what a
page does to it finds nothing there.
"""
