"""Measurements: figures, never assertions on a clock."""
