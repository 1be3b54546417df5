"""Measurements: values of characteristics, taken in through one door.

ISO 9001:2015, 9.1.1 and 8.6. Form, paste, file, interface and command line all call
`services.record`; what is refused is told with record, column and reason.
"""
