"""An O2G to develop and test against: its REST API, its event channel, and a control interface to script it."""
