"""Pages to print or to hand over: one self-contained file each, no script, nothing fetched from anywhere."""
