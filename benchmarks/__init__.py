"""Measurements, each beside a baseline in the same run. Numbers: docs/reference/benchmarks.md."""
