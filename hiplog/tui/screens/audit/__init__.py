"""Audit: the trail checked and read, completeness at a glance, export."""
