"""Every write of the logbook, one transaction each, and the reads a chairside screen needs."""
