# Tests of systems.
