"""The terminal app: screens for the chairside, driven by the keyboard."""
