/*
 * hops.c - the hop builder: which life of which ID an event belongs to
 *
 * A life ends at its end line; when nothing more is to be expected and nothing came for a minute;
 * when its ID begins anew; after long silence; or with the logs. An ID begins anew with a line that
 * only the start of a life bears, when the life in memory has that line already or has ended.
 */
#include "hops.h"

#include <xxhash.h>

#include "base/callfor.h"
#include "base/names.h"
#include "dialogues.h"
#include "notices.h"
#include "session.h"

static const int64_t late_us = INT64_C(2) * G_USEC_PER_SEC;   /* lines of one moment come in any
                                                                order */
static const int64_t quiet_us = INT64_C(60) * G_USEC_PER_SEC; /* after which a final life is over */
static const int64_t dialogue_us = INT64_C(3600) *
                                   G_USEC_PER_SEC;             /* no dialogue is silent longer */
static const int64_t child_us = INT64_C(600) * G_USEC_PER_SEC; /* a parent names its child within */

struct MstHops {
    const MstCorrelatorOptions *options;
    MstHosts *hosts;
    MstLinker *linker;
    MstArenaPool pool;
    MstSessions sessions;
    MstNotices *notices; /* of XMail */
    GQueue notes;        /* of MstLife: XMail notes of failed tries, until their moment is over */
    MstDialogues *dialogues;
    MstLives *lives;
    GQueue active, final; /* of MstLife that have not ended, by their last line */
    MstNames *processes;  /* tags seen; without values */
    GString *scratch;     /* to put text together in */
    GString *who;         /* likewise */
    int64_t now_us;
    const char *file; /* of the event that is being added */
};

/* The linker is about to free the life. */
static void forget(gpointer user, MstLife *life)
{
    MstHops *self = user;

    mst_notices_forget(self->notices, life);
    mst_dialogues_forget(self->dialogues, life);
    if (life->session != NULL)
        life->session->life = NULL;
}

MstHops *mst_hops_new(const MstCorrelatorOptions *options, MstHosts *hosts, MstStorySink *sink)
{
    MstHops *self = g_new0(MstHops, 1);
    MstLinkerSetup setup = {.hosts = hosts,
                            .pool = &self->pool,
                            .sink = sink,
                            .window_us = options->window_us,
                            .forget = forget,
                            .user = self};

    self->options = options;
    self->hosts = hosts;
    self->lives = setup.lives = mst_index_new(mst_index_seed());
    self->linker = mst_linker_new(&setup);
    self->notices = mst_notices_new(self->linker);
    self->dialogues = mst_dialogues_new(self->linker);
    mst_sessions_init(&self->sessions, self->lives->seed);
    self->scratch = g_string_sized_new(256);
    self->who = g_string_sized_new(256);
    self->processes = mst_names_new(0, NULL);
    return self;
}

void mst_hops_free(MstHops *self)
{
    if (self == NULL)
        return;
    mst_linker_free(self->linker);
    mst_notices_free(self->notices);
    mst_dialogues_free(self->dialogues);
    mst_sessions_clear(&self->sessions);
    mst_index_free(self->lives);
    mst_names_free(self->processes);
    g_string_free(self->scratch, TRUE);
    g_string_free(self->who, TRUE);
    mst_arena_pool_clear(&self->pool);
    g_free(self);
}

void mst_hops_set_supply(MstHops *self, MstArenaSupply *supply)
{
    self->pool.supply = supply;
}

/* ---- evidence */

/* Tags are few; hostile ones beyond this many are kept as "". */
static const char *process_of(MstHops *self, MstSlice tag)
{
    enum { MAX_PROCESSES = 65536 };
    const char *process = mst_names_find(self->processes, tag);

    if (process != NULL)
        return process;
    if (mst_names_count(self->processes) >= MAX_PROCESSES)
        return "";
    return mst_names_add(self->processes, tag);
}

static void keep(MstHops *self, MstLife *life, const MstEvent *event)
{
    if (self->options->keep_events)
        mst_hop_keep(&life->hop, event, process_of(self, event->process), self->file);
}

/* ---- lives */

static char *put(char *at, const void *bytes, size_t len)
{
    memcpy(at, bytes, len);
    return at + len;
}

