"""The service's parts, each started from the settings and from the parts that it needs. build.py puts them together."""
