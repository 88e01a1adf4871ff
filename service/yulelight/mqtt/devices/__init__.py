"""Lights of other makers on an MQTT broker, without Home Assistant: Tasmota, Shelly, Zigbee2MQTT."""
