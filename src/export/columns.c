/*
 * columns.c - the tables: which columns they have, and where each takes its value from
 *
 * The order of the columns is a contract, docs/csv-columns.md: a new one goes to the end of its
 * table and raises the contract's version.
 */
#include "export/columns.h"

typedef struct Column {
    const char *name;
    void (*value)(MstCsvRows *rows, const MstSubject *of); /* adds one cell */
} Column;

/* Text and numbers that may be unknown, which is an empty cell. */

static void add_known_count(MstCsvRows *rows, int64_t count, int64_t least)
{
    if (count < least)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_count(rows, (uint64_t)count);
}

static void add_span(MstCsvRows *rows, int64_t from_us, int64_t to_us)
{
    if (from_us == 0 || to_us == 0)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_seconds(rows, to_us - from_us);
}

/* Several texts in one cell. */
static void join(GString *all, const char *between, const char *text)
{
    if (all->len > 0)
        g_string_append(all, between);
    g_string_append(all, text);
}

static void add_joined(MstCsvRows *rows, const GString *all)
{
    mst_csv_add_text(rows, (MstSlice){all->str, all->len});
}

static void add_systems(MstCsvRows *rows, guint systems)
{
    GString *names = mst_csv_scratch(rows);

    for (guint i = 0; systems >> i != 0; i++) {
        if (systems >> i & 1)
            join(names, " ", mst_system_name((MstSystem)i));
    }
    add_joined(rows, names);
}

/* Columns of several tables. */

static void story_id(MstCsvRows *rows, const MstSubject *of)
{
    if (of->story == NULL)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_id(rows, of->story->id);
}

static void first_time(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_time(rows, of->first_us);
}

static void last_time(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_time(rows, of->last_us);
}

static void duration(MstCsvRows *rows, const MstSubject *of)
{
    add_span(rows, of->first_us, of->last_us);
}

static void action(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, mst_action_name(of->action));
}

static void confidence(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, mst_confidence_name(of->confidence));
}

static void message_id(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->message_id);
}

static void sender(MstCsvRows *rows, const MstSubject *of)
{
    if (of->sender != NULL && of->sender[0] == '\0')
        mst_csv_add_name(rows, "<>");
    else
        mst_csv_add_string(rows, of->sender);
}

static void host(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, of->host);
}

static void mail_system(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, mst_system_name(of->system));
}

static void queue_id(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->queue_id);
}

static void size(MstCsvRows *rows, const MstSubject *of)
{
    add_known_count(rows, of->hop->size, 0);
}

static void client_name(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->hop->client_name);
}

static void client_ip(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->hop->client_ip);
}

static void hop_number(MstCsvRows *rows, const MstSubject *of)
{
    if (of->hop == NULL)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_count(rows, of->hop->number);
}

static void file(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, of->file);
}

static void line(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->line);
}

/* How far a host's clock is off is measured by no module yet. */
static void clock_offset(MstCsvRows *rows, const MstSubject *of)
{
    (void)of;
    mst_csv_add_empty(rows);
}

/* stories.csv */

static void story_recipients(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->story->recipients);
}

static void story_delivered(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->story->delivered);
}

static void story_failed(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->story->failed);
}

static void story_pending(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->story->pending);
}

static void story_user(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, mst_hop_extras(of->hop)->user);
}

static void story_hops(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->story->n_hops);
}

static void story_path(MstCsvRows *rows, const MstSubject *of)
{
    GString *path = mst_csv_scratch(rows);

    for (guint i = 0; i < of->story->n_hops; i++) {
        const MstHop *hop = of->story->hops[i];

        join(path, " > ", hop->host->name);
        g_string_append_c(path, '/');
        g_string_append(path, mst_system_name(hop->system));
        g_string_append_c(path, '/');
        g_string_append(path, hop->queue_id);
    }
    add_joined(rows, path);
}

static void story_systems(MstCsvRows *rows, const MstSubject *of)
{
    guint systems = 0;

    for (guint i = 0; i < of->story->n_hops; i++)
        systems |= 1u << of->story->hops[i]->system;
    add_systems(rows, systems);
}

static void story_filter(MstCsvRows *rows, const MstSubject *of)
{
    GString *said = mst_csv_scratch(rows);

    for (guint i = 0; i < of->story->n_hops; i++) {
        const char *filter = mst_hop_extras(of->story->hops[i])->filter;

        if (filter != NULL && filter[0] != '\0')
            join(said, "; ", filter);
    }
    add_joined(rows, said);
}

static void story_related_to(MstCsvRows *rows, const MstSubject *of)
{
    if (of->story->related_to == 0)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_id(rows, of->story->related_to);
}

static void story_relation(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, of->story->related_to == 0 ? "" : "notification");
}

static void story_notes(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->story->notes);
}

