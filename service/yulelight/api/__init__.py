"""The HTTP and WebSocket API: control, live frames, audio ingest, metrics and the page. See docs/http-api.md."""
