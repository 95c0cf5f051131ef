"""eSCL spoken by ourselves: the status document beside SANE, and a source of its own (giao thức eSCL)."""
