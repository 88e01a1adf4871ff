"""The calendar of shows: when which playlist plays. Mostly plain values and functions."""
