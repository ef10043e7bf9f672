/*
 * test_source.c - which files make one log, whose it is, and in which order they are read
 *
 * Each case makes its files in a folder of its own and asks from inside that folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>
#include <zlib.h>

#include "mailstory/error.h"
#include "mailstory/source.h"

enum { FILES = 10, PATHS = 5 }; /* each with a NULL at the end */

static const struct Case {
    const char *name;
    /* `PATH=DAY`: a log that begins on that day, `Nov 21` or `2026-11-21`; `PATH=@MTIME DAY`: last
     * written then, in seconds; `PATH=` alone: empty; `PATH>TARGET`, `PATH&TARGET`: a symbolic or a
     * hard link; `PATH|`: a pipe. Names that end in .gz and .tar are
     * compressed; a tar archive has its members' PATHs behind a `%`. */
    const char *files[FILES];
    const char *paths[PATHS];
    const char *by_hand[PATHS];
    int year;
    const char *expected; /* `NAME host=HOST system=SYSTEM: FILE FIRST-DAY, …`, then the problems */
} cases[] = {
    {"one file", {"mail.log=Nov 21"}, {"mail.log"}, {0}, 2026, "mail.log: mail.log 2026-11-21\n"},
    {"rotated files are one source, oldest first",
     {"mail.log=Nov 21", "mail.log.1=Nov 14", "mail.log.2.gz=Nov 7", "mail.log.10.gz=Oct 1"},
     {"."},
     {0},
     2026,
     "mail.log: mail.log.10.gz 2026-10-01, mail.log.2.gz 2026-11-07, mail.log.1 2026-11-14, "
     "mail.log 2026-11-21\n"},
    {"the order is that of the stamps, not of the names",
     {"mail.log.1=2026-11-21", "mail.log.2=2026-11-28"},
     {"."},
     {0},
     0,
     "mail.log: mail.log.1 2026-11-21, mail.log.2 2026-11-28\n"},
    {"all ways to name rotated files",
     {"maillog-20260301=2026-03-01", "maillog-20260302-1.gz=2026-03-02",
      "maillog-20260303120000=2026-03-03", "maillog-2026-03-04=2026-03-04",
      "maillog.old=2026-03-05", "maillog.0=2026-03-06", "maillog-20260307.1=2026-03-07",
      "maillog.20260308=2026-03-08"},
     {"."},
     {0},
     0,
     "maillog: maillog-20260301 2026-03-01, maillog-20260302-1.gz 2026-03-02, "
     "maillog-20260303120000 2026-03-03, maillog-2026-03-04 2026-03-04, maillog.old 2026-03-05, "
     "maillog.0 2026-03-06, maillog-20260307.1 2026-03-07, maillog.20260308 2026-03-08\n"},
    {"the number in front of .log",
     {"mail.log=2026-03-03", "mail.1.log=2026-03-02", "mail-20260301.log=2026-03-01"},
     {"."},
     {0},
     0,
     "mail.log: mail-20260301.log 2026-03-01, mail.1.log 2026-03-02, mail.log 2026-03-03\n"},
    {"multilog's current and old files",
     {"qmail-send/current=2026-03-02", "qmail-send/@400000006b02151e04773dec.s=2026-03-01"},
     {"."},
     {0},
     0,
     "qmail-send/current: qmail-send/@400000006b02151e04773dec.s 2026-03-01, "
     "qmail-send/current 2026-03-02\n"},
    {"names that only look rotated are logs of their own",
     {"mx-1=2026-03-01", "mx-2=2026-03-02", "log-20261399=2026-03-03", "2026=2026-03-04"},
     {"."},
     {0},
     0,
     "mx-1: mx-1 2026-03-01\nmx-2: mx-2 2026-03-02\nlog-20261399: log-20261399 2026-03-03\n"
     "2026: 2026 2026-03-04\n"},
    {"two logs in one folder",
     {"mail.log=2026-03-01", "mail.err=2026-03-02"},
     {"."},
     {0},
     0,
     "mail.log: mail.log 2026-03-01\nmail.err: mail.err 2026-03-02\n"},
    {"the host is the nearest folder that is none of logs",
     {"ev/mx1/mail.log=2026-03-01", "ev/relay/qmail-send/current=2026-03-02",
      "ev/hub/var/log/maillog=2026-03-03", "ev/central/mail.log=2026-03-04"},
     {"ev/"},
     {0},
     0,
     "ev/central/mail.log host=ev: ev/central/mail.log 2026-03-04\n"
     "ev/hub/var/log/maillog host=hub: ev/hub/var/log/maillog 2026-03-03\n"
     "ev/mx1/mail.log host=mx1: ev/mx1/mail.log 2026-03-01\n"
     "ev/relay/qmail-send/current host=relay: ev/relay/qmail-send/current 2026-03-02\n"},
    {"a folder that is named counts, what lies above does not",
     {"mx1/logs/hub/maillog=2026-03-01", "mx1/logs/mail.log=2026-03-02"},
     {"mx1/logs"},
     {0},
     0,
     "mx1/logs/hub/maillog host=hub: mx1/logs/hub/maillog 2026-03-01\n"
     "mx1/logs/mail.log: mx1/logs/mail.log 2026-03-02\n"},
    {"a file that is named: the folders it is written with count",
     {"mx1/mail.log=2026-03-01", "mx1/logs/mail.log=2026-03-02", "mail.log=2026-03-03"},
     {"mx1/mail.log", "mx1/logs/mail.log", "./mail.log"},
     {0},
     0,
     "mx1/mail.log host=mx1: mx1/mail.log 2026-03-01\n"
     "mx1/logs/mail.log host=mx1: mx1/logs/mail.log 2026-03-02\nmail.log: mail.log 2026-03-03\n"},
    {"a file that is found twice is read once",
     {"mx1/mail.log=2026-03-01", "mx1/copy>mail.log", "mx1/hard&mx1/mail.log"},
     {"mx1", "./mx1/mail.log", "mx1"},
     {0},
     0,
     "mx1/mail.log host=mx1: mx1/mail.log 2026-03-01\n"},
    {"links to folders are not followed",
     {"mx1/mail.log=2026-03-01", "all>mx1"},
     {"."},
     {0},
     0,
     "mx1/mail.log host=mx1: mx1/mail.log 2026-03-01\n"},
    {"hidden files, editors' backups and pipes in a folder are no logs",
     {".mail.log=2026-03-01", "mail.log~=2026-03-01", "#mail.log#=2026-03-01", "pipe|"},
     {"."},
     {0},
     0,
     ""},
    {"an empty file is a log without a time, and comes last",
     {"mail.log=", "mail.log.1=2026-03-01"},
     {"."},
     {0},
     0,
     "mail.log: mail.log.1 2026-03-01, mail.log -\n"},
    {"a path that is not there",
     {"mail.log=2026-03-01"},
     {"mail.log", "mx9"},
     {0},
     0,
     "mail.log: mail.log 2026-03-01\n! mx9: cannot open: No such file or directory\n"},
    {"a link to nothing",
     {"mail.log>gone"},
     {"."},
     {0},
     0,
     "! ./mail.log: cannot open: No such file or directory\n"},
    {"the standard input", {0}, {"-", "-"}, {0}, 0, "-: - -\n"},
    {"a log by hand, and found too: the hand wins",
     {"mx1/mail.log=2026-03-01", "mx1/mail.log.1=2026-02-22"},
     {"mx1"},
     {"postfix@hub=mx1/mail.log"},
     0,
     "mx1/mail.log host=hub system=postfix: mx1/mail.log 2026-03-01\n"
     "mx1/mail.log host=mx1: mx1/mail.log.1 2026-02-22\n"},
    {"a log by hand, its host from the folder",
     {"mx1/mail.log=2026-03-01"},
     {0},
     {"sendmail=mx1/mail.log"},
     0,
     "mx1/mail.log host=mx1 system=sendmail: mx1/mail.log 2026-03-01\n"},
    {"a setting without a path",
     {0},
     {0},
     {"postfix"},
     0,
     "usage: 'postfix' is not SYSTEM[@HOST]=PATH\n"},
    {"a setting without a system",
     {0},
     {0},
     {"@mx1=mail.log"},
     0,
     "usage: '@mx1=mail.log' is not SYSTEM[@HOST]=PATH\n"},
    {"a tar archive is the logs in it",
     {"ev.tar%./mx1/mail.log=2026-03-02", "ev.tar%./mx1/mail.log.1.gz=2026-03-01",
      "ev.tar%hub/logs/maillog=2026-03-03", "ev.tar%hub/.hidden=2026-03-03"},
     {"ev.tar"},
     {0},
     0,
     "ev.tar/hub/logs/maillog host=hub: ev.tar/hub/logs/maillog 2026-03-03\n"
     "ev.tar/mx1/mail.log host=mx1: ev.tar/mx1/mail.log.1.gz 2026-03-01, "
     "ev.tar/mx1/mail.log 2026-03-02\n"},
    {"a tar archive in a host's folder",
     {"mx1/logs.tar%mail.log=2026-03-02"},
     {"mx1"},
     {0},
     0,
     "mx1/logs.tar/mail.log host=mx1: mx1/logs.tar/mail.log 2026-03-02\n"},
    {"a year that was said, and New Year between the files",
     {"mail.log=Jan 3", "mail.log.1=Dec 27", "mail.log.2=Dec 20"},
     {"."},
     {0},
     2025,
     "mail.log: mail.log.2 2025-12-20, mail.log.1 2025-12-27, mail.log 2026-01-03\n"},
    {"a year that was said, and no New Year between the files",
     {"mail.log=Aug 21", "mail.log.1=Mar 3"},
     {"."},
     {0},
     2025,
     "mail.log: mail.log.1 2025-03-03, mail.log 2025-08-21\n"},
    {"eight months over New Year",
     {"m.1=Sep 1", "m.2=Oct 1", "m.3=Nov 1", "m.4=Dec 1", "m.5=Jan 1", "m.6=Feb 1", "m.7=Mar 1",
      "m.8=Apr 1"},
     {"."},
     {0},
     2025,
     "m: m.1 2025-09-01, m.2 2025-10-01, m.3 2025-11-01, m.4 2025-12-01, m.5 2026-01-01, "
     "m.6 2026-02-01, m.7 2026-03-01, m.8 2026-04-01\n"},
    {"no year said: each file's own time, here ten years ago",
     {"mail.log=@1483401600 Jan 2", "mail.log.1=@1483142400 Dec 24"},
     {"."},
     {0},
     0,
     "mail.log: mail.log.1 2016-12-24, mail.log 2017-01-02\n"},
    {"sources without a host come last, then by time, then by name",
     {"b=2026-03-01", "a=2026-03-01", "c=2026-02-01", "mx1/z=2026-03-09"},
     {"."},
     {0},
     0,
     "mx1/z host=mx1: mx1/z 2026-03-09\nc: c 2026-02-01\na: a 2026-03-01\nb: b 2026-03-01\n"},
};

