#include "report/symbolize.h"

#include "report/complain.h"
#include "report/data.h"
#include "report/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
struct known_module {
    const char *path;
    const char *build_id; // that it must have; NULL: any
    bool usable;          // image is open
    struct image image;
    struct table code;    // (offset, 0) → struct frame_list
    struct table data;    // (offset, size) → struct variable
    struct table storage; // the same, of thread-local storage
    struct known_module *next;
};

/* Opens the file of MODULE, or says why not. */
static void open_image(struct known_module *module)
{
    const char *build_id = module->build_id;
    const int status = image_open(&module->image, module->path);
    if (status == -ENOEXEC) {
        complain("%s is no ELF file: its frames stay addresses", module->path);
    } else if (status != 0) {
        complain("%s: %s: its frames stay addresses", module->path, strerror(-status));
    } else if (build_id && strcmp(build_id, module->image.build_id) != 0) {
        complain("%s is not the file that ran (build id %s, then %s): its frames stay "
                 "addresses",
                 module->path,
                 module->image.build_id[0] ? module->image.build_id : "none", build_id);
        image_close(&module->image);
    } else {
        module->usable = true;
    }
}

/* Not a file but code that the kernel maps. */
static bool is_file(const char *path)
{
    return path[0] != '[' && path[0] != '\0';
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* A program has few modules: a list will do. */
static struct known_module *get_module(struct symbolizer *symbolizer, const char *path,
                                       const char *build_id)
{
    for (struct known_module *module = symbolizer->modules; module; module = module->next)
        if (strcmp(module->path, path) == 0 && same_text(module->build_id, build_id))
            return module;
    struct known_module *module = arena_alloc(symbolizer->arena, sizeof *module);
    module->path = arena_string(symbolizer->arena, path);
    module->build_id = arena_string(symbolizer->arena, build_id);
    module->next = symbolizer->modules;
    symbolizer->modules = module;
    if (is_file(path))
        open_image(module);
    return module;
}

static struct frame_list unknown_code(struct arena *arena, const char *path,
                                      uint64_t offset)
{
    struct frame *frame = arena_alloc(arena, sizeof *frame);
    *frame = (struct frame){.module = path, .offset = offset};
    return (struct frame_list){.count = 1, .frames = frame};
}

struct frame_list symbolize_code(struct symbolizer *symbolizer, const char *path,
                                 const char *build_id, uint64_t offset)
{
    struct arena *arena = symbolizer->arena;
    if (!path)
        return unknown_code(arena, NULL, offset);
    struct known_module *module = get_module(symbolizer, path, build_id);
    const struct table_key key = {.a = offset};
    struct frame_list *known = table_get(&module->code, key);
    if (!known) {
        known = arena_alloc(arena, sizeof *known);
        *known = module->usable ? code_frames(arena, &module->image, module->path, offset)
                                : unknown_code(arena, module->path, offset);
        table_put(&module->code, key, known);
    }
    return *known;
}

/* What FIND says of (OFFSET, SIZE) in MODULE; kept in KNOWN, which has the answers to such
 * questions. */
static struct variable
find_once(struct symbolizer *symbolizer, struct known_module *module, struct table *known,
          struct table_key key,
          struct variable (*find)(struct arena *arena, struct image *image,
                                  uint64_t offset, uint64_t size))
{
    if (!module->usable)
        return (struct variable){0};
    struct variable *answer = table_get(known, key);
    if (!answer) {
        answer = arena_alloc(symbolizer->arena, sizeof *answer);
        *answer = find(symbolizer->arena, &module->image, key.a, key.b);
        table_put(known, key, answer);
    }
    return *answer;
}

struct variable symbolize_data(struct symbolizer *symbolizer, const char *path,
                               const char *build_id, uint64_t offset, uint64_t size)
{
    struct known_module *module = get_module(symbolizer, path, build_id);
    return find_once(symbolizer, module, &module->data,
                     (struct table_key){.a = offset, .b = size}, data_variable);
}

struct variable symbolize_thread_local(struct symbolizer *symbolizer, const char *path,
                                       const char *build_id, uint64_t offset,
                                       uint64_t size)
{
    struct known_module *module = get_module(symbolizer, path, build_id);
    return find_once(symbolizer, module, &module->storage,
                     (struct table_key){.a = offset, .b = size}, data_thread_local);
}

struct variable symbolize_local(struct symbolizer *symbolizer, const char *path,
                                const char *build_id, uint64_t offset, uint64_t below,
                                uint64_t size)
{
    struct known_module *module = get_module(symbolizer, path, build_id);
    if (!module->usable)
        return (struct variable){0};
    return data_local(symbolizer->arena, &module->image, offset, below, size);
}

struct part symbolize_member(struct symbolizer *symbolizer, const char *path,
                             const char *build_id, uint64_t offset,
                             const struct frame *place, const struct block_part *part)
{
    struct known_module *module = get_module(symbolizer, path, build_id);
    if (!module->usable)
        return (struct part){0};
    return member_find(symbolizer->arena, &module->image, offset, place, part);
}

void symbolizer_fini(struct symbolizer *symbolizer)
{
    for (struct known_module *module = symbolizer->modules; module;
         module = module->next) {
        table_fini(&module->code);
        table_fini(&module->data);
        table_fini(&module->storage);
        if (module->usable)
            image_close(&module->image);
    }
    symbolizer->modules = NULL;
}
