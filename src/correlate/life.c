/* life.c - a hop while it is being built: what each event adds to it */
#include "life.h"

#include "recipients.h"

enum {
    MAX_FILTER_TEXT = 1024,
    MAX_MESSAGE_IDS = 16,
    MAX_COPIES = 1000, /* for one address, which are looked through for one that is free */
};

static const char *copy(MstLife *self, MstSlice s)
{
    return mst_arena_copy(&self->hop.arena, s);
}

/* Fills a text that is not known yet. */
static void learn(MstLife *self, const char **text, MstSlice s)
{
    if (*text == NULL && mst_slice_is_set(s))
        *text = copy(self, s);
}

static bool same_text(const char *text, MstSlice s)
{
    return text != NULL && strncmp(text, s.ptr, s.len) == 0 && text[s.len] == '\0';
}

/* Replaces a text by the newer one; the same text costs nothing. */
static void renew(MstLife *self, const char **text, MstSlice s)
{
    if (!mst_slice_is_set(s))
        *text = NULL;
    else if (!same_text(*text, s))
        *text = copy(self, s);
}

MstLifeExtras *mst_life_add_extras(MstLife *life)
{
    if (life->extras == NULL)
        life->extras = mst_arena_alloc(&life->hop.arena, sizeof *life->extras);
    return life->extras;
}

static bool is_undecided(MstAction action)
{
    return action == MST_ACTION_NONE || action == MST_ACTION_DELAYED;
}

bool mst_life_is_open(const MstDelivery *delivery)
{
    return is_undecided(delivery->action);
}

/* One delivery more, or less, with this action. */
static void count(MstLife *self, MstAction action, int change)
{
    if (is_undecided(action))
        self->n_open += (guint)change;
    else if (action == MST_ACTION_REJECTED)
        self->n_refused += (guint)change;
}

static MstDelivery *take(MstLife *self, MstSlice recipient, MstSlice original)
{
    if (mst_slice_equal_ascii_case(recipient, original))
        original = (MstSlice){0};
    return mst_recipients_take(self, recipient, original);
}

MstDelivery *mst_life_delivery(MstLife *self, MstSlice recipient, MstSlice original)
{
    return take(self, recipient, original);
}

void mst_life_set_action(MstLife *self, MstDelivery *delivery, MstAction action)
{
    count(self, delivery->action, -1);
    count(self, action, 1);
    delivery->action = action;
}

static void add_message_id(MstLife *self, const MstEvent *event)
{
    MstHop *hop = &self->hop;
    MstSlice id = event->message_id;

    if (!mst_slice_is_set(id) || id.len == 0)
        return;
    if (hop->message_id == NULL && !mst_slice_is_set(event->detail)) {
        hop->message_id = copy(self, id);
    } else if (!same_text(hop->message_id, id) &&
               g_slist_length(mst_hop_extras(hop)->more_message_ids) < MAX_MESSAGE_IDS) {
        MstHopExtras *extras = mst_hop_add_extras(hop);

        extras->more_message_ids = g_slist_prepend(extras->more_message_ids,
                                                   (char *)copy(self, id));
    }
}

static void learn_user(MstLife *self, MstSlice user)
{
    if (mst_slice_is_set(user))
        learn(self, &mst_hop_add_extras(&self->hop)->user, user);
}

static void add_accept(MstLife *self, const MstEvent *event)
{
    MstHop *hop = &self->hop;

    hop->accepted_us = event->time_us;
    learn(self, &hop->client_name, event->peer_name);
    learn(self, &hop->client_ip, event->peer_ip);
    learn_user(self, event->user);
    learn(self, &hop->sender, event->sender);
}

static void add_sender(MstLife *self, const MstEvent *event)
{
    MstHop *hop = &self->hop;

    /* The queue knows better than the dialogue: addresses are rewritten on the way in. */
    if (!hop->queued)
        renew(self, &hop->sender, event->sender);
    learn_user(self, event->user);
    if (event->relation == MST_RELATION_ALIAS)
        learn(self, &hop->alias, event->other_id);
    hop->size = event->size >= 0 ? event->size : hop->size;
    hop->recipients = event->recipients >= 0 ? event->recipients : hop->recipients;
    hop->queued = event->recipients != 0;
    if (hop->hold == MST_HOLD_HELD && event->system == MST_SYSTEM_POSTFIX)
        hop->hold = MST_HOLD_RELEASED; /* only the active queue logs this line */
}