static const Column story_columns[] = {
    {"story_id", story_id},
    {"first_time", first_time},
    {"last_time", last_time},
    {"duration_s", duration},
    {"action", action},
    {"message_id", message_id},
    {"sender", sender},
    {"recipients", story_recipients},
    {"delivered", story_delivered},
    {"failed", story_failed},
    {"pending", story_pending},
    {"size", size},
    {"client_name", client_name},
    {"client_ip", client_ip},
    {"auth_user", story_user},
    {"hops", story_hops},
    {"path", story_path},
    {"systems", story_systems},
    {"filter", story_filter},
    {"related_to", story_related_to},
    {"relation", story_relation},
    {"confidence", confidence},
    {"notes", story_notes},
};

/* deliveries.csv */

static void outcome_recipient(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->outcome->recipient);
}

/* The recipient's column is the one before; mostly it is the same text. */
static void outcome_original(MstCsvRows *rows, const MstSubject *of)
{
    if (of->outcome->original == of->outcome->recipient)
        mst_csv_add_again(rows);
    else
        mst_csv_add_string(rows, of->outcome->original);
}

static void outcome_status(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->outcome->status);
}

static void outcome_reply_code(MstCsvRows *rows, const MstSubject *of)
{
    add_known_count(rows, of->outcome->reply_code, 1);
}

static void outcome_reply(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->outcome->reply);
}

static void outcome_attempts(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->outcome->attempts);
}

static void outcome_relay(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->outcome->relay);
}

static void outcome_relay_ip(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->outcome->relay_ip);
}

static void outcome_path(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->outcome->path);
}

static const Column delivery_columns[] = {
    {"story_id", story_id},
    {"message_id", message_id},
    {"sender", sender},
    {"recipient", outcome_recipient},
    {"original_recipient", outcome_original},
    {"action", action},
    {"status", outcome_status},
    {"reply_code", outcome_reply_code},
    {"reply", outcome_reply},
    {"first_time", first_time},
    {"final_time", last_time},
    {"delay_s", duration},
    {"attempts", outcome_attempts},
    {"host", host},
    {"system", mail_system},
    {"queue_id", queue_id},
    {"relay", outcome_relay},
    {"relay_ip", outcome_relay_ip},
    {"path", outcome_path},
    {"confidence", confidence},
};

/* hops.csv */

static void hop_accepted(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_time(rows, of->hop->accepted_us);
}

static void hop_recipients(MstCsvRows *rows, const MstSubject *of)
{
    if (of->hop->recipients >= 0)
        mst_csv_add_count(rows, (uint64_t)of->hop->recipients);
    else
        add_known_count(rows, of->hop->n_deliveries, 1);
}

/* What a notification came from is a hop of another story. */
static void hop_from(MstCsvRows *rows, const MstSubject *of)
{
    const MstLink *into = of->hop->into;
    char from[32];

    if (into == NULL) {
        mst_csv_add_empty(rows);
        return;
    }
    if (into->method != MST_LINK_NOTIFY) {
        mst_csv_add_count(rows, into->from->number);
        return;
    }
    g_snprintf(from, sizeof from, "%016" G_GINT64_MODIFIER "x:%u", into->from->story->id,
               into->from->number);
    mst_csv_add_string(rows, from);
}

static void hop_link_method(MstCsvRows *rows, const MstSubject *of)
{
    const MstLink *into = of->hop->into;

    mst_csv_add_name(rows, into == NULL ? "" : mst_link_method_name(into->method));
}

static void hop_link_confidence(MstCsvRows *rows, const MstSubject *of)
{
    const MstLink *into = of->hop->into;

    mst_csv_add_name(rows, into == NULL ? "" : mst_confidence_name(into->confidence));
}

static void hop_link_candidates(MstCsvRows *rows, const MstSubject *of)
{
    const MstLink *into = of->hop->into;

    if (into == NULL)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_count(rows, into->candidates);
}

static void hop_link_dt(MstCsvRows *rows, const MstSubject *of)
{
    const MstLink *into = of->hop->into;

    if (into == NULL)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_seconds(rows, into->dt_us);
}

static const Column hop_columns[] = {
    {"story_id", story_id},
    {"hop", hop_number},
    {"host", host},
    {"system", mail_system},
    {"queue_id", queue_id},
    {"first_time", first_time},
    {"last_time", last_time},
    {"accepted_time", hop_accepted},
    {"client_name", client_name},
    {"client_ip", client_ip},
    {"sender", sender},
    {"message_id", message_id},
    {"size", size},
    {"recipients", hop_recipients},
    {"from_hop", hop_from},
    {"link_method", hop_link_method},
    {"link_confidence", hop_link_confidence},
    {"link_candidates", hop_link_candidates},
    {"link_dt_s", hop_link_dt},
};

/* events.csv */

static void event_resolution(MstCsvRows *rows, const MstSubject *of)
{
    if (of->event->resolution_us == 0)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_seconds(rows, of->event->resolution_us);
}

static void event_process(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, of->event->process);
}

static void event_pid(MstCsvRows *rows, const MstSubject *of)
{
    add_known_count(rows, of->event->pid, 1);
}

static void event_kind(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_name(rows, mst_event_kind_name(of->event->kind));
}

