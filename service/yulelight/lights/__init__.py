"""The lights: merges show and manual control, applies the limits, and emits packets."""