/* The parts are parted by NUL, which no text of a log can hold. */
static uint64_t identity_of(MstHops *self, const MstLife *life, const char *more)
{
    const MstHop *hop = &life->hop;
    const char *const parts[] = {hop->host->name, mst_system_name(hop->system), hop->queue_id,
                                 more};
    size_t lengths[G_N_ELEMENTS(parts)];
    size_t len = sizeof hop->first_us + sizeof life->ordinal;
    char *at;

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        lengths[i] = strlen(parts[i]) + 1;
        len += lengths[i];
    }
    g_string_set_size(self->scratch, len);
    at = self->scratch->str;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        at = put(at, parts[i], lengths[i]);
    at = put(at, &hop->first_us, sizeof hop->first_us);
    put(at, &life->ordinal, sizeof life->ordinal);
    return XXH3_64bits(self->scratch->str, len);
}

static MstLife *new_life(MstHops *self, MstHost *host, const MstEvent *event, MstSlice queue_id)
{
    MstArena arena = {.pool = &self->pool};
    MstLife *life = mst_arena_alloc(&arena, sizeof *life);
    MstHop *hop = &life->hop;

    hop->queue_id = mst_arena_copy(&arena, queue_id);
    life->id_len = (guint)queue_id.len;
    hop->arena = arena;
    hop->host = host;
    hop->system = event->system;
    hop->first_us = hop->last_us = event->time_us;
    hop->resolution_us = event->resolution_us;
    hop->size = hop->recipients = -1;
    life->place.data = life;
    life->touched_us = self->now_us;
    return life;
}

/* An event that belongs to no message. */
static void keep_loose(MstHops *self, MstHost *host, const MstEvent *event)
{
    MstLife *loose = NULL;

    if (!self->options->keep_events)
        return;
    if (!mst_slice_is_set(event->queue_id))
        loose = mst_linker_gathering(self->linker, host, event->system);
    if (loose == NULL) {
        loose = new_life(self, host, event, event->queue_id);
        mst_linker_gather(self->linker, loose);
    }
    keep(self, loose, event);
}

/* Filter sessions are no messages: they join the stories of those that they covered. */
static bool is_session(const MstEvent *event)
{
    return event->system == MST_SYSTEM_MILTER_MANAGER;
}

/* A life of an ID begins; the one before it, if it is still in memory, has ended. */
static MstLife *begin(MstHops *self, MstHost *host, const MstEvent *event, MstSlice queue_id,
                      MstLife *before)
{
    MstLife *life = new_life(self, host, event, queue_id);

    if (before != NULL && before->hop.first_us == life->hop.first_us)
        life->ordinal = before->ordinal + 1;
    life->hop.identity = identity_of(self, life, "");
    mst_lives_add(self->lives, life, before);
    life->queue = &self->active;
    g_queue_push_tail_link(life->queue, &life->place);
    if (!is_session(event))
        mst_linker_begin(self->linker, life);
    return life;
}

/* Its last line came now. */
static void touch(MstHops *self, MstLife *life)
{
    GQueue *queue;

    life->touched_us = self->now_us;
    if (life->queue == NULL)
        return;
    queue = mst_life_is_final(life) ? &self->final : &self->active;
    if (queue->tail == &life->place)
        return;
    g_queue_unlink(life->queue, &life->place);
    life->queue = queue;
    g_queue_push_tail_link(queue, &life->place);
}

static void append_line(GString *text, const char *line)
{
    g_string_append_c(text, '\n');
    g_string_append(text, line == NULL ? "" : line);
}

/* It has no ID of its own: who asked whom for what takes its place. */
static uint64_t identity_of_refused(MstHops *self, const MstLife *refused)
{
    const MstHop *hop = &refused->hop;

    g_string_printf(self->who, "%u", refused->pid);
    append_line(self->who, hop->client_name);
    append_line(self->who, hop->client_ip);
    append_line(self->who, hop->sender);
    return identity_of(self, refused, self->who->str);
}

/* A refused transaction is over: it becomes a story, or part of one, unless nobody is named. */
static void end_refused(MstHops *self, MstLife *refused)
{
    bool rejects = refused->n_refused > 0 || refused->hop.verdict != MST_ACTION_NONE;

    if (!rejects) {
        mst_linker_drop(self->linker, refused, false);
        return;
    }
    refused->hop.identity = identity_of_refused(self, refused);
    refused->hop.end = MST_END_LINE;
    mst_linker_begin(self->linker, refused);
    mst_linker_close(self->linker, refused, self->now_us);
}

