/*
 * Finds the reader of exports: within the library, or in the module beside it.
 *
 * The core library needs no XML library. The module is loaded when, and only when, an input is no
 * snapshot, and it stays in the process (RTLD_NODELETE): findings may point to its constant texts,
 * and libxml2 keeps per-thread state with destructors that must not lose their code.
 */
#include "config.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libsrc/handle.h"
#include "libsrc/xml_module.h"

#if !defined(UCM_HAVE_XML)

ucm_load_fn ucm_find_reader(struct ucm *handle)
{
	ucm_fail(&handle->error, UCM_CLASS_INPUT,
	    "%s: this build has no reader of exports: give a snapshot, made by ucmail compile",
	    handle->input[0]);
	return NULL;
}

#elif defined(UCM_XML_BUILTIN)

ucm_load_fn ucm_find_reader(struct ucm *handle)
{
	(void)handle;
	return ucm_load;
}

#else

/* The folder that this library was loaded from, in `out`, without a slash at its end. */
static int own_folder(char *out, size_t size)
{
	static const char here; /* any address within the object */
	Dl_info info;
	const char *slash;
	size_t length;

	if (dladdr(&here, &info) == 0 || info.dli_fname == NULL)
		return -1;
	slash = strrchr(info.dli_fname, '/');
	if (slash == NULL)
		return -1;
	length = (size_t)(slash - info.dli_fname);
	if (length + 1 > size)
		return -1;
	memcpy(out, info.dli_fname, length);
	out[length] = '\0';
	return 0;
}

/* Opens FOLDER/BETWEEN/ucmail-xml.so if that file exists. */
static int open_module(const char *folder, const char *between, void **ret)
{
	char path[PATH_MAX];
	struct stat there;
	int length = snprintf(path, sizeof path, "%s%s/%s", folder, between, UCM_XML_MODULE_FILE);

	*ret = NULL;
	if (length < 0 || (size_t)length >= sizeof path || stat(path, &there) != 0)
		return 0;
	*ret = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	return 1;
}

/* Opens the module in the first place where it lies. NULL with error. */
static void *find_module(struct ucm *handle)
{
	const char *chosen = handle->text[UCM_MODULE_DIR];
	char own[PATH_MAX];
	void *module = NULL;
	const char *reason;
	int found;

	if (chosen != NULL) {
		found = open_module(chosen, "", &module);
	} else {
		found = own_folder(own, sizeof own) == 0 &&
			(open_module(own, "/ucmail", &module) || open_module(own, "", &module));
		if (!found)
			found = open_module(PKGLIBDIR, "", &module);
	}
	if (!found) {
		ucm_fail(&handle->error, UCM_CLASS_INPUT,
		    "the reader of exports, " UCM_XML_MODULE_FILE
		    ", is not in %s%s: install it, or "
		    "give a snapshot, made by ucmail compile",
		    chosen != NULL ? chosen : PKGLIBDIR,
		    chosen != NULL ? "" : ", nor beside the library");
		return NULL;
	}
	if (module == NULL) {
		reason = dlerror();
		ucm_fail(&handle->error, UCM_CLASS_INPUT,
		    "the reader of exports cannot be loaded: %s",
		    reason != NULL ? reason : "no reason given");
	}
	return module;
}

ucm_load_fn ucm_find_reader(struct ucm *handle)
{
	static const struct ucm_xml_build own = UCM_XML_BUILD;
	const struct ucm_xml_build *build;
	void *module = find_module(handle);
	void *symbol;
	ucm_load_fn load = NULL;

	if (module == NULL)
		return NULL;
	build = dlsym(module, UCM_XML_BUILD_SYMBOL);
	symbol = dlsym(module, UCM_XML_LOAD_SYMBOL);
	if (symbol == NULL || build == NULL || memcmp(build, &own, sizeof own) != 0) {
		ucm_fail(&handle->error, UCM_CLASS_INPUT,
		    UCM_XML_MODULE_FILE " is not of the same build as libucmail " PACKAGE_VERSION
					": install both together");
		dlclose(module);
		return NULL;
	}
	memcpy(&load, &symbol, sizeof load); /* POSIX says that it may be called; C has no cast */
	dlclose(module);
	return load;
}

#endif
