"""The Telegram edge: HTTP, the inbox of updates, the paced outbox of messages, rendering and logs."""
