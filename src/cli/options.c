/*
 * options.c - what the command line asks for
 *
 * Values are taken as file names, byte for byte: GOption's STRING fails on what is not the locale's
 * character set, and host names, zones and addresses are bytes to us.
 */
#include "options.h"

#include <stdlib.h>

/* The values as GOption hands them out. */
typedef struct RawOptions {
    char **paths, **by_hand, **timezones, **hosts;
    char *folder, *year, *tai_offset, *window, *max_queue_time, *delimiter, *local_time, *jobs;
    gboolean crlf, bom, raw, checksum, strict, version;
} RawOptions;

static void raw_clear(RawOptions *raw)
{
    g_strfreev(raw->paths);
    g_strfreev(raw->by_hand);
    g_strfreev(raw->timezones);
    g_strfreev(raw->hosts);
    g_free(raw->folder);
    g_free(raw->year);
    g_free(raw->tai_offset);
    g_free(raw->window);
    g_free(raw->max_queue_time);
    g_free(raw->delimiter);
    g_free(raw->local_time);
    g_free(raw->jobs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RawOptions, raw_clear)

static const char summary[] =
    "Reads the logs of mail systems and tells, for every message, the one story of its\n"
    "delivery: across hosts, queue IDs, retries, forwards and bounces.\n"
    "\n"
    "Writes the deliveries table as CSV to standard output, or all tables into a folder.\n"
    "`mailstory formats` lists what can be read.";

static const char epilogue[] =
    "A DURATION is a number with a unit: 90s, 15m, 12h, 7d.\n"
    "Exit status: 0 done, 1 something could not be read or written, 2 wrong usage.\n"
    "The manual is mailstory(1).";

static bool usage_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool usage_error(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *error = g_error_new_valist(MST_ERROR, MST_ERROR_USAGE, format, args);
    va_end(args);
    return false;
}

/* `15m` into microseconds. */
static bool parse_duration(const char *option, const char *text, int64_t *us, GError **error)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    enum { MAX_SECONDS = 400 * 86400 };
    char *end = NULL;
    guint64 count = 0;

    if (text == NULL)
        return true;
    if (g_ascii_isdigit(text[0]))
        count = g_ascii_strtoull(text, &end, 10);
    for (size_t i = 0; i < G_N_ELEMENTS(units) && end != NULL; i++) {
        if (end[0] != units[i].unit || end[1] != '\0')
            continue;
        if (count == 0 || count > (guint64)(MAX_SECONDS / units[i].seconds))
            return usage_error(error, "%s '%s' is not between 1s and 400d", option, text);
        *us = (int64_t)count * units[i].seconds * G_USEC_PER_SEC;
        return true;
    }
    return usage_error(error, "%s '%s' is no duration such as 90s, 15m, 12h or 7d", option, text);
}

static bool parse_zones(MstOptions *options, const RawOptions *raw, GError **error)
{
    for (char **setting = raw->timezones; setting != NULL && *setting != NULL; setting++) {
        if (!mst_zones_add(options->zones, *setting, error))
            return false;
    }
    if (raw->year != NULL) {
        guint64 year;

        if (!g_ascii_string_to_unsigned(raw->year, 10, 1970, 9999, &year, NULL))
            return usage_error(error, "--year '%s' is no year from 1970 to 9999", raw->year);
        options->zones->year = (int)year;
    }
    if (raw->tai_offset != NULL) {
        guint64 seconds;

        if (!g_ascii_string_to_unsigned(raw->tai_offset, 10, 0, 100, &seconds, NULL))
            return usage_error(error, "--tai-offset '%s' is no number of seconds from 0 to 100",
                               raw->tai_offset);
        options->zones->tai_offset_s = (int)seconds;
    }
    return true;
}

static bool parse_style(MstOptions *options, const RawOptions *raw, GError **error)
{
    MstCsvStyle *style = &options->style;

    *style = (MstCsvStyle){.delimiter = ',', .crlf = raw->crlf, .bom = raw->bom, .raw = raw->raw};
    if (raw->delimiter != NULL) {
        const char *text = g_str_equal(raw->delimiter, "\\t") ? "\t" : raw->delimiter;

        if (strlen(text) != 1 || strchr("\"\r\n", text[0]) != NULL || (text[0] & 0x80) != 0)
            return usage_error(error, "--delimiter '%s' is not one character such as ; or \\t",
                               raw->delimiter);
        style->delimiter = text[0];
    }
    if (raw->local_time != NULL) {
        style->local = g_time_zone_new_identifier(raw->local_time);
        if (style->local == NULL)
            return usage_error(error, "--local-time '%s' is no time zone", raw->local_time);
    }
    return true;
}

static bool parse_jobs(MstOptions *options, const RawOptions *raw, GError **error)
{
    guint64 jobs = g_get_num_processors();

    if (raw->jobs != NULL && !g_ascii_string_to_unsigned(raw->jobs, 10, 1, 1024, &jobs, NULL))
        return usage_error(error, "--jobs '%s' is no number from 1 to 1024", raw->jobs);
    options->jobs = (guint)jobs;
    return true;
}

