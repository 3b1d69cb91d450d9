/*
 * What --help prints.
 */
#include "config.h"

#include "tools/lint_options.h"

static const char text[] =
    "Usage: policy-lint [OPTIONS] INPUT...\n"
    "\n"
    "Audits the mail settings in the exports of a workload automation system. An INPUT is an\n"
    "export file, a folder, a ZIP, a snapshot, or - for one XML on standard input.\n"
    "\n"
    "Reports\n"
    "  -f, --format FORMAT          text, json, sarif, junit, github, gitlab, html, csv, "
    "prometheus\n"
    "  -o, --output [FORMAT:]FILE   write a report to FILE; repeatable\n"
    "      --matrix                 the decision of each client, sender, server and agent\n"
    "      --show-suppressed        list suppressed and baselined findings too\n"
    "      --color WHEN             auto, always, never (NO_COLOR and FORCE_COLOR are obeyed)\n"
    "      --progress WHEN          auto, always, never\n"
    "  -q, --quiet                  no summary; -v, --verbose: what was not judged, too\n"
    "\n"
    "What is judged\n"
    "      --client N               the client of objects which nothing else tells\n"
    "      --only N                 judge this client only; the others are read\n"
    "      --payloads DIR           a further folder of certificate payloads\n"
    "      --stdin-filename NAME    what - is called in reports\n"
    "      --agents KIND,...        kinds of agents (default: all of the release)\n"
    "      --release R              product version (default: the newest known)\n"
    "      --profile PROFILE        compat (default), strict\n"
    "      --at DATE                audit as of that day\n"
    "      --expires-within DAYS    warn of certificates that expire soon (default 30)\n"
    "  -j, --workers N              threads that read; the output is the same for every N\n"
    "      --allow-empty            nothing to check is not an error\n"
    "\n"
    "Which findings count\n"
    "      --select RULE,...        only these; identifiers, names, groups such as UCM1 or UCM2xx\n"
    "      --ignore RULE,...        not these\n"
    "      --severity RULE=LEVEL    error, warning, info, off\n"
    "      --fail-on LEVEL          error (default), warning, info, never\n"
    "      --config FILE            default: .policy-lint.conf here or in a folder above\n"
    "      --no-suppressions        as if the file suppressed nothing\n"
    "      --baseline FILE          do not count the findings that FILE records\n"
    "      --write-baseline FILE    record today's findings\n"
    "\n"
    "Questions\n"
    "      --without-cert NAME      as if that certificate were gone: what breaks\n"
    "      --replace-cert NAME=FILE as if FILE were its payload\n"
    "      --timeline MONTHS        every day on which a verdict changes\n"
    "      --since REPORT.json      what is new, fixed and unchanged\n"
    "      --compare INPUT          policy differences to another system; --map THIS=OTHER,...\n"
    "      --merge REPORT.json...   one report out of many shards\n"
    "      --evidence DIR           write a folder for an auditor; --verify DIR recomputes it\n"
    "      --explain RULE           why, bad and good, and how to mend it\n"
    "      --list-rules [--json]    all rules\n"
    "\n"
    "Exit status: 0 clean; 1 findings at or above --fail-on; 2 usage or a broken configuration,\n"
    "baseline or suppression; 3 something could not be read or judged; 4 nothing to check.\n";

void ucm_lint_usage(FILE *out)
{
	fputs(text, out);
}
