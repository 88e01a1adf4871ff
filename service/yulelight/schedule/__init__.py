"""The nightly calendar: when which playlist plays. Plain values and functions; no clock, actor or socket."""
