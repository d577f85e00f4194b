#include "report/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fields_fault(struct fields *fields, const char *format, ...)
{
    if (fields->fault[0])
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fields->fault, sizeof fields->fault, format, arguments);
    va_end(arguments);
    return false;
}

bool object_has(struct object object, const char *key)
{
    return json_object_get(object.json, key) != NULL;
}

/* KEY of OBJECT if it is of the type that IS_TYPE says; TYPE names that for the message.
 */
static const json_t *take(struct fields *fields, struct object object, const char *key,
                          json_type type, const char *type_name)
{
    const json_t *value = json_object_get(object.json, key);
    if (!value) {
        fields_fault(fields, "\"%s\" of %s is missing", key, object.name);
        return NULL;
    }
    if (json_typeof(value) != type) {
        fields_fault(fields, "\"%s\" of %s is not %s", key, object.name, type_name);
        return NULL;
    }
    return value;
}

bool take_string(struct fields *fields, struct object object, const char *key,
                 const char **out)
{
    const json_t *value = take(fields, object, key, JSON_STRING, "a string");
    if (!value)
        return false;
    for (const char *at = json_string_value(value); *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f) // a terminal would act on it
            return fields_fault(fields, "\"%s\" of %s holds a control character", key,
                                object.name);
    *out = arena_string(fields->arena, json_string_value(value));
    return true;
}

bool take_bool(struct fields *fields, struct object object, const char *key, bool *out)
{
    const json_t *value = json_object_get(object.json, key);
    if (!value)
        return fields_fault(fields, "\"%s\" of %s is missing", key, object.name);
    if (!json_is_boolean(value))
        return fields_fault(fields, "\"%s\" of %s is not true or false", key,
                            object.name);
    *out = json_is_true(value);
    return true;
}

bool take_number(struct fields *fields, struct object object, const char *key,
                 uint64_t *out)
{
    const json_t *value = take(fields, object, key, JSON_INTEGER, "a whole number");
    if (!value)
        return false;
    const json_int_t number = json_integer_value(value);
    if (number < 0)
        return fields_fault(fields, "\"%s\" of %s is negative", key, object.name);
    *out = (uint64_t)number;
    return true;
}

bool take_object(struct fields *fields, struct object object, const char *key,
                 struct object *out)
{
    const json_t *value = take(fields, object, key, JSON_OBJECT, "an object");
    if (!value)
        return false;
    *out = (struct object){.json = value, .name = key};
    return true;
}

bool take_array(struct fields *fields, struct object object, const char *key,
                const json_t **out)
{
    *out = take(fields, object, key, JSON_ARRAY, "an array");
    return *out != NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool parse_address(const char *text, uint64_t *out)
{
    if (text[0] != '0' || (text[1] != 'x' && text[1] != 'X') || !text[2])
        return false;
    uint64_t value = 0;
    for (const char *at = text + 2; *at; at++) {
        const int digit = hex_digit(*at);
        if (digit < 0 || value >> 60)
            return false;
        value = value << 4 | (uint64_t)digit;
    }
    *out = value;
    return true;
}

bool take_address(struct fields *fields, struct object object, const char *key,
                  uint64_t *out)
{
    const json_t *value = take(fields, object, key, JSON_STRING, "a \"0x…\" string");
    if (!value)
        return false;
    if (!parse_address(json_string_value(value), out))
        return fields_fault(fields, "\"%s\" of %s is not a \"0x…\" string", key,
                            object.name);
    return true;
}

bool take_word(struct fields *fields, struct object object, const char *key,
               const char *const *words, unsigned count, unsigned *out)
{
    const json_t *value = take(fields, object, key, JSON_STRING, "a string");
    if (!value)
        return false;
    for (unsigned index = 0; index < count; index++) {
        if (strcmp(json_string_value(value), words[index]) == 0) {
            *out = index;
            return true;
        }
    }
    return fields_fault(fields, "\"%s\" of %s has the unknown value \"%.40s\"", key,
                        object.name, json_string_value(value));
}
