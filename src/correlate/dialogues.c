/* dialogues.c - SMTP dialogues, and the filter sessions that covered them */
#include "dialogues.h"

#include <string.h>

#include "crossing.h"
#include "matching.h"

static const int64_t hold_us = 2 * G_USEC_PER_SEC;

/* Dialogues that grow old alike. */
typedef enum Age {
    AGE_ENDED,
    AGE_SENDMAIL, /* which logs no disconnect */
    AGE_POSTFIX,
    AGES
} Age;

struct MstDialogues {
    MstLinker *linker;
    uint64_t lines;      /* so far: the place of the last */
    MstIndex *open;      /* those that have not ended, by host and process: the latest of each */
    GQueue by_age[AGES]; /* of MstDialogue, by aged_us */
    GQueue spare;        /* of MstDialogue, to be used again */
    int64_t old_us;      /* dialogues of before are dropped */
    MstMatching matching;
    GPtrArray *by_number; /* sessions by process and number */
    GHashTable *namers;   /* message -> GPtrArray of the sessions' lives that name it */
    bool any;             /* sessions so far */
};

MstDialogues *mst_dialogues_new(MstLinker *linker)
{
    MstDialogues *self = g_new0(MstDialogues, 1);

    self->linker = linker;
    self->open = mst_index_new(mst_index_seed());
    for (Age age = 0; age < AGES; age++)
        g_queue_init(&self->by_age[age]);
    g_queue_init(&self->spare);
    mst_matching_init(&self->matching);
    self->by_number = g_ptr_array_new();
    self->namers = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
    return self;
}

/* ---- those that have not ended */

/* With the seed, as a log of strangers may have any pids. */
static uint64_t hash_of(const MstDialogues *self, const MstHost *host, uint32_t pid)
{
    return self->open->seed ^ ((uint64_t)host->index << 32 | pid);
}

static MstDialogue *find_open(const MstDialogues *self, const MstHost *host, uint32_t pid)
{
    MstPlace *at = mst_index_find(self->open, hash_of(self, host, pid));

    for (; at != NULL; at = at->next) {
        MstDialogue *dialogue = at->thing;

        if (dialogue->pid == pid && dialogue->host == host)
            return dialogue;
    }
    return NULL;
}

/* ---- dialogues */

static MstPoint point_of(const MstDialogues *self, const MstEvent *event)
{
    return (MstPoint){event->time_us, event->time_us + event->resolution_us, self->lines};
}

static Age age_of(const MstDialogue *dialogue)
{
    if (dialogue->ended)
        return AGE_ENDED;
    return dialogue->system == MST_SYSTEM_SENDMAIL ? AGE_SENDMAIL : AGE_POSTFIX;
}

/* For how long a dialogue may be silent before it is dropped. */
static int64_t patience_us(Age age)
{
    switch (age) {
    case AGE_SENDMAIL:
        return mst_dialogue_idle_us;
    case AGE_POSTFIX:
        return 12 * mst_dialogue_idle_us;
    case AGE_ENDED:
    case AGES:
        break;
    }
    return 0;
}

static void let_age(MstDialogues *self, MstDialogue *dialogue)
{
    dialogue->aged_us = dialogue->last.low_us;
    g_queue_push_tail_link(&self->by_age[age_of(dialogue)], &dialogue->by_age);
}

static MstDialogue *new_dialogue(MstDialogues *self)
{
    GList *spare = g_queue_pop_head_link(&self->spare);
    MstDialogue *dialogue = spare == NULL ? g_new(MstDialogue, 1) : spare->data;

    *dialogue = (MstDialogue){.by_age.data = dialogue};
    return dialogue;
}

static MstDialogue *begin(MstDialogues *self, const MstHost *host, const MstEvent *event)
{
    MstDialogue *before = find_open(self, host, event->pid);
    MstDialogue *dialogue = new_dialogue(self);

    if (before != NULL)
        mst_index_remove(self->open, &before->by_process);
    dialogue->host = host;
    dialogue->system = event->system;
    dialogue->pid = event->pid;
    dialogue->first = dialogue->last = point_of(self, event);
    mst_index_add(self->open, &dialogue->by_process, hash_of(self, host, event->pid), dialogue);
    let_age(self, dialogue);
    mst_matching_begin(&self->matching, dialogue);
    return dialogue;
}

/* The life is not one of its dialogue's any more. */
static void leave(MstLife *life)
{
    g_queue_unlink(&mst_life_dialogue(life)->lives, &life->in_dialogue);
    life->in_dialogue.data = NULL;
}

