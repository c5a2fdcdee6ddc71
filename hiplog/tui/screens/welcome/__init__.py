"""The first start: make the clinic's logbook step by step, or look around in an invented one."""
