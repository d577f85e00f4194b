/* goc-race: reads the records that race detectors write, and tells people and tools. */
#include "report/command.h"
#include "report/complain.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: goc-race run [--] PROGRAM [ARGUMENT…]\n"
    "       goc-race report [--format=text|json] LOG…\n"
    "       goc-race report [--format=text|json] --stream\n"
    "       goc-race symbolize\n"
    "       goc-race --help | --version\n"
    "\n"
    "run        runs PROGRAM, which goc-cc -race has built, collects what it and its\n"
    "           children record, and reports every distinct race on stderr at the end\n"
    "report     reports the races in logs (written by GOC_RACE=log_path=…) on stdout; "
    "LOG -\n"
    "           is standard input.  --format=json prints JSON Lines; "
    "docs/race-record.md\n"
    "           describes them.  --stream reads records from standard input and reports "
    "on\n"
    "           stderr as they come: what a program started without goc-race run uses\n"
    "symbolize  reads lines `PATH OFFSET` and prints one line `FUNCTION "
    "FILE:LINE:COLUMN`\n"
    "           for each frame there, inlined ones first, and an empty line after each\n"
    "\n"
    "Environment:\n"
    "  GOC_RACE  options of the detector; run keeps them and adds log_path\n"
    "  NO_COLOR  if set, no colours on a terminal\n"
    "\n"
    "Exit status:\n"
    "  66   a race or another error of the program was reported\n"
    "  0    report, symbolize: no race\n"
    "  1    an input could not be read, wholly or partly\n"
    "  2    wrong usage\n"
    "  run: else PROGRAM's own status, 128+N after signal N, 126 if PROGRAM cannot be\n"
    "  executed, 127 if it is not found\n";

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"run", command_run},
    {"report", command_report},
    {"symbolize", command_symbolize},
};

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs(help, stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        fputs(help, stdout);
        return STATUS_CLEAN;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("goc-race " GOC_VERSION);
        return STATUS_CLEAN;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    complain("unknown command '%s' (known: run, report, symbolize; see goc-race --help)",
             argv[1]);
    return STATUS_USAGE;
}