static bool take(MstOptions *options, RawOptions *raw, GError **error)
{
    MstCorrelatorOptions *correlator = &options->correlator;

    correlator->window_us = INT64_C(15) * 60 * G_USEC_PER_SEC;
    correlator->max_queue_us = INT64_C(7) * 86400 * G_USEC_PER_SEC;
    options->zones = mst_zones_new();
    if (!parse_duration("--window", raw->window, &correlator->window_us, error) ||
        !parse_duration("--max-queue-time", raw->max_queue_time, &correlator->max_queue_us,
                        error) ||
        !parse_zones(options, raw, error) || !parse_style(options, raw, error) ||
        !parse_jobs(options, raw, error))
        return false;
    correlator->keep_events = raw->folder != NULL;
    correlator->host_names = g_steal_pointer(&raw->hosts);
    options->folder = g_steal_pointer(&raw->folder);
    options->paths = g_steal_pointer(&raw->paths);
    options->by_hand = g_steal_pointer(&raw->by_hand);
    options->checksum = raw->checksum;
    options->strict = raw->strict;
    if (raw->version)
        options->command = MST_COMMAND_VERSION;
    else if (options->paths != NULL && g_str_equal(options->paths[0], "formats") &&
             options->paths[1] == NULL && !g_file_test("formats", G_FILE_TEST_EXISTS))
        options->command = MST_COMMAND_FORMATS;
    return true;
}

/* What the stages would refuse too, but not before something was read or written. */
static bool check_settings(const MstOptions *options, GError **error)
{
    char **hosts = options->correlator.host_names;

    for (char **setting = hosts; setting != NULL && *setting != NULL; setting++) {
        const char *equals = strchr(*setting, '=');

        if (equals == NULL || equals == *setting || equals[1] == '\0')
            return usage_error(error, "--host '%s' is not of the form NAME=ALIAS,IP,...", *setting);
    }
    for (char **setting = options->by_hand; setting != NULL && *setting != NULL; setting++) {
        g_autofree char *system = g_strndup(*setting, strcspn(*setting, "@="));

        if (mst_reader_find(system, error) == NULL)
            return false;
    }
    return true;
}

/* What cannot be meant together, or does nothing. */
static bool check(const MstOptions *options, GError **error)
{
    if (options->command != MST_COMMAND_TABLES)
        return true;
    if (options->paths == NULL && options->by_hand == NULL)
        return usage_error(error, "no logs named; `mailstory --help` says how");
    if (options->checksum && options->folder == NULL)
        return usage_error(error, "--checksum needs -o: only sources.csv shows checksums");
    return check_settings(options, error);
}

bool mst_options_parse(MstOptions *options, int argc, char **argv, GError **error)
{
    g_auto(RawOptions) raw = {0};
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &raw.folder, "Write all tables into this folder",
         "DIR"},
        {"read", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.by_hand,
         "Say what a log is, where it cannot be recognised", "SYSTEM[@HOST]=PATH"},
        {"year", 0, 0, G_OPTION_ARG_FILENAME, &raw.year,
         "Year of each log's first stamp that has none (else: from the file's time)", "YYYY"},
        {"timezone", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.timezones,
         "Zone of stamps that name none (else: this machine's)", "[HOST=]ZONE"},
        {"tai-offset", 0, 0, G_OPTION_ARG_FILENAME, &raw.tai_offset,
         "What TAI64N stamps are ahead of UTC (10; 37 for those of s6-log)", "SECONDS"},
        {"host", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.hosts,
         "Other names and addresses of a host that logs as NAME", "NAME=ALIAS,IP,..."},
        {"window", 0, 0, G_OPTION_ARG_FILENAME, &raw.window,
         "How long two hosts' lines wait for each other (15m)", "DURATION"},
        {"max-queue-time", 0, 0, G_OPTION_ARG_FILENAME, &raw.max_queue_time,
         "After so much silence a message is given up (7d)", "DURATION"},
        {"delimiter", 0, 0, G_OPTION_ARG_FILENAME, &raw.delimiter, "Between cells (,)", "CHAR"},
        {"crlf", 0, 0, G_OPTION_ARG_NONE, &raw.crlf, "End rows with CR LF", NULL},
        {"bom", 0, 0, G_OPTION_ARG_NONE, &raw.bom, "Begin tables with a byte order mark", NULL},
        {"raw", 0, 0, G_OPTION_ARG_NONE, &raw.raw,
         "Do not guard cells that a spreadsheet would run", NULL},
        {"local-time", 0, 0, G_OPTION_ARG_FILENAME, &raw.local_time,
         "Print times in this zone (else: UTC)", "ZONE"},
        {"jobs", 0, 0, G_OPTION_ARG_FILENAME, &raw.jobs,
         "Work in so many threads (else: one for each processor)", "N"},
        {"checksum", 0, 0, G_OPTION_ARG_NONE, &raw.checksum, "SHA-256 of each file in sources.csv",
         NULL},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &raw.strict,
         "Broken lines are a failure (exit status 1)", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &raw.version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw.paths, NULL, NULL},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("LOG|DIR|-...");
    g_autoptr(GError) wrong = NULL;

    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, epilogue);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &wrong))
        return usage_error(error, "%s; `mailstory --help` lists the options", wrong->message);
    return take(options, &raw, error) && check(options, error);
}

void mst_options_clear(MstOptions *options)
{
    g_strfreev(options->paths);
    g_strfreev(options->by_hand);
    g_free(options->folder);
    g_strfreev(options->correlator.host_names);
    g_clear_pointer(&options->style.local, g_time_zone_unref);
    g_clear_pointer(&options->zones, mst_zones_free);
}
