# A copy of service/yulelight_client/__init__.py, made by scripts/share.
"""A client for the API of a Yulelight service, and the models of the API.

The service writes these models; the command line, the integration and the tests read them, and the page's types are
generated from them. ``scripts/share`` copies this package into the integration. It needs aiohttp and mashumaro, and
nothing of the service.
"""
