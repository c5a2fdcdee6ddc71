"""hiplog: the treatment-session logbook for dry needling of hip and pelvis pain."""

__version__ = "0.1.0"
