# Tests of systems: real servers, whole audits, and the sample system that they share with the demo.
EXTRA_DIST += xml/sample tests/harness.py tests/servers/make_certs.sh tests/servers/forge.py \
	tests/servers/smtpd.py tests/servers/scripted.py tests/servers/processes.py

# Sends. Each program speaks TAP, one line a case.
send_tests = tests/send/test_trust.py tests/send/test_wire.py tests/send/test_postfix.py tests/send/test_relay.py \
	tests/interop/test_servers.py tests/dlopen/test_library.py
TESTS += $(send_tests)
EXTRA_DIST += tests/send/sending.py $(send_tests)

# The contract of ucmail, sentence by sentence, from outside.
contract_tests = tests/send/contract_outcome.py tests/send/contract_tls.py \
	tests/send/contract_message.py tests/send/contract_policy.py
TESTS += $(contract_tests)
EXTRA_DIST += $(contract_tests)

# Audits.
audit_tests = tests/audit/test_audit.py tests/audit/test_bad_input.py \
	tests/audit/test_traps.py tests/audit/contract_rules.py tests/audit/contract_reading.py tests/audit/contract_runs.py \
	tests/audit/contract_oracle.py
TESTS += $(audit_tests)
EXTRA_DIST += tests/audit/sample.expected tests/audit/systems_gen.py $(audit_tests)

# The schema of what is read, for people.
TESTS += tests/audit/schema.sh
EXTRA_DIST += xml/export.rng tests/audit/schema.sh

# A program that knows the library through dlopen() only: no library of ours is linked.
check_PROGRAMS += tests/dlopen/send
tests_dlopen_send_SOURCES = tests/dlopen/send.c

# Those that also run under valgrind.
valgrind_tests = tests/send/test_postfix.py tests/audit/test_bad_input.py

# What is installed works, and README's program with it.
EXTRA_DIST += tests/installed.sh tests/example.sh