/* A name without a domain is what sendmail made of an address that it was given over SMTP: which,
 * it does not say. */
static MstSlice original_of(const MstLife *self, const MstEvent *event)
{
    bool expanded = event->system == MST_SYSTEM_SENDMAIL && self->hop.client_ip != NULL &&
                    memchr(event->recipient.ptr, '@', event->recipient.len) == NULL;

    if (mst_slice_is_set(event->original_recipient) || !expanded)
        return event->original_recipient;
    return MST_LIT("");
}

/* Where a system keeps an address twice, each copy has its own outcome: a second outcome is the
 * second copy's. */
static bool keeps_twice(MstSystem system)
{
    return system == MST_SYSTEM_QMAIL || system == MST_SYSTEM_XMAIL;
}

/* XMail's record names the recipient of one queue file, which may have come from another's redirect. */
static MstDelivery *copy_of_spool_file(MstLife *self, const MstEvent *event)
{
    MstDelivery *unused = NULL;

    for (MstDelivery *d = mst_recipients_first(self, event->recipient); d != NULL;
         d = mst_recipients_next(self, d)) {
        if (d->spool_file != NULL && same_text(d->spool_file, event->spool_file))
            return d;
        if (d->spool_file == NULL && mst_life_is_open(d) && unused == NULL)
            unused = d;
    }
    return unused != NULL ? unused
                          : mst_recipients_add(self, event->recipient, event->original_recipient);
}

/* The copy that an outcome is of. */
static MstDelivery *copy_of_result(MstLife *self, const MstEvent *event)
{
    MstDelivery *named;
    guint tried = 0;

    if (mst_slice_is_set(event->spool_file))
        return copy_of_spool_file(self, event);
    named = take(self, event->recipient, original_of(self, event));
    if (!keeps_twice(event->system) || mst_life_is_open(named))
        return named;
    for (MstDelivery *d = mst_recipients_next(self, named); d != NULL && tried < MAX_COPIES;
         d = mst_recipients_next(self, d), tried++) {
        if (mst_life_is_open(d) && mst_recipients_has_original(d, event->original_recipient))
            return d;
    }
    return mst_recipients_add(self, event->recipient, event->original_recipient);
}

static bool is_text(const char *text, MstSlice s)
{
    return mst_slice_is_set(s) ? same_text(text, s) : text == NULL;
}

static bool is_attempt(const MstAttempt *attempt, const MstEvent *event)
{
    return attempt != NULL && attempt->reply_code == event->reply_code &&
           is_text(attempt->reply, event->detail) && is_text(attempt->status, event->status) &&
           is_text(attempt->relay, event->peer_name) &&
           is_text(attempt->relay_ip, event->peer_ip) && is_text(attempt->next_id, event->other_id);
}

/* A copy, or the text itself where it is the same. */
static const char *copy_like(MstLife *self, const char *text, MstSlice s)
{
    return text != NULL && is_text(text, s) ? text : copy(self, s);
}

/* The next host's ID is most often the end of the reply. */
static const char *copy_next_id(MstLife *self, const char *reply, const MstEvent *event)
{
    MstSlice text = event->detail, id = event->other_id;

    if (id.len > 0 && id.len <= text.len && id.ptr + id.len == text.ptr + text.len)
        return reply + (text.len - id.len);
    return copy(self, id);
}

/* `last` is the one before it of this recipient, or of another, which may have texts that are the same. */
static const MstAttempt *new_attempt(MstLife *self, const MstAttempt *last, const MstEvent *event)
{
    static const MstAttempt none = {0};
    MstAttempt *attempt = mst_arena_alloc(&self->hop.arena, sizeof *attempt);

    if (last == NULL)
        last = &none;
    attempt->reply_code = event->reply_code;
    attempt->status = copy_like(self, last->status, event->status);
    attempt->relay = copy_like(self, last->relay, event->peer_name);
    attempt->relay_ip = copy_like(self, last->relay_ip, event->peer_ip);
    attempt->reply = copy_like(self, last->reply, event->detail);
    attempt->next_id = copy_next_id(self, attempt->reply, event);
    return attempt;
}

static void renew_attempt(MstLife *self, MstDelivery *delivery, const MstEvent *event)
{
    const MstAttempt *before = delivery->attempt;

    if (is_attempt(before, event))
        return;
    if (!is_attempt(self->last_attempt, event))
        self->last_attempt = new_attempt(self, before != NULL ? before : self->last_attempt, event);
    delivery->attempt = self->last_attempt;
}

