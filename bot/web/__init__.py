"""What is served over HTTP: health, metrics and the webhook."""
