"""What `make chaos` does: kills, cuts and races the real thing, seeded, and counts what was lost or doubled.

Each goal is a function `measure(...)` that returns its figures; the tests run it small, `make chaos` whole.
"""