static MstDelivery *add_result(MstLife *self, const MstEvent *event)
{
    MstDelivery *delivery = copy_of_result(self, event);

    if (delivery->first_us == 0)
        delivery->first_us = event->time_us;
    delivery->last_us = event->time_us;
    learn(self, &delivery->spool_file, event->spool_file);
    if (event->action == MST_ACTION_EXPANDED && delivery->action == MST_ACTION_DELIVERED)
        return delivery; /* redirected, and kept too */
    mst_life_set_action(self, delivery, event->action);
    delivery->local = event->action == MST_ACTION_DELIVERED && !mst_slice_is_set(event->peer_ip);
    delivery->trying = false;
    delivery->attempts++;
    renew_attempt(self, delivery, event);
    return delivery;
}

static void set_verdict(MstLife *self, const MstEvent *event, MstAction verdict)
{
    MstHop *hop = &self->hop;
    MstHopExtras *extras;

    if (hop->verdict != MST_ACTION_NONE)
        return;
    hop->verdict = verdict;
    extras = mst_hop_add_extras(hop);
    extras->verdict_code = event->reply_code;
    extras->verdict_status = copy(self, event->status);
    extras->verdict_reply = copy(self, event->detail);
}

static const MstAttempt *new_refusal(MstLife *self, const MstEvent *event)
{
    MstAttempt *attempt = mst_arena_alloc(&self->hop.arena, sizeof *attempt);

    attempt->reply_code = event->reply_code;
    attempt->status = copy(self, event->status);
    attempt->reply = copy(self, event->detail);
    return attempt;
}

/* A refusal names one recipient, or, of a whole message, the last one; the others are named by no
 * line, or by their own. */
static MstDelivery *add_refusal(MstLife *self, const MstEvent *event, MstAction action)
{
    MstDelivery *delivery = NULL;
    bool whole = event->whole || !mst_slice_is_set(event->recipient);

    learn(self, &self->hop.sender, event->sender);
    learn(self, &self->hop.client_name, event->peer_name);
    learn(self, &self->hop.client_ip, event->peer_ip);
    if (whole)
        set_verdict(self, event, action);
    if (!mst_slice_is_set(event->recipient))
        return NULL;
    delivery = mst_life_delivery(self, event->recipient, (MstSlice){0});
    if (delivery->first_us == 0)
        delivery->first_us = event->time_us;
    delivery->last_us = event->time_us;
    if (delivery->action == MST_ACTION_NONE && (!whole || action == MST_ACTION_REJECTED)) {
        mst_life_set_action(self, delivery, action);
        delivery->attempt = new_refusal(self, event);
    }
    return delivery;
}

/* qmail says when it begins with a recipient. One that has begun already within a second is another
 * copy for the same address; later, qmail-send was restarted and begins again. */
static MstDelivery *begin_attempt(MstLife *self, MstDelivery *named, const MstEvent *event)
{
    MstDelivery *free = NULL;
    guint tried = 0;

    for (MstDelivery *d = named; d != NULL && free == NULL && tried < MAX_COPIES;
         d = mst_recipients_next(self, d), tried++) {
        bool busy = !mst_life_is_open(d) ||
                    (d->trying && event->time_us - d->begun_us < G_USEC_PER_SEC);

        if (!busy && mst_recipients_has_original(d, (MstSlice){0}))
            free = d;
    }
    if (free == NULL)
        free = mst_recipients_add(self, event->recipient, (MstSlice){0});
    free->trying = true;
    free->begun_us = event->time_us;
    return free;
}

/* The outcome of a redirected copy may be logged before the redirect: then that is the one. */
static MstDelivery *add_redirected(MstLife *self, const MstEvent *event)
{
    for (MstDelivery *d = mst_recipients_first(self, event->recipient); d != NULL;
         d = mst_recipients_next(self, d)) {
        if (d->spool_file != NULL && !d->named) {
            d->named = true;
            learn(self, &d->original, event->original_recipient);
            return d;
        }
    }
    return mst_life_delivery(self, event->recipient, event->original_recipient);
}

