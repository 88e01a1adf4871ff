"""The light node: clock sync, timeline, drivers. Needs neither numpy nor the rest of the service."""
