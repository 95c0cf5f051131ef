"""Tests of the rule tables and what they propose."""
