"""Today: the worklist and the way to a patient."""