static void event_recipient(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->event->recipient);
}

static void event_detail(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->event->detail);
}

static const Column event_columns[] = {
    {"story_id", story_id},
    {"hop", hop_number},
    {"time", first_time},
    {"time_resolution_s", event_resolution},
    {"clock_offset_s", clock_offset},
    {"host", host},
    {"system", mail_system},
    {"process", event_process},
    {"pid", event_pid},
    {"event", event_kind},
    {"queue_id", queue_id},
    {"recipient", event_recipient},
    {"result", action},
    {"detail", event_detail},
    {"file", file},
    {"line", line},
};

/* lines.csv */

/* The fate, and what the verdict has to say of it. */
static void strange_reason(MstCsvRows *rows, const MstSubject *of)
{
    static const char *const fates[MST_FATES] = {
        [MST_FATE_EVENT] = "event",   [MST_FATE_CONTINUATION] = "continuation",
        [MST_FATE_NOISE] = "noise",   [MST_FATE_FOREIGN] = "foreign",
        [MST_FATE_BROKEN] = "broken", [MST_FATE_DUPLICATE] = "duplicate",
    };
    const MstStrangeLine *strange = of->strange;
    MstFate fate = strange->verdict.fate;
    MstSlice why = fate == MST_FATE_FOREIGN ? strange->tag : mst_slice_of(strange->verdict.why);
    GString *reason = mst_csv_scratch(rows);

    g_assert(fate < MST_FATES);
    g_string_append(reason, fates[fate]);
    if (why.len > 0) {
        g_string_append(reason, ": ");
        g_string_append_len(reason, why.ptr, (gssize)why.len);
    }
    add_joined(rows, reason);
}

static void strange_text(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_text(rows, of->strange->whole);
}

static const Column line_columns[] = {
    {"file", file},
    {"line", line},
    {"reason", strange_reason},
    {"text", strange_text},
};

/* sources.csv */

static void source_format(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->tally->format);
}

static void source_systems(MstCsvRows *rows, const MstSubject *of)
{
    add_systems(rows, of->tally->systems);
}

static void source_bytes(MstCsvRows *rows, const MstSubject *of)
{
    add_known_count(rows, of->tally->file->bytes, 0);
}

static void source_sha256(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->sha256);
}

static void source_lines(MstCsvRows *rows, const MstSubject *of)
{
    uint64_t lines = 0;

    for (int fate = 0; fate < MST_FATES; fate++)
        lines += of->tally->fates[fate];
    mst_csv_add_count(rows, lines);
}

static void source_events(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->tally->events);
}

static void source_noise(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->tally->fates[MST_FATE_NOISE]);
}

static void source_foreign(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->tally->fates[MST_FATE_FOREIGN]);
}

static void source_broken(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_count(rows, of->tally->fates[MST_FATE_BROKEN]);
}

static void source_gap(MstCsvRows *rows, const MstSubject *of)
{
    if (of->tally->first_us == 0)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_seconds(rows, of->tally->longest_gap_us);
}

static void source_note(MstCsvRows *rows, const MstSubject *of)
{
    mst_csv_add_string(rows, of->tally->note);
}

static const Column source_columns[] = {
    {"file", file},
    {"host", host},
    {"system", source_systems},
    {"format", source_format},
    {"bytes", source_bytes},
    {"sha256", source_sha256},
    {"lines", source_lines},
    {"events", source_events},
    {"noise", source_noise},
    {"foreign", source_foreign},
    {"broken", source_broken},
    {"first_time", first_time},
    {"last_time", last_time},
    {"longest_gap_s", source_gap},
    {"clock_offset_s", clock_offset},
    {"note", source_note},
};

/* The tables. */

static const struct {
    const char *name;
    const Column *columns;
    size_t count;
} tables[MST_TABLES] = {
    [MST_TABLE_STORIES] = {"stories", story_columns, G_N_ELEMENTS(story_columns)},
    [MST_TABLE_DELIVERIES] = {"deliveries", delivery_columns, G_N_ELEMENTS(delivery_columns)},
    [MST_TABLE_HOPS] = {"hops", hop_columns, G_N_ELEMENTS(hop_columns)},
    [MST_TABLE_EVENTS] = {"events", event_columns, G_N_ELEMENTS(event_columns)},
    [MST_TABLE_LINES] = {"lines", line_columns, G_N_ELEMENTS(line_columns)},
    [MST_TABLE_SOURCES] = {"sources", source_columns, G_N_ELEMENTS(source_columns)},
};

const char *mst_table_name(MstTable table)
{
    return tables[table].name;
}

void mst_table_add_names(MstTable table, MstCsvRows *rows)
{
    for (size_t i = 0; i < tables[table].count; i++)
        mst_csv_add_name(rows, tables[table].columns[i].name);
}

void mst_table_add_values(MstTable table, MstCsvRows *rows, const MstSubject *of)
{
    const Column *end = tables[table].columns + tables[table].count;

    for (const Column *column = tables[table].columns; column < end; column++)
        column->value(rows, of);
}
