/* recorder.c - what a reader made of lines, as text that a test can compare */
#include "recorder.h"

static void write_slice(GString *out, const char *name, MstSlice s)
{
    if (!mst_slice_is_set(s))
        return;
    g_string_append_printf(out, " %s=", name);
    g_string_append_len(out, s.ptr, (gssize)s.len);
}

static void write_number(GString *out, const char *name, int64_t number, int64_t unset)
{
    if (number != unset)
        g_string_append_printf(out, " %s=%" G_GINT64_FORMAT, name, number);
}

static void write_delay(GString *out, int64_t delay_us)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (delay_us == -1)
        return;
    g_ascii_formatd(text, sizeof text, "%.9g", (double)delay_us / 1e6);
    g_string_append_printf(out, " delay=%s", text);
}

static const char *relation_name(MstRelation relation)
{
    switch (relation) {
    case MST_RELATION_NONE:
        return "other";
    case MST_RELATION_PARENT:
        return "parent";
    case MST_RELATION_CHILD:
        return "child";
    case MST_RELATION_NEXT:
        return "next";
    case MST_RELATION_NOTIFICATION:
        return "notification";
    case MST_RELATION_ALIAS:
        return "alias";
    case MST_RELATION_CHILD_ALIAS:
        return "child_alias";
    case MST_RELATION_NOTIFICATION_ALIAS:
        return "notification_alias";
    case MST_RELATION_COVERS:
        return "covers";
    }
    g_assert_not_reached();
}

void recorder_write(GString *out, const MstEvent *event)
{
    g_string_append(out, mst_event_kind_name(event->kind));
    if (event->system != MST_SYSTEM_MILTER_MANAGER) /* whose IDs have it in them */
        write_number(out, "pid", event->pid, 0);
    write_slice(out, "id", event->queue_id);
    write_slice(out, relation_name(event->relation), event->other_id);
    write_slice(out, "spool", event->spool_file);
    write_slice(out, "msgid", event->message_id);
    write_slice(out, "from", event->sender);
    write_slice(out, "orig_to", event->original_recipient);
    write_slice(out, "to", event->recipient);
    if (event->action != MST_ACTION_NONE)
        g_string_append_printf(out, " %s", mst_action_name(event->action));
    if (event->whole)
        g_string_append(out, " whole");
    write_slice(out, "peer", event->peer_name);
    write_slice(out, "ip", event->peer_ip);
    write_slice(out, "user", event->user);
    write_number(out, "size", event->size, -1);
    write_number(out, "nrcpt", event->recipients, -1);
    write_number(out, "code", event->reply_code, 0);
    write_slice(out, "status", event->status);
    write_delay(out, event->delay_us);
    write_slice(out, "detail", event->detail);
}

static void write_verdict(GString *out, MstVerdict verdict)
{
    switch (verdict.fate) {
    case MST_FATE_EVENT:
        return;
    case MST_FATE_CONTINUATION:
        g_string_append(out, "continuation\n");
        return;
    case MST_FATE_NOISE:
        g_string_append_printf(out, "noise: %s\n", verdict.why);
        return;
    case MST_FATE_FOREIGN:
        g_string_append(out, "foreign\n");
        return;
    case MST_FATE_BROKEN:
        g_string_append_printf(out, "broken: %s\n", verdict.why);
        return;
    case MST_FATE_DUPLICATE:
    case MST_FATES:
        break;
    }
    g_assert_not_reached();
}

/* What the lines of one case have in common. */
typedef struct Log {
    const char *tag;
    const char *file;
} Log;

/* `tag`, or `tag[pid]`. */
static void set_tag(MstLine *line, const char *tag)
{
    const char *bracket = tag == NULL ? NULL : strchr(tag, '[');

    line->tag = bracket == NULL ? mst_slice_of(tag) : mst_slice(tag, bracket);
    if (bracket != NULL)
        line->pid = (uint32_t)g_ascii_strtoull(bracket + 1, NULL, 10);
}

static void read_line(MstReader *reader, const Log *log, const char *text, GString *out)
{
    size_t len = strlen(text);
    g_autofree char *block = len > 0 ? g_malloc(len) : g_malloc(1);
    MstLine line = {
        .whole = {block, len},
        .text = {block, len},
        .number = 1,
    };
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    MstVerdict verdict;

    memcpy(block, text, len);
    set_tag(&line, log->tag);
    line.tag_meaning = mst_reader_know_tag(reader, line.tag);
    batch->file = log->file;
    verdict = mst_reader_read(reader, &line, batch);
    for (guint i = 0; i < batch->events->len; i++) {
        recorder_write(out, &g_array_index(batch->events, MstEvent, i));
        g_string_append_c(out, '\n');
    }
    g_assert((batch->events->len > 0) == (verdict.fate == MST_FATE_EVENT));
    write_verdict(out, verdict);
    mst_batch_free(batch);
}

static char *read_lines(MstReader *reader, const Log *kind, const char *log)
{
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
    GString *out = g_string_new(NULL);

    for (char **line = lines; *line != NULL; line++) {
        if (**line != '\0')
            read_line(reader, kind, *line, out);
    }
    return g_string_free(out, FALSE);
}

char *recorder_read(MstReader *reader, const char *tag, const char *log)
{
    return read_lines(reader, &(Log){tag, NULL}, log);
}

char *recorder_read_file(MstReader *reader, const char *file, const char *log)
{
    return read_lines(reader, &(Log){NULL, file}, log);
}
