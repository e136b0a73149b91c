"""`run` for one machine and the demo, `test` for the suite, `production` for the rest; all build on `base`."""
