# Tests of systems: real servers, whole audits, and the sample system that they share with the demo.
EXTRA_DIST += xml/sample tests/servers/make_certs.sh tests/servers/forge.py tests/servers/smtpd.py \
	tests/servers/scripted.py tests/servers/processes.py
