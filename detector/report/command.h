/* The subcommands of goc-race, each a main of its own: argv[0] is its name. */
#ifndef REPORT_COMMAND_H
#define REPORT_COMMAND_H

/* Exit statuses beside RACE_EXIT_STATUS. */
enum {
    STATUS_CLEAN = 0,
    STATUS_UNREADABLE = 1,       // an input that could not be read, wholly or partly
    STATUS_USAGE = 2,            // a wrong command line
    STATUS_NOT_EXECUTABLE = 126, // run: as the shell has it
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL = 128, // run: plus the signal that ended the program
};

int command_report(int argc, char **argv);
int command_run(int argc, char **argv);
int command_symbolize(int argc, char **argv);

#endif
