# Tests of libsrc.
