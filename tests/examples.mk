# Examples: each is run, and what it is for happens.
examples_tests = tests/examples/test_services.py tests/examples/test_scripts.py tests/examples/test_languages.py \
	tests/examples/test_ci.py tests/examples/test_scale.py
EXTRA_DIST += $(examples_tests) tests/examples/served.py
if ENABLE_XML
check_PROGRAMS += examples/service examples/conversation
if HAVE_LIBEVENT
check_PROGRAMS += examples/event_loop
TESTS += tests/examples/test_services.py
endif
# Not with sanitizers, nor for another C library or machine than the interpreter's.
if LOADABLE
TESTS += tests/examples/test_languages.py
endif
# Scripts run what is built for use.
if !SANITIZED
TESTS += tests/examples/test_scripts.py
endif
TESTS += tests/examples/test_ci.py tests/examples/test_scale.py
endif
