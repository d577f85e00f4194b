#include "report/process.h"

#include <stdlib.h>
#include <string.h>

const char *const detector_names[DETECTOR_COUNT] = {
    [DETECTOR_GOC] = "goc",
    [DETECTOR_TSAN] = "tsan",
};

enum detector detector_by_name(const char *name)
{
    enum detector found = 0;
    while (found < DETECTOR_COUNT && strcmp(detector_names[found], name) != 0)
        found++;
    return found;
}

static struct process *add(struct processes *processes, uint64_t pid)
{
    struct process *process = arena_alloc(processes->arena, sizeof *process);
    process->pid = pid;
    process->older = processes->newest;
    processes->newest = process;
    return process;
}

struct process *process_get(struct processes *processes, uint64_t pid)
{
    for (struct process *process = processes->newest; process; process = process->older)
        if (process->pid == pid)
            return process;
    return add(processes, pid);
}

struct process *process_start(struct processes *processes, uint64_t pid,
                              enum detector detector)
{
    struct process *process = process_get(processes, pid);
    if (process->started & 1u << detector)
        process = add(processes, pid);
    process->started |= 1u << detector;
    return process;
}

bool process_add_module(struct process *process, size_t id, const char *path,
                        const char *build_id)
{
    if (id < process->module_count && process->modules[id].path)
        return strcmp(process->modules[id].path, path) == 0;
    if (id >= process->module_count) {
        process->modules = grow(process->modules, id + 1, sizeof *process->modules);
        while (process->module_count <= id)
            process->modules[process->module_count++] = (struct module){0};
    }
    process->modules[id] = (struct module){.path = path, .build_id = build_id};
    return true;
}

const struct module *process_module(const struct process *process, int64_t id)
{
    if (id < 0 || (uint64_t)id >= process->module_count || !process->modules[id].path)
        return NULL;
    return &process->modules[id];
}

bool processes_any_started(const struct processes *processes)
{
    for (const struct process *process = processes->newest; process;
         process = process->older)
        if (process->started)
            return true;
    return false;
}

void processes_fini(struct processes *processes)
{
    for (struct process *process = processes->newest; process; process = process->older)
        free(process->modules);
    processes->newest = NULL;
}