static void absorb(MstHops *self, MstLife *life, MstLife *refused)
{
    mst_dialogues_forget(self->dialogues, refused);
    mst_life_absorb(life, refused);
}

/* Were the recipients that this dialogue refused before meant for this message? */
static void settle_refused(MstHops *self, MstLife *life)
{
    MstLife *refused = mst_life_extras(life)->refused;
    const char *sender = life->hop.sender;

    if (refused == NULL)
        return;
    life->extras->refused = NULL;
    if (sender == NULL || refused->hop.sender == NULL ||
        g_ascii_strcasecmp(sender, refused->hop.sender) == 0)
        absorb(self, life, refused);
    else
        end_refused(self, refused);
}

static void leave_session(MstLife *life)
{
    if (life->session != NULL)
        life->session->life = NULL;
    life->session = NULL;
}

static void end(MstHops *self, MstLife *life, MstEnd why, int64_t ended_us)
{
    if (life->hop.system == MST_SYSTEM_MILTER_MANAGER) {
        g_queue_unlink(life->queue, &life->place);
        life->queue = NULL;
        mst_linker_drop(self->linker, life, false);
        return;
    }
    settle_refused(self, life);
    mst_life_end(life);
    if (life->hop.system == MST_SYSTEM_XMAIL)
        mst_notices_end(self->notices, life);
    leave_session(life);
    g_queue_unlink(life->queue, &life->place);
    life->queue = NULL;
    life->hop.end = why;
    mst_linker_close(self->linker, life, ended_us);
}

/* A guess was wrong: there is more to tell of it. */
static void reopen(MstHops *self, MstLife *life)
{
    life->hop.end = MST_END_OPEN;
    life->queue = &self->active;
    g_queue_push_tail_link(life->queue, &life->place);
    mst_linker_reopen(self->linker, life);
}

/* Does this line say that the ID has a new life, though the one in memory has not ended? */
static bool begins_anew(const MstHops *self, const MstLife *life, const MstEvent *event)
{
    const MstHop *hop = &life->hop;
    int64_t silent_us = self->now_us - life->touched_us;

    if (event->system == MST_SYSTEM_QMAIL)
        return event->kind == MST_EVENT_SENDER && hop->alias != NULL &&
               !mst_slice_equal(mst_slice_of(hop->alias), event->other_id);
    if (event->kind == MST_EVENT_ACCEPT) {
        if (hop->accepted_us != 0 || hop->queued)
            return true;
        return event->system == MST_SYSTEM_POSTFIX && silent_us > late_us;
    }
    if (event->system != MST_SYSTEM_POSTFIX)
        return false;
    if (event->kind == MST_EVENT_MESSAGE_ID && !mst_slice_is_set(event->detail))
        return hop->queued || silent_us > quiet_us ||
               (hop->verdict != MST_ACTION_NONE && silent_us > late_us);
    return event->kind == MST_EVENT_SENDER && hop->queued && hop->sender != NULL &&
           mst_slice_is_set(event->sender) &&
           !mst_slice_equal(mst_slice_of(hop->sender), event->sender);
}

/* May a line of a life that has ended still come? */
static bool is_late_line(const MstHops *self, const MstLife *life, const MstEvent *event)
{
    bool begins = event->kind == MST_EVENT_ACCEPT || event->kind == MST_EVENT_MESSAGE_ID ||
                  event->kind == MST_EVENT_SENDER;

    return !begins && self->now_us - life->touched_us <= late_us;
}

/* The life that an event belongs to; NULL if none is known and the line alone tells of none. */
static MstLife *life_of(MstHops *self, MstHost *host, const MstEvent *event)
{
    MstLife *life = mst_lives_find(self->lives, host, event->queue_id);
    MstLife *before = life;

    if (life != NULL && life->queue == NULL) {
        if (is_late_line(self, life, event))
            return life;
        if (life->hop.end == MST_END_FINAL && !begins_anew(self, life, event)) {
            reopen(self, life);
            return life;
        }
        life = NULL;
    } else if (life != NULL && begins_anew(self, life, event)) {
        end(self, life, MST_END_REUSED, self->now_us);
        life = NULL;
    }
    if (life == NULL &&
        (is_session(event) || (event->kind != MST_EVENT_DONE && event->kind != MST_EVENT_ABORT)))
        life = begin(self, host, event, event->queue_id, before);
    return life;
}