static MstDelivery *add_recipient(MstLife *self, const MstEvent *event)
{
    MstDelivery *delivery;

    if (!mst_slice_is_set(event->recipient))
        return NULL;
    if (event->system == MST_SYSTEM_XMAIL && mst_slice_is_set(event->original_recipient))
        delivery = add_redirected(self, event);
    else
        delivery = mst_life_delivery(self, event->recipient, event->original_recipient);
    if (event->system == MST_SYSTEM_QMAIL)
        delivery = begin_attempt(self, delivery, event);
    if (delivery->first_us == 0)
        delivery->first_us = event->time_us;
    delivery->named = true;
    return delivery;
}

/* Too long in the queue: what was delayed has failed. */
static void expire(MstLife *self, const MstEvent *event)
{
    if (mst_slice_is_set(event->recipient))
        return; /* this one's own outcome follows */
    for (MstDelivery *d = self->hop.deliveries; d != NULL; d = d->next) {
        if (d->action == MST_ACTION_DELAYED) {
            mst_life_set_action(self, d, MST_ACTION_FAILED);
            d->last_us = event->time_us;
        }
    }
}

/* Only what a filter did to the message: `info:` and `warning:` merely quote a header. */
static void add_filter(MstLife *self, const MstEvent *event)
{
    MstHop *hop = &self->hop;
    MstSlice detail = event->detail;
    const char *known = mst_hop_extras(hop)->filter;
    size_t before = known == NULL ? 0 : strlen(known);
    char *text;

    if (detail.len == 0 || mst_slice_starts(detail, MST_LIT("info")) ||
        mst_slice_starts(detail, MST_LIT("warn")) || before + detail.len > MAX_FILTER_TEXT)
        return;
    text = mst_arena_alloc(&hop->arena, before + detail.len + 3);
    if (before > 0) {
        memcpy(text, known, before);
        memcpy(text + before, "; ", 2);
        before += 2;
    }
    memcpy(text + before, detail.ptr, detail.len);
    mst_hop_add_extras(hop)->filter = text;
}

MstDelivery *mst_life_add(MstLife *self, const MstEvent *event)
{
    MstHop *hop = &self->hop;

    if (event->time_us > hop->last_us)
        hop->last_us = event->time_us;
    switch (event->kind) {
    case MST_EVENT_ACCEPT:
        add_accept(self, event);
        return NULL;
    case MST_EVENT_MESSAGE_ID:
        add_message_id(self, event);
        return NULL;
    case MST_EVENT_SENDER:
        add_sender(self, event);
        return NULL;
    case MST_EVENT_RESULT:
        return add_result(self, event);
    case MST_EVENT_REJECT:
        return add_refusal(self, event, MST_ACTION_REJECTED);
    case MST_EVENT_DISCARD:
        hop->hold = MST_HOLD_NONE;
        return add_refusal(self, event, MST_ACTION_DISCARDED);
    case MST_EVENT_HOLD:
        hop->hold = MST_HOLD_HELD;
        learn(self, &hop->sender, event->sender);
        add_filter(self, event);
        return add_recipient(self, event);
    case MST_EVENT_RELEASE:
        hop->hold = MST_HOLD_RELEASED;
        return NULL;
    case MST_EVENT_EXPIRE:
        expire(self, event);
        return NULL;
    case MST_EVENT_FILTER:
        add_filter(self, event);
        learn(self, &hop->sender, event->sender);
        if (mst_slice_is_set(event->recipient))
            renew(self, &mst_life_add_extras(self)->hint, event->recipient);
        return NULL;
    case MST_EVENT_RECIPIENT:
        return add_recipient(self, event);
    case MST_EVENT_ABORT:
        self->aborted = true;
        return add_recipient(self, event);
    case MST_EVENT_DONE:
        if (event->system == MST_SYSTEM_MILTER_MANAGER)
            add_filter(self, event); /* the session's verdict */
        return NULL;
    case MST_EVENT_CONNECT:
    case MST_EVENT_DISCONNECT:
    case MST_EVENT_ATTEMPT:
    case MST_EVENT_REQUEUE:
    case MST_EVENT_NOTIFY:
        return NULL;
    case MST_EVENT_KINDS:
        break;
    }
    g_assert_not_reached();
}

/* XMail logs no line for the address of a list: if one address that was handed in has no outcome, the
 * copies for addresses that were not handed in came from it. */
