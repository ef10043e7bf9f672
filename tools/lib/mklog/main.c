/*
 * main.c - writes big synthetic mail logs of which it is known what happened
 *
 * Same arguments, same bytes, on every machine: no time of day, no locale, no floating point.
 */
#include "kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the command line says, as text. */
typedef struct RawWishes {
    char *mb, *seed, *rate, *hosts, *relay, *start, *stamp, *path, *truth;
    gboolean folders, long_ids, silent;
} RawWishes;

static void raw_clear(RawWishes *raw)
{
    g_free(raw->mb);
    g_free(raw->seed);
    g_free(raw->rate);
    g_free(raw->hosts);
    g_free(raw->relay);
    g_free(raw->start);
    g_free(raw->stamp);
    g_free(raw->path);
    g_free(raw->truth);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RawWishes, raw_clear)

static bool usage_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool usage_error(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *error = g_error_new_valist(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, args);
    va_end(args);
    return false;
}

/* Leaves the value as it is if the option was not given. */
static bool parse_number(const char *option, const char *text, guint64 least, guint64 most,
                         uint64_t *value, GError **error)
{
    guint64 number;

    if (text == NULL)
        return true;
    if (!g_ascii_string_to_unsigned(text, 10, least, most, &number, NULL))
        return usage_error(
            error, "--%s '%s' is not a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
            option, text, least, most);
    *value = number;
    return true;
}

static bool parse_stamp(const char *text, JournalForm *form, GError **error)
{
    *form = JOURNAL_BSD;
    if (text == NULL || g_str_equal(text, "bsd"))
        return true;
    *form = JOURNAL_RFC3339;
    return g_str_equal(text, "rfc3339") ||
           usage_error(error, "--stamp '%s' is neither bsd nor rfc3339", text);
}

static bool parse_numbers(const RawWishes *raw, const Kind *kind, Wishes *wishes, GError **error)
{
    uint64_t mb = 10, rate = 5, hosts = 1, relay = kind->relay;

    if (!parse_number("mb", raw->mb, 1, 1000000, &mb, error) ||
        !parse_number("seed", raw->seed, 0, G_MAXUINT32, &wishes->seed, error) ||
        !parse_number("rate", raw->rate, 1, 10000, &rate, error) ||
        !parse_number("hosts", raw->hosts, 1, 1000, &hosts, error) ||
        !parse_number("relay", raw->relay, 0, 100, &relay, error))
        return false;
    wishes->bytes = mb * 1000000;
    wishes->rate = (unsigned)rate;
    wishes->hosts = (unsigned)hosts;
    wishes->relay = (unsigned)relay;
    return true;
}

static bool parse_wishes(const RawWishes *raw, const Kind *kind, Wishes *wishes, GError **error)
{
    const char *start = raw->start == NULL ? "2025-11-20" : raw->start;

    *wishes = (Wishes){.seed = 1,
                       .folders = raw->folders || g_str_equal(kind->name, "chain"),
                       .long_ids = raw->long_ids,
                       .silent = raw->silent,
                       .one_client = g_str_equal(kind->name, "one-client"),
                       .one_message_id = g_str_equal(kind->name, "one-message-id"),
                       .path = raw->path,
                       .truth = raw->truth};
    if (!parse_numbers(raw, kind, wishes, error) || !parse_stamp(raw->stamp, &wishes->stamp, error))
        return false;
    if (!clock_parse_date(start, &wishes->start))
        return usage_error(error, "--start '%s' is not a date like 2025-11-20", start);
    if (raw->path == NULL && (raw->folders || kind->has_folder))
        return usage_error(error, "say with -o into which folder");
    return true;
}

static char *list_of_kinds(void)
{
    GString *list = g_string_new("Kinds:\n");

    for (size_t i = 0; i < n_kinds; i++)
        g_string_append_printf(list, "  %-15s %s\n", kinds[i].name, kinds[i].summary);
    g_string_append(list, "\nThe logs are as long as wanted when the last session begins; what its "
                          "messages still do is\nwritten to the end. tools/lib/mklog/truth.h "
                          "describes the table that --truth writes.\nExit status: 0 done, 1 "
                          "something could not be written, 2 wrong usage.");
    return g_string_free(list, FALSE);
}

static bool parse_options(int *argc, char ***argv, RawWishes *raw, GError **error)
{
    const GOptionEntry entries[] = {
        {"mb", 0, 0, G_OPTION_ARG_FILENAME, &raw->mb, "Million bytes of log (10)", "N"},
        {"seed", 0, 0, G_OPTION_ARG_FILENAME, &raw->seed, "Which of all such logs (1)", "N"},
        {"rate", 0, 0, G_OPTION_ARG_FILENAME, &raw->rate, "Sessions a second (5)", "N"},
        {"hosts", 0, 0, G_OPTION_ARG_FILENAME, &raw->hosts,
         "Hosts that strangers send to: mx1, mx2, ... (1; Postfix and chain)", "N"},
        {"relay", 0, 0, G_OPTION_ARG_FILENAME, &raw->relay,
         "How much of what goes to strangers goes through another host (0; chain: 50)", "PERCENT"},
        {"folders", 0, 0, G_OPTION_ARG_NONE, &raw->folders,
         "A log for each host, in a folder of its name", NULL},
        {"long-ids", 0, 0, G_OPTION_ARG_NONE, &raw->long_ids, "Postfix's long queue IDs", NULL},
        {"silent-replies", 0, 0, G_OPTION_ARG_NONE, &raw->silent,
         "The next hosts name no ID when they take a message", NULL},
        {"stamp", 0, 0, G_OPTION_ARG_FILENAME, &raw->stamp, "Form of syslog's stamps (bsd)",
         "bsd|rfc3339"},
        {"start", 0, 0, G_OPTION_ARG_FILENAME, &raw->start, "First day (2025-11-20); UTC",
         "YYYY-MM-DD"},
        {"truth", 0, 0, G_OPTION_ARG_FILENAME, &raw->truth, "Write what really happened", "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &raw->path,
         "The log or folder to write (else: standard output)", "PATH"},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("KIND");
    g_autofree char *list = list_of_kinds();

    g_option_context_set_summary(context, "Writes a synthetic mail log. The same arguments give "
                                          "the same bytes.");
    g_option_context_set_description(context, list);
    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, argc, argv, error);
}

static bool make_log(const Wishes *wishes, const Kind *kind, GError **error)
{
    World *world = world_new(wishes, error);
    bool done;

    if (world == NULL)
        return false;
    done = kind->build(world, kind, error);
    if (done)
        world_run(world);
    return world_free(world, done ? error : NULL) && done;
}

static int fail(const GError *error, int status)
{
    fprintf(stderr, "mklog: %s\n", error->message);
    if (status == 2)
        fputs("try 'mklog --help'\n", stderr);
    return status;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_auto(RawWishes) raw = {0};
    const Kind *kind;
    Wishes wishes;

    if (!parse_options(&argc, &argv, &raw, &error))
        return fail(error, 2);
    kind = argc == 2 ? kind_find(argv[1]) : NULL;
    if (kind == NULL) {
        if (argc == 2)
            usage_error(&error, "unknown kind '%s'", argv[1]);
        else
            usage_error(&error, "say one kind of log");
        return fail(error, 2);
    }
    if (!parse_wishes(&raw, kind, &wishes, &error))
        return fail(error, 2);
    return make_log(&wishes, kind, &error) ? EXIT_SUCCESS : fail(error, EXIT_FAILURE);
}
