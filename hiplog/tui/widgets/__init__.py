"""The widgets of hiplog's own; each can be tried alone: ``python -m hiplog.tui.widgets.trend_chart``."""
