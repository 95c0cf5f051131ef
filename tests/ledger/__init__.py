"""Tests of the ledger and of people."""
