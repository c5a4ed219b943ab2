"""The demo house: an O2G simulator, Touchline over HTTPS and a desk phone in the browser, started and stopped together.

`make run` starts it for people; tests, benchmarks and screenshots start the same one.
"""