static void find_list(MstLife *self)
{
    MstDelivery *list = NULL;
    guint copies = 0, without = 0;

    for (MstDelivery *d = self->hop.deliveries; d != NULL; d = d->next) {
        copies += !d->named && d->original == NULL;
        without += d->named && d->action == MST_ACTION_NONE;
        if (d->named && d->action == MST_ACTION_NONE)
            list = d;
    }
    if (without != 1 || copies == 0)
        return;
    mst_life_set_action(self, list, MST_ACTION_EXPANDED);
    for (MstDelivery *d = self->hop.deliveries; d != NULL; d = d->next) {
        if (!d->named && d->original == NULL)
            d->original = list->recipient;
    }
}

void mst_life_end(MstLife *self)
{
    MstHop *hop = &self->hop;
    const char *hint = mst_life_extras(self)->hint;
    MstDelivery *delivery;

    if (hop->system == MST_SYSTEM_XMAIL)
        find_list(self);
    if (hint == NULL || hop->deliveries != NULL)
        return;
    delivery = mst_life_delivery(self, mst_slice_of(hint), (MstSlice){0});
    delivery->first_us = hop->last_us;
}

/* Puts it behind what the hop has. */
static void append_evidence(MstHop *hop, MstEvidence *evidence)
{
    MstHopExtras *extras = mst_hop_add_extras(hop);

    if (extras->last_evidence == NULL)
        extras->evidence = evidence;
    else
        extras->last_evidence->next = evidence;
    extras->last_evidence = evidence;
}

void mst_hop_keep(MstHop *self, const MstEvent *event, const char *process, const char *file)
{
    MstEvidence *evidence = mst_arena_alloc(&self->arena, sizeof *evidence);

    evidence->time_us = event->time_us;
    evidence->resolution_us = event->resolution_us;
    evidence->kind = event->kind;
    evidence->action = event->action;
    evidence->pid = event->pid;
    evidence->process = process;
    evidence->queue_id = self->queue_id;
    evidence->recipient = mst_arena_copy(&self->arena, event->recipient);
    evidence->detail = mst_arena_copy(&self->arena, mst_event_detail(event));
    evidence->file = file;
    evidence->line = event->line;
    append_evidence(self, evidence);
}

bool mst_life_is_refused(const MstLife *self)
{
    return self->hop.verdict == MST_ACTION_REJECTED ||
           (self->n_refused > 0 && self->n_refused == self->hop.n_deliveries && !self->hop.queued);
}

bool mst_life_is_final(const MstLife *self)
{
    const MstHop *hop = &self->hop;
    const MstLife *refused = mst_life_extras(self)->refused;
    guint outcomes = hop->n_deliveries - self->n_open - self->n_refused;

    if (hop->recipients == 0 && !hop->queued)
        return true; /* every recipient was refused */
    if (hop->hold == MST_HOLD_HELD || (refused != NULL && refused->hop.hold == MST_HOLD_HELD))
        return false;
    if (hop->verdict != MST_ACTION_NONE)
        return true;
    if (!hop->queued && (self->aborted || self->over))
        return true;
    if (self->n_open > 0)
        return false;
    if (outcomes == 0) /* all went on under other IDs, as a list's clones do */
        return hop->queued && hop->links != NULL;
    return (int64_t)outcomes >= hop->recipients;
}

bool mst_life_is_message(const MstLife *self)
{
    const MstHop *hop = &self->hop;

    return hop->sender != NULL || hop->message_id != NULL || hop->queued ||
           hop->deliveries != NULL || hop->verdict == MST_ACTION_DISCARDED || hop->into != NULL ||
           hop->links != NULL || (hop->accepted_us != 0 && hop->system == MST_SYSTEM_POSTFIX);
}

static const char *copy_text(MstArena *arena, const char *text)
{
    return mst_arena_copy(arena, mst_slice_of(text));
}

static void copy_evidence(MstHop *hop, const MstHop *from)
{
    for (const MstEvidence *at = mst_hop_extras(from)->evidence; at != NULL; at = at->next) {
        MstEvidence *evidence = mst_arena_alloc(&hop->arena, sizeof *evidence);

        *evidence = *at;
        evidence->next = NULL;
        evidence->queue_id = hop->queue_id;
        evidence->detail = copy_text(&hop->arena, at->detail);
        evidence->recipient = copy_text(&hop->arena, at->recipient);
        append_evidence(hop, evidence);
    }
}

