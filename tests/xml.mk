# Tests of xml.
