"""Tests say what a user can rely on; the folders mirror the code."""