/* ---- IDs that one host's log ties together */

/* The life that a parent's line names: its own first lines stand before or after that line. */
static MstLife *child_of(MstHops *self, MstHost *host, const MstEvent *event)
{
    MstLife *child = mst_lives_find(self->lives, host, event->other_id);
    MstLife *before = child;

    if (child != NULL && child->hop.accepted_us == 0 && child->hop.into == NULL &&
        child->hop.first_us >= event->time_us - child_us &&
        (child->queue != NULL || self->now_us - child->touched_us <= child_us))
        return child;
    if (child != NULL && child->queue != NULL)
        end(self, child, MST_END_REUSED, self->now_us);
    child = begin(self, host, event, event->other_id, before);
    if (event->system == MST_SYSTEM_SENDMAIL)
        child->hop.queued = true; /* its to= lines are all that will come */
    return child;
}

static void tie(MstHops *self, MstLife *life, MstDelivery *delivery, const MstEvent *event)
{
    MstLife *other;

    switch (event->relation) {
    case MST_RELATION_NONE:
    case MST_RELATION_NEXT:
    case MST_RELATION_COVERS:
        return;
    case MST_RELATION_ALIAS:
        mst_linker_alias(self->linker, life);
        return;
    case MST_RELATION_CHILD_ALIAS:
    case MST_RELATION_NOTIFICATION_ALIAS:
        mst_linker_tie_alias(self->linker, life, delivery, event);
        return;
    case MST_RELATION_PARENT:
        other = mst_lives_find(self->lives, life->hop.host, event->other_id);
        if (other == NULL || other == life)
            return;
        mst_linker_requeue(self->linker, other, NULL, life);
        /* `postsuper -r`: the old ID gets no end line (Postfix pickup.c logs orig_id). */
        if (!mst_slice_is_set(event->peer_ip) && other->queue != NULL)
            end(self, other, MST_END_LINE, self->now_us);
        return;
    case MST_RELATION_CHILD:
        other = child_of(self, life->hop.host, event);
        if (other != life)
            mst_linker_requeue(self->linker, life, delivery, other);
        return;
    case MST_RELATION_NOTIFICATION:
        other = child_of(self, life->hop.host, event);
        if (other == life)
            return;
        if (other->hop.sender == NULL && event->system == MST_SYSTEM_SENDMAIL)
            other->hop.sender = "";
        mst_linker_notify(self->linker, life, other, 0);
        return;
    }
}

static void claim(MstHops *self, MstLife *life, MstDelivery *delivery, const MstEvent *event)
{
    bool asked = mst_slice_is_set(event->peer_ip) && event->action != MST_ACTION_DELIVERED;

    if (event->kind == MST_EVENT_RESULT && delivery != NULL &&
        (asked || event->relation == MST_RELATION_NEXT))
        mst_linker_claim(self->linker, life, delivery, event);
}

static void join_session(MstHops *self, MstLife *life, const MstEvent *event)
{
    MstSession *session;

    if (event->system != MST_SYSTEM_POSTFIX || !mst_slice_is_set(event->peer_ip))
        return;
    session = mst_sessions_take(&self->sessions, life->hop.host, event, self->now_us);
    if (session->life != NULL)
        session->life->session = NULL;
    session->life = life;
    life->session = session;
    if (session->refused != NULL)
        mst_life_add_extras(life)->refused = g_steal_pointer(&session->refused);
}

/* Messages that SMTP clients hand in are judged once their sender is known, all others at once. */
static bool is_known(const MstLife *life, const MstEvent *event)
{
    return event->kind == MST_EVENT_SENDER || (life->hop.queued && !life->opened);
}

