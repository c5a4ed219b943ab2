"""A desk phone in the browser, and the presentation server (PRS) that stands between it and Touchline."""
