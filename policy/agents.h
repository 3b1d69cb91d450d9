/*
 * Which kind of agent can send mail, and which can send it securely, by release.
 */
#ifndef UCM_POLICY_AGENTS_H
#define UCM_POLICY_AGENTS_H

#include <stdint.h>

enum ucm_agent {
	UCM_AGENT_BS2000, UCM_AGENT_DATABASE, UCM_AGENT_JMX, UCM_AGENT_NSK, UCM_AGENT_AS400,
	UCM_AGENT_PEOPLESOFT, UCM_AGENT_RAPID_AUTOMATION, UCM_AGENT_SAP, UCM_AGENT_UNIX_X64_LINUX,
	UCM_AGENT_UNIX_LINUX_PPC64LE, UCM_AGENT_UNIX_OTHER, UCM_AGENT_VMS, UCM_AGENT_WINDOWS,
	UCM_AGENT_ZOS, UCM_AGENT_ENGINE,
	UCM_AGENT_COUNT
};

/* Beside the kinds in a bit set of them: kinds were selected, so that a set without one is not all. */
#define UCM_AGENTS_SELECTED (UINT32_C(1) << 31)

/* A product version as comparable numbers; {0} means the newest known. */
struct ucm_release {
	unsigned short major, minor, patch;
};

enum ucm_capability {
	UCM_CANNOT_SEND,   /* NO/- */
	UCM_SENDS_PLAIN,   /* YES/NO: ignores the TLS keys, port and login */
	UCM_SENDS_SECURE,  /* YES/YES */
	UCM_NO_SUCH_AGENT  /* the kind does not exist in that release */
};

/* "21.0.10", "24", "24.4.1+hf.2": leading numbers count, the tail is ignored. 0, or -1. */
int ucm_release_parse(const char *text, struct ucm_release *ret);
int ucm_release_compare(struct ucm_release left, struct ucm_release right);
/* The newest release that the tables know. */
struct ucm_release ucm_release_newest(void);
/* The newest release of the capability table that is not above `release`. */
struct ucm_release ucm_release_of_facts(struct ucm_release release);

const char *ucm_agent_name(enum ucm_agent agent);
/* UCM_AGENT_COUNT where no kind has that name (case ignored). */
enum ucm_agent ucm_agent_find(const char *name);
enum ucm_capability ucm_agent_capability(enum ucm_agent agent, struct ucm_release release);

#endif
