/*
 * What this library is made of.
 */
#include "config.h"

#include <wolfssl/version.h>

#if !defined(UCM_HAVE_XML)
#define READER " xml=none"
#else
#include <libxml/xmlversion.h>
#if defined(UCM_XML_BUILTIN)
#define READER " libxml2/" LIBXML_DOTTED_VERSION " xml=builtin"
#else
#define READER " libxml2/" LIBXML_DOTTED_VERSION " xml=module"
#endif
#endif

#include "ucmail.h"

const char *ucm_version(void)
{
	return PACKAGE_VERSION " wolfSSL/" LIBWOLFSSL_VERSION_STRING READER;
}
