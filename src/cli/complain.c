/* complain.c - what went wrong, on standard error */
#include "complain.h"

#include <stdio.h>

#include "base/printable.h"

void mst_complain(const char *message)
{
    g_autoptr(GString) line = g_string_new("mailstory: ");

    mst_printable_append(line, mst_slice_of(message));
    fprintf(stderr, "%s\n", line->str);
}
