"""The light node: clock synchronisation, timeline, drivers. Needs neither numpy nor the rest of the service."""
