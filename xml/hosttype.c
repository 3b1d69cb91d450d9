/*
 * Platform words of jobs.
 */
#include "config.h"

#include "xml/hosttype.h"

#include <string.h>

#include "policy/agents.h"

#define BIT(agent) ((uint32_t)1 << (agent))

static const struct {
	const char *word;
	uint32_t agents;
} host_types[] = {
    {"WINDOWS", BIT(UCM_AGENT_WINDOWS)},
    {"UNIX", BIT(UCM_AGENT_UNIX_X64_LINUX) | BIT(UCM_AGENT_UNIX_OTHER)},
    {"CIT", BIT(UCM_AGENT_RAPID_AUTOMATION)},
    {"SQL", BIT(UCM_AGENT_DATABASE)},
    {"JMX", BIT(UCM_AGENT_JMX)},
    {"SAP", BIT(UCM_AGENT_SAP)},
    {"R3", BIT(UCM_AGENT_SAP)},
    {"PS", BIT(UCM_AGENT_PEOPLESOFT)},
    {"BS2000", BIT(UCM_AGENT_BS2000)},
    {"NSK", BIT(UCM_AGENT_NSK)},
    {"OS400", BIT(UCM_AGENT_AS400)},
    {"MVS", BIT(UCM_AGENT_ZOS)},
    {"VMS", BIT(UCM_AGENT_VMS)},
};

uint32_t ucm_host_type_agents(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(host_types) / sizeof(host_types[0]); i++)
		if (strlen(host_types[i].word) == length &&
		    memcmp(host_types[i].word, word, length) == 0)
			return host_types[i].agents;
	return 0;
}
