"""The record as FHIR R4B, for a system that reads nothing else; identity stays at home unless asked for.

A resource is made from a row of the audit bundle (:mod:`hiplog.exchange.layout`), never from the record
itself, so what the bundle does not show cannot be in it.
"""
