/*
 * Name look-up through getaddrinfo_a(): its threads are the C library's own, so that a deadline
 * holds, and this library can be unloaded while a look-up still hangs.
 */
#include "config.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolve.h"

/*
 * What the C library's thread may still touch after we gave up. It is malloc()ed, not the handle's
 * memory: where the look-up cannot be cancelled, this block alone outlives the handle.
 */
struct lookup {
#ifdef HAVE_GETADDRINFO_A
	struct gaicb request;
#endif
	struct addrinfo hints;
	char host[UCM_DOMAIN_MAX + 2];
	char port[8];
};

struct ucm_resolver {
	const struct ucm_allocator *allocator;
	pid_t owner; /* the process whose threads look up */
	struct lookup *lookup;
	struct addrinfo *found;
	int error; /* EAI_* */
	int done;
	char host[UCM_DOMAIN_MAX + 2];
};

/* Copies a host without brackets. 0 where it is too long. */
static int copy_host(char out[UCM_DOMAIN_MAX + 2], const char *host)
{
	size_t length = strlen(host);

	if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
		host++;
		length -= 2;
	}
	if (length == 0 || length > UCM_DOMAIN_MAX + 1)
		return 0;
	memcpy(out, host, length);
	out[length] = '\0';
	return 1;
}

static void look_up(struct ucm_resolver *resolver)
{
	struct lookup *lookup = resolver->lookup;

	lookup->hints.ai_socktype = SOCK_STREAM;
	lookup->hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	resolver->error = getaddrinfo(lookup->host, lookup->port, &lookup->hints, &resolver->found);
	if (resolver->error != EAI_NONAME) {
		resolver->done = 1;
		return;
	}
	lookup->hints.ai_flags = AI_NUMERICSERV;
#ifdef HAVE_GETADDRINFO_A
	{
		struct gaicb *list[1] = {&lookup->request};

		lookup->request.ar_name = lookup->host;
		lookup->request.ar_service = lookup->port;
		lookup->request.ar_request = &lookup->hints;
		resolver->error = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
		resolver->done = resolver->error != 0;
	}
#else
	resolver->error = getaddrinfo(lookup->host, lookup->port, &lookup->hints, &resolver->found);
	resolver->done = 1;
#endif
}

struct ucm_resolver *ucm_resolver_start(
    const struct ucm_allocator *allocator, const char *host, unsigned port)
{
	struct ucm_resolver *resolver = ucm_resize(allocator, NULL, sizeof(*resolver));

	if (resolver == NULL)
		return NULL;
	memset(resolver, 0, sizeof(*resolver));
	resolver->allocator = allocator;
	resolver->owner = getpid();
	resolver->lookup = ucm_resize(NULL, NULL, sizeof(*resolver->lookup));
	if (resolver->lookup == NULL) {
		ucm_resize(allocator, resolver, 0);
		return NULL;
	}
	memset(resolver->lookup, 0, sizeof(*resolver->lookup));
	if (!copy_host(resolver->lookup->host, host)) {
		resolver->error = EAI_NONAME;
		resolver->done = 1;
		return resolver;
	}
	memcpy(resolver->host, resolver->lookup->host, sizeof(resolver->host));
	snprintf(resolver->lookup->port, sizeof(resolver->lookup->port), "%u", port % 65536U);
	look_up(resolver);
	return resolver;
}

static int family(const struct ucm_endpoint *endpoint)
{
	return endpoint->address.ss_family;
}

void ucm_endpoints_interleave(struct ucm_endpoints *list)
{
	size_t i = 0;

	for (i = 1; i < list->count; i++) {
		size_t other = i;
		struct ucm_endpoint moved;

		while (other < list->count && family(&list->at[other]) == family(&list->at[i - 1]))
			other++;
		if (other == i || other == list->count)
			continue;
		moved = list->at[other];
		memmove(&list->at[i + 1], &list->at[i], (other - i) * sizeof(list->at[0]));
		list->at[i] = moved;
	}
}

static void collect(const struct addrinfo *found, struct ucm_endpoints *ret)
{
	ret->count = 0;
	for (; found != NULL && ret->count < UCM_ADDRESSES_TRIED_MAX; found = found->ai_next) {
		struct ucm_endpoint *to = &ret->at[ret->count];

		if (found->ai_addrlen > sizeof(to->address) ||
		    (found->ai_family != AF_INET && found->ai_family != AF_INET6))
			continue;
		memset(to, 0, sizeof(*to));
		memcpy(&to->address, found->ai_addr, found->ai_addrlen);
		to->length = found->ai_addrlen;
		ret->count++;
	}
	ucm_endpoints_interleave(ret);
}

int ucm_resolver_poll(
    struct ucm_resolver *resolver, struct ucm_endpoints *ret, struct ucm_error *error)
{
#ifdef HAVE_GETADDRINFO_A
	if (!resolver->done) {
		resolver->error = gai_error(&resolver->lookup->request);
		if (resolver->error == EAI_INPROGRESS)
			return 0;
		resolver->found = resolver->lookup->request.ar_result;
		resolver->lookup->request.ar_result = NULL;
		resolver->done = 1;
	}
#endif
	if (resolver->error != 0) {
		return ucm_fail(error, UCM_CLASS_AGAIN, "the name %s cannot be looked up: %s",
		    resolver->host, gai_strerror(resolver->error));
	}
	collect(resolver->found, ret);
	if (ret->count == 0) {
		return ucm_fail(
		    error, UCM_CLASS_AGAIN, "the name %s has no address", resolver->host);
	}
	return 1;
}

/* Whether nobody touches the look-up any more. */
static int stop(struct ucm_resolver *resolver)
{
#ifdef HAVE_GETADDRINFO_A
	struct gaicb *request = &resolver->lookup->request;

	if (resolver->done)
		return 1;
	/* A forked child has no such thread, but may have its locks, held for ever. */
	if (resolver->owner != getpid())
		return 0;
	if (gai_cancel(request) == EAI_NOTCANCELED)
		return 0;
	if (gai_error(request) == 0 && request->ar_result != NULL)
		freeaddrinfo(request->ar_result);
#else
	(void)resolver;
#endif
	return 1;
}

void ucm_resolver_free(struct ucm_resolver *resolver)
{
	if (resolver == NULL)
		return;
	if (stop(resolver))
		free(resolver->lookup);
	if (resolver->found != NULL)
		freeaddrinfo(resolver->found);
	ucm_resize(resolver->allocator, resolver, 0);
}
