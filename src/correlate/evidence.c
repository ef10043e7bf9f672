/*
 * evidence.c - do two hops' own words allow that one handed the message to the other?
 *
 * Message-IDs are compared as the logs can hold them: sendmail cuts them at 100 bytes
 * (shortenstring in its collect.c and headers), Postfix prints `?` for control bytes and for bytes
 * that are no UTF-8, and cuts a whole line at about 2,000 bytes.
 */
#include "evidence.h"

#include "base/logsafe.h"
#include "base/sixteen.h"

enum {
    SENDMAIL_CUT = 100,
    POSTFIX_CUT = 1900,
    HASHED = 96, /* less than any cut */
};

bool mst_evidence_is_message_id(const char *id)
{
    return id != NULL && id[0] != '\0' && !g_str_equal(id, "<>");
}

/* What Postfix would print for this byte. */
static unsigned char printed(char byte)
{
    unsigned char c = (unsigned char)byte;

    return c < 0x20 || c == 0x7f ? '?' : c;
}

static bool same_byte(char a, char b)
{
    unsigned char x = printed(a);
    unsigned char y = printed(b);

    return x == y || (x == '?' && y >= 0x80) || (y == '?' && x >= 0x80);
}

static size_t trimmed_length(const char *id)
{
    size_t len = strlen(id);

    while (len > 0 && (id[len - 1] == ' ' || id[len - 1] == '\t'))
        len--;
    return len;
}

static bool is_cut(const MstHop *hop, size_t len)
{
    return hop->system == MST_SYSTEM_SENDMAIL ? len >= SENDMAIL_CUT : len >= POSTFIX_CUT;
}

static bool same_id(const MstHop *a, const char *left, const MstHop *b, const char *right)
{
    size_t left_len = trimmed_length(left);
    size_t right_len = trimmed_length(right);
    size_t len = MIN(left_len, right_len);

    if (left_len < right_len && !is_cut(a, left_len))
        return false;
    if (right_len < left_len && !is_cut(b, right_len))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!same_byte(left[i], right[i]))
            return false;
    }
    return len > 0;
}

static bool any_same_id(const MstHop *a, const char *id, const MstHop *b)
{
    if (mst_evidence_is_message_id(b->message_id) && same_id(a, id, b, b->message_id))
        return true;
    for (const GSList *at = mst_hop_extras(b)->more_message_ids; at != NULL; at = at->next) {
        if (mst_evidence_is_message_id(at->data) && same_id(a, id, b, at->data))
            return true;
    }
    return false;
}

int mst_evidence_message_id(const MstHop *a, const MstHop *b)
{
    if (!mst_evidence_is_message_id(a->message_id) || !mst_evidence_is_message_id(b->message_id))
        return 0;
    if (any_same_id(a, a->message_id, b))
        return 1;
    for (const GSList *at = mst_hop_extras(a)->more_message_ids; at != NULL; at = at->next) {
        if (mst_evidence_is_message_id(at->data) && any_same_id(a, at->data, b))
            return 1;
    }
    return -1;
}

/* Is each byte what `printed` leaves as it is? */
static bool is_printable(const char *text, size_t len)
{
    MstSixteen good = ~mst_sixteen_of(0, 0);
    size_t i;

    for (i = 0; len - i >= sizeof good; i += sizeof good)
        good &= mst_sixteen_between(mst_sixteen_at(text + i), ' ', '~');
    while (i < len && g_ascii_isprint(text[i]))
        i++;
    return i == len && mst_sixteen_all(good);
}

uint64_t mst_evidence_message_id_hash(const MstIndex *index, const char *id)
{
    size_t len = MIN(trimmed_length(id), HASHED);
    char text[HASHED];

    if (is_printable(id, len))
        return mst_index_hash(index, (MstSlice){id, len});
    for (size_t i = 0; i < len; i++) {
        unsigned char c = printed(id[i]);

        text[i] = (char)(c >= 0x80 ? '?' : c);
    }
    return mst_index_hash(index, (MstSlice){text, len});
}

bool mst_evidence_same_address(const char *a, const char *b)
{
    return g_ascii_strcasecmp(a, b) == 0;
}

/* qmail-send logs addresses escaped, so the other side is escaped likewise. */
static bool same_address(const MstHop *a, const char *left, const MstHop *b, const char *right)
{
    if (a->system == MST_SYSTEM_QMAIL && b->system != MST_SYSTEM_QMAIL)
        return mst_logsafe_equal_address(mst_slice_of(left), mst_slice_of(right));
    if (b->system == MST_SYSTEM_QMAIL && a->system != MST_SYSTEM_QMAIL)
        return mst_logsafe_equal_address(mst_slice_of(right), mst_slice_of(left));
    return mst_evidence_same_address(left, right);
}

/* qmail's marks for a sender that is another for each recipient (VERP), which the log never shows. */
static bool is_verp(const char *sender)
{
    size_t len = strlen(sender);

    return len > 4 && g_str_equal(sender + len - 4, "-@[]");
}

int mst_evidence_sender(const MstHop *a, const MstHop *b)
{
    if (a->sender == NULL || b->sender == NULL || is_verp(a->sender) || is_verp(b->sender))
        return 0;
    return same_address(a, a->sender, b, b->sender) ? 1 : -1;
}

bool mst_evidence_has_recipient(const MstHop *a, const char *recipient, const MstHop *b)
{
    enum { MAX_TRIED = 256 };
    guint tried = 0;

    for (const MstDelivery *d = b->deliveries; d != NULL && tried < MAX_TRIED;
         d = d->next, tried++) {
        if (same_address(a, recipient, b, d->recipient) ||
            (d->original != NULL && same_address(a, recipient, b, d->original)))
            return true;
    }
    return false;
}

int mst_evidence_hosts(const MstHosts *hosts, const MstHop *a, const MstDelivery *delivery,
                       const MstHop *b)
{
    int client = mst_hosts_match(hosts, b->client_name, b->client_ip, a->host, b->host);
    const MstAttempt *attempt = mst_delivery_attempt(delivery);
    int relay = mst_hosts_match(hosts, attempt->relay, attempt->relay_ip, b->host, a->host);

    if (client < 0 || relay < 0)
        return -1;
    return client + relay;
}
