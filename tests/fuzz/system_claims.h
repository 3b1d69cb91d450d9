/*
 * What holds for every system that a reader has filled, whatever it read.
 */
#ifndef UCM_TESTS_FUZZ_SYSTEM_CLAIMS_H
#define UCM_TESTS_FUZZ_SYSTEM_CLAIMS_H

#include "policy/model.h"

/* Values are UTF-8, places are there, an audit ends, and its words are clean. */
void claim_system(const struct ucm_system *system);

/* A snapshot of the system is read again, and gives the same snapshot. */
void claim_snapshot(const struct ucm_system *system);

#endif
