"""In and out of the building: the audit bundle, its verifier, and intake of bundles and foreign tables."""
