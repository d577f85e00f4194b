#include "report/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <goc/race_record.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void reader_init(struct reader *reader, struct arena *arena, struct processes *processes,
                 int fd, const char *name)
{
    *reader =
        (struct reader){.arena = arena, .processes = processes, .complaints.file = name};
    lines_init(&reader->lines, fd);
}

static bool fault(struct reader *reader, const char *what)
{
    complain_at(&reader->complaints, reader->lines.number, "%s", what);
    return false;
}

/* The version first: nothing else of a newer record means what it seems to. */
static bool check_version(struct reader *reader, const json_t *json)
{
    const json_t *version = json_object_get(json, "goc_race");
    if (!json_is_integer(version))
        return fault(reader, "no race record: \"goc_race\" is missing");
    if (json_integer_value(version) == RACE_RECORD_VERSION)
        return true;
    if (!reader->newer_said)
        complain_at(&reader->complaints, reader->lines.number,
                    "record version %lld; this goc-race reads version %d",
                    (long long)json_integer_value(version), RACE_RECORD_VERSION);
    reader->newer_said = true;
    return false;
}

/* Why jansson did not take the line, in our words where they say more. */
static bool json_fault(struct reader *reader, const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_invalid_utf8:
        complain_at(&reader->complaints, reader->lines.number, "not UTF-8 at byte %d",
                    error->position);
        return false;
    case json_error_premature_end_of_input:
        return fault(reader, "the record is cut off");
    default:
        complain_at(&reader->complaints, reader->lines.number, "not JSON: %s",
                    error->text);
        return false;
    }
}

static bool read_line(struct reader *reader, const char *text, size_t length,
                      struct record *record)
{
    json_error_t error;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        return json_fault(reader, &error);
    bool good = false;
    if (!json_is_object(json)) {
        fault(reader, "no race record: not an object");
    } else if (check_version(reader, json)) {
        good = decode(&reader->fields, reader->arena, reader->processes, json, record);
        if (!good)
            fault(reader, reader->fields.fault);
    }
    json_decref(json);
    return good;
}

bool reader_next(struct reader *reader, struct record *record)
{
    for (;;) {
        const char *text = NULL;
        size_t length = 0;
        switch (lines_next(&reader->lines, &text, &length)) {
        case LINE_END:
            return false;
        case LINE_ERROR:
            reader->complaints.count++;
            complain("%s: %s", reader->complaints.file, strerror(-reader->lines.error));
            return false;
        case LINE_TOO_LONG:
            complain_at(&reader->complaints, reader->lines.number,
                        "a line of more than %d bytes is no race record",
                        RACE_RECORD_LINE_MAX);
            break;
        case LINE_TRUNCATED: // whole but for its newline, or a complaint
        case LINE_WHOLE:
            if (length > 0 && read_line(reader, text, length, record))
                return true;
            break;
        }
    }
}

size_t reader_fini(struct reader *reader)
{
    complaints_end(&reader->complaints);
    lines_fini(&reader->lines);
    return reader->complaints.count;
}

int reader_open(const char *path)
{
    if (strcmp(path, "-") == 0)
        return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const int error = errno;
        complain("%s: %s", path, strerror(error));
        return -error;
    }
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        complain("%s: %s", path, strerror(EISDIR));
        close(fd);
        return -EISDIR;
    }
    return fd;
}
