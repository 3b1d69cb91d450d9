/*
 * Status codes in words.
 */
#include "config.h"

#include "ucmail.h"

static const struct {
	int status;
	const char *text;
} texts[] = {
    {UCM_OK, "success"},
    {UCM_WANT_READ, "waiting to read"},
    {UCM_WANT_WRITE, "waiting to write"},
    {UCM_WANT_TIMER, "waiting for a time"},
    {UCM_E_USAGE, "wrong call or option"},
    {UCM_E_MESSAGE, "bad message or address"},
    {UCM_E_INPUT, "the system's definitions cannot be read"},
    {UCM_E_REJECTED, "refused for good by the server"},
    {UCM_E_MEMORY, "no memory"},
    {UCM_E_IO, "a local file cannot be read or written"},
    {UCM_E_AGAIN, "temporary failure, try again later"},
    {UCM_E_PROTOCOL, "the server broke the protocol"},
    {UCM_E_TRUST, "login or trust failed on the wire"},
    {UCM_E_POLICY, "the policy refuses"},
};

const char *ucm_strerror(int status)
{
	unsigned i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "unknown status";
}
