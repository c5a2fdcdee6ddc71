"""One patient: facts, trend, visits."""
