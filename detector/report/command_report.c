/* goc-race report. */
#include "report/command.h"
#include "report/complain.h"
#include "report/report.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The racing process is in the same process group: what ends it from the terminal must
 * not end its report.  The end of the pipe does that. */
static void outlive_the_program(void)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_IGN);
}

static int stream(enum report_format format)
{
    struct report report;
    outlive_the_program();
    report_init(&report, stderr, format, true);
    report_read(&report, STDIN_FILENO, "standard input");
    return report_finish(&report);
}

static int usage(const char *why)
{
    complain("report: %s; see goc-race --help", why);
    return STATUS_USAGE;
}

/* WORD is what getopt_long has read last; of letters in one word the unknown LETTER is. */
static int unknown_option(const char *word, int letter)
{
    const char single[] = {'-', (char)letter, '\0'};
    complain("report: unknown option '%s'; see goc-race --help",
             letter != 0 && strchr("fs", letter) == NULL ? single : word);
    return STATUS_USAGE;
}

int command_report(int argc, char **argv)
{
    static const struct option options[] = {
        {"format", required_argument, NULL, 'f'},
        {"stream", no_argument, NULL, 's'},
        {0},
    };
    enum report_format format = FORMAT_TEXT;
    bool streaming = false;
    opterr = 0;
    for (int option = 0; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == 'f' && strcmp(optarg, "json") == 0)
            format = FORMAT_JSON;
        else if (option == 'f' && strcmp(optarg, "text") == 0)
            format = FORMAT_TEXT;
        else if (option == 'f')
            return usage("--format is text or json");
        else if (option == 's')
            streaming = true;
        else if (option == ':')
            return usage("--format wants text or json, as --format=json");
        else
            return unknown_option(argv[optind - 1], optopt);
    }
    if (streaming)
        return optind < argc ? usage("--stream takes no LOG") : stream(format);
    if (optind == argc)
        return usage("no LOG given");
    struct report report;
    report_init(&report, stdout, format, false);
    for (int i = optind; i < argc; i++)
        report_read_file(&report, argv[i]);
    const int status = report_finish(&report);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain("standard output: %s", strerror(errno));
        return STATUS_UNREADABLE;
    }
    return status;
}