static void drop(MstDialogues *self, MstDialogue *dialogue)
{
    mst_index_remove(self->open, &dialogue->by_process);
    while (dialogue->lives.head != NULL)
        leave(mst_life_in_dialogue(dialogue->lives.head));
    mst_matching_drop_dialogue(&self->matching, dialogue);
    dialogue->last.place = 0;
    g_queue_unlink(&self->by_age[age_of(dialogue)], &dialogue->by_age);
    g_queue_push_head_link(&self->spare, &dialogue->by_age);
}

void mst_dialogues_free(MstDialogues *self)
{
    GList *spare;

    for (Age age = 0; age < AGES; age++) {
        while (self->by_age[age].head != NULL)
            drop(self, self->by_age[age].head->data);
    }
    while ((spare = g_queue_pop_head_link(&self->spare)) != NULL)
        g_free(spare->data);
    mst_matching_clear(&self->matching);
    g_ptr_array_unref(self->by_number);
    g_hash_table_unref(self->namers);
    mst_index_free(self->open);
    g_free(self);
}

static const uint32_t bounding_kinds = 1U << MST_EVENT_CONNECT | 1U << MST_EVENT_DISCONNECT |
                                       1U << MST_EVENT_ACCEPT | 1U << MST_EVENT_REJECT |
                                       1U << MST_EVENT_DISCARD;
static const uint32_t sendmail_kinds = 1U << MST_EVENT_HOLD | 1U << MST_EVENT_FILTER |
                                       1U << MST_EVENT_ABORT;

/* Is the event one of the process that talks to the client? Deliveries have processes of their own,
 * and what Postfix says between connect and disconnect bounds nothing. */
static bool is_of_dialogue(const MstEvent *event)
{
    uint32_t kinds = event->system == MST_SYSTEM_POSTFIX    ? bounding_kinds
                     : event->system == MST_SYSTEM_SENDMAIL ? bounding_kinds | sendmail_kinds
                                                            : 0;

    return (kinds >> event->kind & 1) != 0 && event->pid != 0;
}

static bool is_old(const MstDialogues *self, const MstDialogue *dialogue)
{
    return dialogue->front_us < self->old_us &&
           dialogue->last.low_us < self->old_us - patience_us(age_of(dialogue));
}

static MstDialogue *dialogue_of(MstDialogues *self, const MstHost *host, const MstEvent *event)
{
    MstDialogue *dialogue;

    if (event->system == MST_SYSTEM_POSTFIX && event->kind == MST_EVENT_CONNECT)
        return begin(self, host, event);
    dialogue = find_open(self, host, event->pid);
    if (dialogue != NULL && (dialogue->system != event->system || is_old(self, dialogue)))
        dialogue = NULL;
    if (event->system == MST_SYSTEM_POSTFIX)
        return dialogue;
    if (dialogue != NULL && event->time_us - dialogue->last.low_us > mst_dialogue_idle_us)
        dialogue = NULL;
    return dialogue == NULL ? begin(self, host, event) : dialogue;
}

static void join(MstDialogue *dialogue, MstLife *life)
{
    if (life == NULL || mst_life_dialogue(life) != NULL)
        return;
    life->in_dialogue.data = dialogue;
    g_queue_push_tail_link(&dialogue->lives, &life->in_dialogue);
}

static void end(MstDialogues *self, MstDialogue *dialogue)
{
    mst_index_remove(self->open, &dialogue->by_process);
    g_queue_unlink(&self->by_age[age_of(dialogue)], &dialogue->by_age);
    dialogue->ended = true;
    let_age(self, dialogue);
}

/* What is told too soon gets no session: one that ends with the dialogue is given away later. */
static void delay(const MstDialogue *dialogue)
{
    for (const GList *at = dialogue->lives.head; at != NULL; at = at->next)
        mst_linker_delay(mst_life_in_dialogue(at), dialogue->last.high_us + 2 * hold_us);
}

/* Not a part of mst_dialogues_see, most of whose calls end before they come here. */
G_NO_INLINE static void add_line(MstDialogues *self, const MstHost *host, const MstEvent *event,
                                 MstLife *life)
{
    MstDialogue *dialogue = dialogue_of(self, host, event);

    if (dialogue == NULL)
        return;
    dialogue->last = point_of(self, event);
    join(dialogue, life);
    if (event->kind == MST_EVENT_DISCONNECT)
        end(self, dialogue);
    if (!self->any)
        return;
    mst_matching_touch(&self->matching, dialogue);
    if (event->kind == MST_EVENT_DISCONNECT)
        delay(dialogue);
}

