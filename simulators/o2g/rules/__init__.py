"""The rules that O2G keeps, apart from what it knows: lifetimes, limits, licences."""