static void make_gzip(const char *path, const char *text)
{
    gzFile file = gzopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
}

/* The text of a log that begins on `day`: two lines, the first of them of no known form. */
static char *make_log(const char *day)
{
    if (*day == '\0')
        return g_strdup("");
    if (g_ascii_isdigit(*day))
        return g_strdup_printf("-- rotated --\n%sT10:00:00Z mx0 postfix/qmgr[1]: x\n", day);
    return g_strdup_printf("-- rotated --\n%s 10:00:00 mx0 postfix/qmgr[1]: x\n", day);
}

static void make_file(const char *path, const char *day)
{
    g_autofree char *text = NULL;
    gint64 mtime = 0;

    if (*day == '@') {
        mtime = g_ascii_strtoll(day + 1, NULL, 10);
        day = strchr(day, ' ') + 1;
    }
    text = make_log(day);
    if (g_str_has_suffix(path, ".gz"))
        make_gzip(path, text);
    else
        assert_true(g_file_set_contents(path, text, -1, NULL));
    if (mtime != 0)
        assert_int_equal(g_utime(path, &(struct utimbuf){mtime, mtime}), 0);
}

/* Members of one archive stand one after the other in the list; `from` is the first. */
static void make_tar(const char *const *from, const char *path, size_t prefix)
{
    struct archive *archive = archive_write_new();

    archive_write_set_format_ustar(archive);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    for (; *from != NULL && strncmp(*from, path, prefix) == 0; from++) {
        g_auto(GStrv) parts = g_strsplit(*from + prefix + 1, "=", 2);
        struct archive_entry *entry = archive_entry_new();
        g_autofree char *bytes = NULL;
        gsize len;

        make_file(g_str_has_suffix(parts[0], ".gz") ? "part.gz" : "part", parts[1]);
        assert_true(g_file_get_contents(g_str_has_suffix(parts[0], ".gz") ? "part.gz" : "part",
                                        &bytes, &len, NULL));
        archive_entry_set_pathname(entry, parts[0]);
        archive_entry_set_size(entry, (la_int64_t)len);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_mtime(entry, 1795305600, 0);
        assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
        assert_int_equal(archive_write_data(archive, bytes, len), len);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
    g_remove("part");
    g_remove("part.gz");
}

static void make(const char *const *file)
{
    size_t len = strcspn(*file, "=>&|%");
    g_autofree char *path = g_strndup(*file, len);
    g_autofree char *folder = g_path_get_dirname(path);
    const char *behind = *file + len + 1;

    assert_int_equal(g_mkdir_with_parents(folder, 0755), 0);
    switch ((*file)[len]) {
    case '>':
        assert_int_equal(symlink(behind, path), 0);
        break;
    case '&':
        assert_int_equal(link(behind, path), 0);
        break;
    case '|':
        assert_int_equal(mkfifo(path, 0644), 0);
        break;
    case '%':
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            make_tar(file, path, len);
        break;
    case '=':
        make_file(path, behind);
        break;
    }
}

static void record_source(GString *got, const MstSource *source)
{
    g_string_append(got, source->name);
    if (source->host != NULL)
        g_string_append_printf(got, " host=%s", source->host);
    if (source->system != NULL)
        g_string_append_printf(got, " system=%s", source->system);
    for (guint i = 0; i < source->files->len; i++) {
        const MstLogFile *file = source->files->pdata[i];

        g_string_append_printf(got, "%s%s ", i == 0 ? ": " : ", ", file->name);
        if (file->first_us == INT64_MAX) {
            g_string_append_c(got, '-');
        } else {
            g_autoptr(GDateTime) first = g_date_time_new_from_unix_utc(file->first_us / 1000000);
            g_autofree char *day = g_date_time_format(first, "%Y-%m-%d");

            g_string_append(got, day);
        }
    }
    g_string_append_c(got, '\n');
}

static GString *find(const struct Case *row, char **paths)
{
    MstZones *zones = mst_zones_new();
    GPtrArray *problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    MstSourceQuery query = {paths, (char **)row->by_hand, zones};
    g_autoptr(GError) error = NULL;
    GString *got = g_string_new(NULL);
    GPtrArray *sources;

    assert_true(mst_zones_add(zones, "UTC", NULL));
    zones->year = row->year;
    sources = mst_sources_find(&query, problems, &error);
    if (sources == NULL) {
        assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_USAGE));
        g_string_append_printf(got, "usage: %s\n", error->message);
    } else {
        for (guint i = 0; i < sources->len; i++)
            record_source(got, sources->pdata[i]);
        g_ptr_array_unref(sources);
    }
    for (guint i = 0; i < problems->len; i++) {
        const GError *problem = problems->pdata[i];

        assert_true(g_error_matches(problem, MST_ERROR, MST_ERROR_READ));
        g_string_append_printf(got, "! %s\n", problem->message);
    }
    g_ptr_array_unref(problems);
    mst_zones_free(zones);
    return got;
}

static void remove_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);

        if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
            remove_folder(inner);
        else
            g_remove(inner);
    }
    g_dir_close(dir);
    g_rmdir(path);
}

/* The same with the paths in reverse: the order of the paths must not matter. */
static void check_case(void **state)
{
    const struct Case *row = *state;
    g_autofree char *home = g_get_current_dir();
    g_autofree char *folder = g_dir_make_tmp("mst-source-XXXXXX", NULL);
    char *reversed[PATHS] = {0};
    guint n = g_strv_length((char **)row->paths);
    GString *got, *again;

    assert_int_equal(g_chdir(folder), 0);
    for (const char *const *file = row->files; *file != NULL; file++)
        make(file);
    for (guint i = 0; i < n; i++)
        reversed[i] = (char *)row->paths[n - 1 - i];
    got = find(row, (char **)row->paths);
    again = find(row, reversed);
    assert_int_equal(g_chdir(home), 0);
    remove_folder(folder);
    assert_string_equal(got->str, row->expected);
    assert_string_equal(again->str, row->expected);
    g_string_free(got, TRUE);
    g_string_free(again, TRUE);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases)];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