void mst_dialogues_see(MstDialogues *self, const MstHost *host, const MstEvent *event,
                       MstLife *life)
{
    self->lines++;
    if (is_of_dialogue(event))
        add_line(self, host, event, life);
}

/* ---- sessions that name their messages */

static GPtrArray *namers_of(MstDialogues *self, MstLife *message)
{
    GPtrArray *namers = g_hash_table_lookup(self->namers, message);

    if (namers == NULL) {
        namers = g_ptr_array_new();
        g_hash_table_insert(self->namers, message, namers);
    }
    return namers;
}

void mst_dialogues_name(MstDialogues *self, MstLife *session, MstLife *message)
{
    GPtrArray *namers = namers_of(self, message);
    MstLifeExtras *extras;

    if (g_ptr_array_find(namers, session, NULL))
        return;
    g_ptr_array_add(namers, session);
    extras = mst_life_add_extras(session);
    if (extras->covered == NULL)
        extras->covered = g_ptr_array_new();
    g_ptr_array_add(extras->covered, message);
}

/* Few sessions name a message, but one session may name very many. */
static bool is_named_by(const MstDialogues *self, const MstLife *message, const MstLife *session)
{
    GPtrArray *namers = g_hash_table_lookup(self->namers, message);

    return namers != NULL && g_ptr_array_find(namers, session, NULL);
}

static void forget_message(MstDialogues *self, MstLife *message)
{
    const GPtrArray *namers = NULL;

    if (g_hash_table_size(self->namers) > 0)
        namers = g_hash_table_lookup(self->namers, message);
    if (namers == NULL)
        return;
    for (guint i = 0; i < namers->len; i++) {
        const MstLife *session = g_ptr_array_index(namers, i);

        g_ptr_array_remove_fast(session->extras->covered, message);
    }
    g_hash_table_remove(self->namers, message);
}

static void forget_session(MstDialogues *self, MstLife *session)
{
    GPtrArray *covered = session->extras->covered;

    for (guint i = 0; i < covered->len; i++) {
        gpointer message = g_ptr_array_index(covered, i);
        GPtrArray *namers = g_hash_table_lookup(self->namers, message);

        g_ptr_array_remove_fast(namers, session);
        if (namers->len == 0)
            g_hash_table_remove(self->namers, message);
    }
    g_ptr_array_set_size(covered, 0);
}

void mst_dialogues_forget(MstDialogues *self, MstLife *life)
{
    if (mst_life_dialogue(life) != NULL)
        leave(life);
    forget_message(self, life);
    if (mst_life_extras(life)->covered != NULL)
        forget_session(self, life);
}

/* Some may have had lines since they were put into the queue: those stay. */
static void drop_old(MstDialogues *self, Age age)
{
    int64_t before_us = self->old_us - patience_us(age);
    GQueue *queue = &self->by_age[age];

    while (queue->head != NULL) {
        MstDialogue *dialogue = queue->head->data;

        if (dialogue->aged_us >= before_us || dialogue->front_us >= self->old_us)
            return;
        if (is_old(self, dialogue)) {
            drop(self, dialogue);
        } else {
            g_queue_unlink(queue, &dialogue->by_age);
            let_age(self, dialogue);
        }
    }
}

/* ---- sessions */

/* When a filter discards a message before its end, smtpd gives its filters up and cleanup opens a
 * session of its own for the same message: then a dialogue has two. */
static void give_seconds(MstDialogues *self)
{
    const GPtrArray *sessions = self->matching.sessions;

    for (guint i = 0; i < sessions->len; i++) {
        MstFilterSession *session = g_ptr_array_index(sessions, i);

        session->rivalled = false;
        if (!session->discards || session->dialogue != NULL)
            continue;
        session->dialogue = mst_matching_find_second(&self->matching, session);
        if (session->dialogue != NULL)
            session->rivalled = session->dialogue->twice = true;
    }
}

