"""The machine room: own PostgreSQL and Redis, the local mailbox, the supervisor, health, logs."""
