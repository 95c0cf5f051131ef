"""Tests of the handover list."""