/* All but the evidence. */
static void copy_extras(MstHop *hop, const MstHop *from)
{
    const MstHopExtras *known = from->extras;
    MstHopExtras *extras;

    if (known == NULL)
        return;
    extras = mst_hop_add_extras(hop);
    extras->user = copy_text(&hop->arena, known->user);
    extras->filter = copy_text(&hop->arena, known->filter);
    extras->verdict_status = copy_text(&hop->arena, known->verdict_status);
    extras->verdict_reply = copy_text(&hop->arena, known->verdict_reply);
    extras->verdict_code = known->verdict_code;
}

MstLife *mst_life_copy_session(const MstLife *session, bool with_evidence)
{
    const MstHop *from = &session->hop;
    MstArena arena = {.pool = from->arena.pool};
    MstLife *copy = mst_arena_alloc(&arena, sizeof *copy);
    MstHop *hop = &copy->hop;

    *hop = *from;
    hop->arena = arena;
    hop->extras = NULL;
    hop->deliveries = hop->last_delivery = NULL;
    hop->sender = hop->message_id = NULL;
    hop->queue_id = copy_text(&hop->arena, from->queue_id);
    hop->client_name = copy_text(&hop->arena, from->client_name);
    hop->client_ip = copy_text(&hop->arena, from->client_ip);
    copy_extras(hop, from);
    if (with_evidence)
        copy_evidence(hop, from);
    return copy;
}

static void clear(MstLife *self)
{
    if (self->hop.extras != NULL)
        g_clear_pointer(&self->hop.extras->more_message_ids, g_slist_free);
    if (self->extras == NULL)
        return;
    g_clear_pointer(&self->extras->by_recipient, mst_index_free);
    g_clear_pointer(&self->extras->in_order, g_ptr_array_unref);
    g_clear_pointer(&self->extras->covered, g_ptr_array_unref);
    g_clear_pointer(&self->extras->notified_by, g_array_unref);
}

void mst_life_take_apart(MstLife *self, MstArenaBlocks *blocks)
{
    MstArena arena = self->hop.arena; /* it holds the life itself */

    clear(self);
    mst_arena_take_apart(&arena, blocks);
}

void mst_life_free(MstLife *self)
{
    MstArenaPool *pool = self->hop.arena.pool;
    MstArenaBlocks blocks = {0};

    mst_life_take_apart(self, &blocks);
    mst_arena_pool_take_back(pool, &blocks);
}

/* Of `from`, before what the hop has. */
static void put_evidence_before(MstHop *hop, const MstHop *from)
{
    const MstHopExtras *theirs = mst_hop_extras(from);
    MstHopExtras *ours;

    if (theirs->evidence == NULL)
        return;
    ours = mst_hop_add_extras(hop);
    theirs->last_evidence->next = ours->evidence;
    if (ours->last_evidence == NULL)
        ours->last_evidence = theirs->last_evidence;
    ours->evidence = theirs->evidence;
}

void mst_life_absorb(MstLife *self, MstLife *refused)
{
    MstHop *hop = &self->hop;
    MstHop *from = &refused->hop;

    for (MstDelivery *d = from->deliveries; d != NULL; d = d->next) {
        MstDelivery *mine = mst_life_delivery(self, mst_slice_of(d->recipient),
                                              mst_slice_of(d->original));
        MstDelivery *next = mine->next, *next_copy = mine->next_copy;

        if (mst_life_is_open(mine)) {
            unsigned attempts = mine->attempts;

            count(self, mine->action, -1);
            count(self, d->action, 1);
            *mine = *d;
            mine->attempts += attempts;
            mine->next = next;
            mine->next_copy = next_copy;
        }
    }
    if (hop->verdict == MST_ACTION_NONE && from->verdict == MST_ACTION_DISCARDED) {
        hop->verdict = from->verdict;
        mst_hop_add_extras(hop)->verdict_reply = mst_hop_extras(from)->verdict_reply;
    }
    if (hop->hold == MST_HOLD_NONE && !hop->queued)
        hop->hold = from->hold;
    hop->last_us = MAX(hop->last_us, from->last_us);
    if (hop->sender == NULL)
        hop->sender = from->sender;
    put_evidence_before(hop, from);
    if (from->first_us < hop->first_us) {
        hop->first_us = from->first_us;
        if (self->flight != NULL)
            self->flight->numbered = false;
    }
    clear(refused);
    mst_arena_merge(&hop->arena, &from->arena);
}
