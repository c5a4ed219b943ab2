"""Room booking: an external application. It has nothing of Touchline's code; it answers in its dialect.

    python -m examples.room_booking --cert server.pem --key server.key --url https://rooms.example:9600/phone/

`api.py` is the booking system, with a small JSON API; `pages.py` asks it and writes phones' pages; `signature.py`
believes only what Touchline has signed.
"""
