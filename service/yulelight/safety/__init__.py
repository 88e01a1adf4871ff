"""The limits that every frame keeps: flashes, minimum times and power. Pure; imports nothing from other folders.

Modules here import only each other, by relative names, because the integration for Home Assistant ships a copy of
them.
"""
