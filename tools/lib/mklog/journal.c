/* journal.c - one log as it is written */
#include "journal.h"

#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct Journal {
    Schedule *schedule;
    char *path; /* NULL: the standard output */
    FILE *file; /* NULL until a daily log's first line */
    JournalForm form;
    uint64_t *bytes;
    unsigned day; /* of the file of a daily log */
    int error;    /* the first that happened, or 0 */
};

typedef struct Line {
    Journal *journal;
    size_t len;
    char text[];
} Line;

static void set_error(GError **error, const char *path, int number)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number), "cannot write %s: %s",
                path == NULL ? "to standard output" : path, g_strerror(number));
}

Journal *journal_new(Schedule *schedule, const char *path, JournalForm form, uint64_t *bytes,
                     GError **error)
{
    g_autofree char *folder = path == NULL ? NULL : g_path_get_dirname(path);
    Journal *self;
    FILE *file = NULL;

    if (path != NULL && g_mkdir_with_parents(folder, 0777) != 0) {
        set_error(error, folder, errno);
        return NULL;
    }
    if (form != JOURNAL_DAILY) {
        file = path == NULL ? stdout : fopen(path, "w");
        if (file == NULL) {
            set_error(error, path, errno);
            return NULL;
        }
    }
    self = g_new0(Journal, 1);
    *self = (Journal){
        .schedule = schedule, .path = g_strdup(path), .file = file, .form = form, .bytes = bytes};
    return self;
}

/* A daily log's file has its day's date. */
static void open_day(Journal *self, int64_t time)
{
    const Clock clock = clock_at(time);
    g_autofree char *path = NULL;

    if (self->file != NULL && self->day == clock.day)
        return;
    if (self->file != NULL && fclose(self->file) != 0)
        self->error = errno;
    path = g_strdup_printf("%s%04u%02u%02u0000", self->path, clock.year, clock.month, clock.day);
    self->file = fopen(path, "w");
    if (self->file == NULL)
        self->error = errno;
    self->day = clock.day;
}

static void write_line(void *subject, int64_t time)
{
    Line *line = subject;
    Journal *self = line->journal;

    if (self->form == JOURNAL_DAILY && self->error == 0)
        open_day(self, time);
    if (self->error == 0 && fwrite(line->text, 1, line->len, self->file) != line->len)
        self->error = errno;
    g_free(line);
}

static int write_stamp(char *text, size_t size, JournalForm form, int64_t time)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    Clock clock;

    switch (form) {
    case JOURNAL_BSD:
        clock = clock_at(time);
        return snprintf(text, size, "%.3s %2u %02u:%02u:%02u ", months + 3 * (clock.month - 1),
                        clock.day, clock.hour, clock.minute, clock.second);
    case JOURNAL_RFC3339:
        clock = clock_at(time);
        return snprintf(text, size, "%04u-%02u-%02uT%02u:%02u:%02u.%06u+00:00 ", clock.year,
                        clock.month, clock.day, clock.hour, clock.minute, clock.second,
                        clock.microsecond);
    case JOURNAL_TAI64N:
        return snprintf(text, size, "@%016llx%08x ",
                        0x400000000000000aull + (unsigned long long)(time / SECOND),
                        (unsigned)(time % SECOND) * 1000 + 500);
    case JOURNAL_DAILY:
        break;
    }
    return 0;
}

void journal_say(Journal *self, int64_t time, const char *format, ...)
{
    char text[4096];
    size_t len = (size_t)write_stamp(text, sizeof text, self->form, time);
    va_list args;
    Line *line;

    va_start(args, format);
    len += (size_t)vsnprintf(text + len, sizeof text - len, format, args);
    va_end(args);
    g_assert(len < sizeof text - 1);
    text[len++] = '\n';
    line = g_malloc(sizeof *line + len);
    line->journal = self;
    line->len = len;
    memcpy(line->text, text, len);
    *self->bytes += len;
    schedule_at(self->schedule, time, write_line, line);
}

bool journal_free(Journal *self, GError **error)
{
    int number;

    if (self->file != NULL && (self->path == NULL ? fflush(stdout) : fclose(self->file)) != 0 &&
        self->error == 0)
        self->error = errno;
    number = self->error;
    if (number != 0)
        set_error(error, self->path, number);
    g_free(self->path);
    g_free(self);
    return number == 0;
}
