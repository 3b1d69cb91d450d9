/*
 * Agent kinds by the platform words of jobs (HostATTR_Type, AttrType).
 */
#ifndef UCM_XML_HOSTTYPE_H
#define UCM_XML_HOSTTYPE_H

#include <stddef.h>
#include <stdint.h>

/* Bit set of enum ucm_agent; 0 where the word names no kind. Several where it does not tell. */
uint32_t ucm_host_type_agents(const char *word, size_t length);

#endif
