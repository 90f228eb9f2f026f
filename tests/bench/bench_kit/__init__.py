"""What the benchmarks share: a running studio, a worker driven by hand, and the tables."""
