/*
 * Why each rule matters, with examples.
 */
#include "config.h"

#include "tools/lint_examples.h"

const struct ucm_rule_example ucm_rule_examples[UCM_RULE_COUNT] = {
    [UCM101] = {NULL, NULL, NULL},
};
