"""MQTT: topics, packet codec, Home Assistant discovery, bridge actor, embedded broker.

A light node imports ``topics``, ``packet``, ``payloads``, ``address`` and ``link`` from here; they need
neither numpy nor the service's other libraries.
"""
