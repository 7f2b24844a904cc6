"""`python -m benchmarks`: every benchmark, one after the other."""

from __future__ import annotations

from benchmarks import extraction, panel_views, release, start

if __name__ == "__main__":
    extraction.main()
    panel_views.main()
    release.main()
    start.main()