static void add_to_filter_session(MstHops *self, MstLife *life, const MstEvent *event)
{
    MstLife *message;

    touch(self, life);
    if (event->relation == MST_RELATION_COVERS) {
        message = mst_lives_find(self->lives, life->hop.host, event->other_id);
        if (message != NULL)
            mst_dialogues_name(self->dialogues, life, message);
    }
    if (event->kind != MST_EVENT_DONE || life->queue == NULL)
        return;
    g_queue_unlink(life->queue, &life->place);
    life->queue = NULL;
    life->hop.end = MST_END_LINE;
    mst_lives_remove(self->lives, life);
    mst_dialogues_take(self->dialogues, life, event);
}

static void add_to_life(MstHops *self, MstHost *host, const MstEvent *event)
{
    MstLife *life = life_of(self, host, event);
    MstDelivery *delivery;

    if (life == NULL) {
        keep_loose(self, host, event);
        return;
    }
    delivery = mst_life_add(life, event);
    keep(self, life, event);
    if (is_session(event)) {
        add_to_filter_session(self, life, event);
        return;
    }
    mst_dialogues_see(self->dialogues, host, event, life);
    if (event->kind == MST_EVENT_ACCEPT)
        join_session(self, life, event);
    if (mst_life_extras(life)->refused != NULL && life->hop.sender != NULL)
        settle_refused(self, life);
    tie(self, life, delivery, event);
    if (event->system == MST_SYSTEM_XMAIL)
        mst_notices_see(self->notices, life, event);
    if (is_known(life, event) && life->hop.queued)
        mst_linker_open(self->linker, life);
    claim(self, life, delivery, event);
    if (event->kind != MST_EVENT_DONE || life->queue == NULL) {
        touch(self, life);
        return;
    }
    life->touched_us = self->now_us;
    end(self, life, MST_END_LINE, self->now_us);
}

/* ---- dialogues */

static void end_session(MstHops *self, MstSession *session)
{
    MstLife *life = session->life;

    if (session->refused != NULL)
        end_refused(self, session->refused);
    if (life != NULL) {
        life->over = true;
        life->session = NULL;
        touch(self, life);
    }
    mst_sessions_drop(&self->sessions, session);
}

static MstLife *new_refused(MstHops *self, MstHost *host, const MstEvent *event,
                            MstSession *session)
{
    MstLife *refused = new_life(self, host, event, MST_LIT("NOQUEUE"));

    refused->refusal = true;
    refused->pid = event->pid;
    refused->ordinal = session->refusals++;
    refused->hop.accepted_us = event->time_us;
    return refused;
}

/* A refusal without a queue ID: of the transaction before, if the sender is the same. */
static void add_refused(MstHops *self, MstHost *host, const MstEvent *event)
{
    MstSession *session;
    MstLife *refused;

    if (!mst_slice_is_set(event->sender) && !mst_slice_is_set(event->recipient)) {
        mst_dialogues_see(self->dialogues, host, event, NULL);
        keep_loose(self, host, event);
        return;
    }
    session = mst_sessions_take(&self->sessions, host, event, self->now_us);
    refused = session->refused;
    if (refused != NULL && refused->hop.sender != NULL && mst_slice_is_set(event->sender) &&
        !mst_slice_equal(mst_slice_of(refused->hop.sender), event->sender)) {
        end_refused(self, refused);
        refused = NULL;
    }
    if (refused == NULL)
        refused = session->refused = new_refused(self, host, event, session);
    if (refused->hop.sender == NULL && mst_slice_is_set(event->sender))
        refused->hop.sender = mst_arena_copy(&refused->hop.arena, event->sender);
    if (refused->hop.client_name == NULL)
        refused->hop.client_name = mst_arena_copy(&refused->hop.arena, event->peer_name);
    if (refused->hop.client_ip == NULL)
        refused->hop.client_ip = mst_arena_copy(&refused->hop.arena, event->peer_ip);
    mst_life_add(refused, event);
    keep(self, refused, event);
    mst_dialogues_see(self->dialogues, host, event, refused);
}

static void add_to_session(MstHops *self, MstHost *host, const MstEvent *event)
{
    MstSession *session = mst_sessions_find(&self->sessions, host, event);
    bool kept = session != NULL && session->life != NULL && !session->life->hop.queued &&
                event->kind != MST_EVENT_CONNECT;

    mst_dialogues_see(self->dialogues, host, event, NULL);
    if (kept) {
        mst_life_add(session->life, event);
        keep(self, session->life, event);
    } else {
        keep_loose(self, host, event);
    }
    if (session != NULL && event->kind != MST_EVENT_ABORT)
        end_session(self, session);
}

