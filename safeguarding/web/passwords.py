"""What we ask of a password, in words that help to choose one."""

PASSWORD_HINT = "At least 12 characters. Three words that do not belong together make a good password."  # noqa: S105 - a hint
