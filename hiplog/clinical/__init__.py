"""What the field knows: vocabulary and rules as frozen values and plain functions."""