/* XMail notes a failed try in a file of its own, which names no ID. Its lines may come before those of
 * the same moment that tell of the message. */
static void hold_note(MstHops *self, MstHost *host, const MstEvent *event)
{
    MstLife *note = new_life(self, host, event, MST_LIT(""));

    mst_life_add(note, event);
    note->hop.sender = mst_arena_copy(&note->hop.arena, event->sender);
    keep(self, note, event);
    g_queue_push_tail_link(&self->notes, &note->place);
}

static void place_notes(MstHops *self, int64_t before_us)
{
    while (self->notes.head != NULL) {
        MstLife *note = self->notes.head->data;
        MstLife *message;

        if (note->touched_us >= before_us)
            return;
        g_queue_unlink(&self->notes, &note->place);
        message = mst_notices_find_tried(self->notices, note);
        if (message == NULL) {
            mst_linker_drop(self->linker, note, false);
            continue;
        }
        mst_life_absorb(message, note);
        touch(self, message);
    }
}

static void add_without_id(MstHops *self, MstHost *host, const MstEvent *event)
{
    if (event->kind == MST_EVENT_CONNECT || event->kind == MST_EVENT_DISCONNECT ||
        event->kind == MST_EVENT_ABORT)
        add_to_session(self, host, event);
    else if (event->kind == MST_EVENT_REJECT || event->kind == MST_EVENT_DISCARD ||
             event->kind == MST_EVENT_HOLD || event->kind == MST_EVENT_FILTER)
        add_refused(self, host, event);
    else if (event->system == MST_SYSTEM_XMAIL && event->kind == MST_EVENT_RESULT)
        hold_note(self, host, event);
    else
        keep_loose(self, host, event);
}

/* ---- time */

static void end_oldest(MstHops *self, GQueue *queue, int64_t patience_us, MstEnd why)
{
    while (queue->head != NULL) {
        MstLife *life = queue->head->data;

        if (life->touched_us + patience_us >= self->now_us)
            return;
        end(self, life, why, life->touched_us + patience_us);
    }
}

static void advance(MstHops *self, int64_t now_us)
{
    MstSession *session;

    self->now_us = now_us;
    place_notes(self, now_us - late_us);
    mst_dialogues_advance(self->dialogues, now_us);
    end_oldest(self, &self->final, quiet_us, MST_END_FINAL);
    end_oldest(self, &self->active, self->options->max_queue_us, MST_END_SILENCE);
    while ((session = mst_sessions_oldest(&self->sessions, now_us - dialogue_us)) != NULL)
        end_session(self, session);
    mst_linker_advance(self->linker, now_us);
}

void mst_hops_add(MstHops *self, const MstEvent *event, int64_t now_us, const char *file)
{
    MstHost *host = mst_hosts_take(self->hosts, event->host);

    if (now_us > self->now_us)
        advance(self, now_us);
    self->file = file;
    if (mst_slice_is_set(event->queue_id))
        add_to_life(self, host, event);
    else
        add_without_id(self, host, event);
}

/* The logs end, and each life where its last line was. The next but one is called for. */
static void end_all(MstHops *self, GQueue *lives, MstEnd why)
{
    while (lives->head != NULL) {
        MstLife *life = lives->head->data;
        const GList *next = lives->head->next;

        if (next != NULL && next->next != NULL)
            mst_call_for(next->next->data, sizeof *life);
        end(self, life, why, life->touched_us);
    }
}

static void end_last_session(MstHops *self)
{
    MstSession *session = self->sessions.by_age.head->data;

    if (session->life != NULL)
        leave_session(session->life); /* it is the log that ends, not the dialogue */
    end_session(self, session);
}

void mst_hops_finish(MstHops *self)
{
    place_notes(self, G_MAXINT64);
    while (self->sessions.by_age.head != NULL)
        end_last_session(self);
    end_all(self, &self->final, MST_END_FINAL);
    end_all(self, &self->active, MST_END_LOG);
    mst_dialogues_finish(self->dialogues);
    mst_linker_finish(self->linker);
}
