/*
 * replay.c - a fuzz target's main where there is no libFuzzer
 *
 * Feeds the target with what it is given by name, and with all files of folders: each file whole,
 * then line by line, then every line cut short at every seventh byte, as logs that end in the middle
 * of a write are. The tables that a case expects are no logs. No output but a count; a sanitizer or an
 * assertion is what fails.
 */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUT_EVERY = 7 };

/* A block of exactly this size, so that a sanitizer sees a read past its end. */
static void feed(const char *text, size_t len)
{
    g_autofree uint8_t *block = g_malloc(len == 0 ? 1 : len);

    memcpy(block, text, len);
    LLVMFuzzerTestOneInput(block, len);
}

static void feed_line(const char *line, size_t len)
{
    for (size_t cut = CUT_EVERY; cut < len; cut += CUT_EVERY)
        feed(line, cut);
    feed(line, len);
}

static void feed_file(const char *text, size_t len)
{
    const char *at = text;
    const char *end = text + len;

    feed(text, len);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        stop = stop == NULL ? end : stop + 1;
        feed_line(at, (size_t)(stop - at));
        at = stop;
    }
}

static unsigned replay(const char *path);

static unsigned replay_folder(const char *path, GDir *folder)
{
    unsigned files = 0;

    for (const char *name = g_dir_read_name(folder); name != NULL; name = g_dir_read_name(folder)) {
        g_autofree char *inner = g_build_filename(path, name, NULL);

        if (strcmp(name, "expected") != 0)
            files += replay(inner);
    }
    return files;
}

/* How many files were fed. What can be neither listed nor read ends the test. */
static unsigned replay(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize len;

    if (folder != NULL)
        return replay_folder(path, folder);
    if (!g_file_get_contents(path, &text, &len, &error))
        g_error("%s", error->message);
    feed_file(text, len);
    return 1;
}

int main(int argc, char **argv)
{
    unsigned files = 0;

    for (int i = 1; i < argc; i++)
        files += replay(argv[i]);
    g_print("%u files\n", files);
    return files == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