/* Takes out those that ended before; the younger ones only stood in the comparison. */
static GPtrArray *take_settled(MstDialogues *self, int64_t before_us)
{
    GPtrArray *sessions = self->matching.sessions;
    GPtrArray *settled = g_ptr_array_new_with_free_func(g_free);
    guint kept = 0;

    for (guint i = 0; i < sessions->len; i++) {
        MstFilterSession *session = g_ptr_array_index(sessions, i);

        if (session->end.low_us >= before_us) {
            sessions->pdata[kept++] = session;
            continue;
        }
        session->rivalled |= mst_matching_is_rivalled(&self->matching, session);
        g_ptr_array_add(settled, session);
    }
    g_ptr_array_set_size(sessions, (gint)kept);
    return settled;
}

/* What the sessions that stay would have got is free again, and what those that leave have got is not
 * any more. */
static void part_settled(MstDialogues *self, const GPtrArray *settled)
{
    MstMatching *matching = &self->matching;

    for (guint i = 0; i < settled->len; i++) {
        MstFilterSession *session = g_ptr_array_index(settled, i);

        if (session->dialogue != NULL)
            session->dialogue->taken = true;
        mst_crossing_remove(self->by_number, session);
        mst_matching_drop_session(matching, session);
    }
    for (guint i = 0; i < matching->sessions->len; i++) {
        const MstFilterSession *session = g_ptr_array_index(matching->sessions, i);
        MstDialogue *dialogue = session->dialogue;

        if (dialogue == NULL)
            continue;
        if (dialogue->taken)
            mst_matching_change(matching, dialogue);
        dialogue->taken = dialogue->twice = false;
    }
    for (guint i = 0; i < settled->len; i++) {
        const MstFilterSession *session = g_ptr_array_index(settled, i);

        if (session->dialogue != NULL && session->dialogue->taken)
            mst_matching_change(matching, session->dialogue);
    }
}

/* ---- what has been found */

static void give(MstDialogues *self, const MstFilterSession *session)
{
    const MstDialogue *dialogue = session->dialogue;
    const GPtrArray *named = mst_life_extras(session->life)->covered;
    MstConfidence confidence = session->rivalled ? MST_CONFIDENCE_INFERRED : MST_CONFIDENCE_STRONG;
    guint given = 0;

    for (guint i = 0; named != NULL && i < named->len; i++)
        given += mst_linker_cover(self->linker, g_ptr_array_index(named, i), session->life,
                                  MST_CONFIDENCE_EXACT, given == 0);
    for (const GList *at = dialogue == NULL ? NULL : dialogue->lives.head; at != NULL;
         at = at->next) {
        MstLife *life = mst_life_in_dialogue(at);

        if (named == NULL || !is_named_by(self, life, session->life))
            given += mst_linker_cover(self->linker, life, session->life, confidence, given == 0);
    }
    mst_linker_drop(self->linker, session->life, given > 0);
}

static void settle(MstDialogues *self, int64_t before_us)
{
    g_autoptr(GPtrArray) settled = NULL;

    mst_matching_update(&self->matching);
    mst_crossing_straighten(self->by_number, before_us);
    give_seconds(self);
    settled = take_settled(self, before_us);
    part_settled(self, settled);
    for (guint i = 0; i < settled->len; i++)
        give(self, g_ptr_array_index(settled, i));
}

void mst_dialogues_take(MstDialogues *self, MstLife *life, const MstEvent *event)
{
    MstFilterSession *session = g_new0(MstFilterSession, 1);
    const char *slash = strchr(life->hop.queue_id, '/');

    self->lines++;
    self->any = true;
    session->life = life;
    session->end = point_of(self, event);
    session->length_us = MAX(event->delay_us, 0);
    session->discards = event->action == MST_ACTION_DISCARDED;
    session->pid = g_ascii_strtoull(life->hop.queue_id, NULL, 10);
    session->number = slash == NULL ? 0 : g_ascii_strtoull(slash + 1, NULL, 10);
    life->hop.first_us = session->end.low_us - session->length_us;
    mst_crossing_add(self->by_number, session);
    mst_matching_add_session(&self->matching, session);
}

void mst_dialogues_advance(MstDialogues *self, int64_t now_us)
{
    const GPtrArray *sessions = self->matching.sessions;
    const MstFilterSession *oldest = sessions->len == 0 ? NULL : g_ptr_array_index(sessions, 0);

    if (oldest != NULL && oldest->end.low_us < now_us - hold_us)
        settle(self, now_us - hold_us);
    self->old_us = now_us - 3 * hold_us;
    for (Age age = 0; age < AGES; age++)
        drop_old(self, age);
}

void mst_dialogues_finish(MstDialogues *self)
{
    settle(self, G_MAXINT64);
}
