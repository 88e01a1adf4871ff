"""Benchmarks: `scripts/bench NAME --json FILE`. Figures that compare are ratios measured side by side in one run."""
