"""The phone side: who is calling, signed links, screens and widgets, phone models, fitting and rendering.

Knows nothing of O2G. What a phone application returns (`screens.Screen`) becomes a page in three steps: `fitting` makes
it fit the set, `links` signs what it points to, `rendering` writes it in the dialect.
"""
