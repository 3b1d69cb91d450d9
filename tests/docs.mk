# Documentation that can be wrong: manual pages, their examples, completions.
docs_tests = tests/docs/test_manual.py tests/docs/test_completion.py tests/docs/test_tutorial.py \
	tests/docs/test_mistakes.py
EXTRA_DIST += $(docs_tests) tests/docs/agents_manual.py
if ENABLE_XML
TESTS += $(docs_tests)
endif
