"""WLED devices: discovery, configuration, takeover for a show and restoring of their state."""
