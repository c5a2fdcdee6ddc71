"""What it all shows: read-only. One patient's trend, the clinic's cohort, safety rates, statistics."""
