/* hosts.c - the hosts whose logs are read, and under which names others know them */
#include "hosts.h"

#include "base/ends.h"
#include "base/names.h"

enum {
    MAX_TAUGHT = 65536, /* what strangers' names can make us remember: a log host has few names */
    MAX_NAME = 256,     /* a longer one is no host's (RFC 1035) */
    RECENT_BITS = 9,    /* of a place among the hosts of recent lines */
};

/* A host, and how long its name is. NULL: none. */
typedef struct Recent {
    MstHost *host;
    size_t len;
} Recent;

/* Whom a name means; NULL if it could be several. */
typedef struct Known {
    MstHost *host;
} Known;

/* Each name has a value of Known. They are in lower case, but for those as logged. */
struct MstHosts {
    GPtrArray *all;                  /* of MstHost * */
    MstNames *as_logged;             /* by the name in its log */
    MstNames *by_name;               /* by the name */
    MstNames *by_label;              /* by the first label */
    MstNames *stated;                /* by alias or address */
    MstNames *taught;                /* the same */
    Recent recent[1 << RECENT_BITS]; /* of the latest lines, by how their names begin and end */
    Recent *last;                    /* of these, that of the line before */
};

static void free_host(gpointer data)
{
    MstHost *host = data;

    g_free(host->name);
    g_free(host);
}

MstHosts *mst_hosts_new(void)
{
    MstHosts *self = g_new0(MstHosts, 1);

    self->all = g_ptr_array_new_with_free_func(free_host);
    self->as_logged = mst_names_new(sizeof(Known), NULL);
    self->by_name = mst_names_new(sizeof(Known), NULL);
    self->by_label = mst_names_new(sizeof(Known), NULL);
    self->stated = mst_names_new(sizeof(Known), NULL);
    self->taught = mst_names_new(sizeof(Known), NULL);
    self->last = self->recent;
    return self;
}

void mst_hosts_free(MstHosts *self)
{
    if (self == NULL)
        return;
    mst_names_free(self->as_logged);
    mst_names_free(self->by_name);
    mst_names_free(self->by_label);
    mst_names_free(self->stated);
    mst_names_free(self->taught);
    g_ptr_array_unref(self->all);
    g_free(self);
}

/* ---- names in lower case */

/* The name in lower case, in `buffer`; unset if it is none. */
static MstSlice lower(MstSlice name, char buffer[MAX_NAME])
{
    if (name.len == 0 || name.len > MAX_NAME)
        return (MstSlice){NULL, 0};
    for (size_t i = 0; i < name.len; i++)
        buffer[i] = g_ascii_tolower(name.ptr[i]);
    return (MstSlice){buffer, name.len};
}

static void learn(MstNames *table, MstSlice key, MstHost *host)
{
    Known *known = mst_names_add(table, key);

    known->host = host;
}

static MstHost *known_in(const MstNames *table, MstSlice key)
{
    const Known *known = mst_names_find(table, key);

    return known == NULL ? NULL : known->host;
}

/* `hub` of `hub.example.test`; of an address or an empty name, nothing. */
static MstSlice first_label(MstSlice name)
{
    const char *point = name.len == 0 ? NULL : memchr(name.ptr, '.', name.len);
    MstSlice label = point == NULL ? name : mst_slice(name.ptr, point);
    bool is_address = true;

    for (size_t i = 0; i < name.len && is_address; i++)
        is_address = memchr("0123456789.:[]", name.ptr[i], 14) != NULL;
    return is_address || label.len == 0 ? (MstSlice){NULL, 0} : label;
}

bool mst_hosts_state(MstHosts *self, const char *setting)
{
    const char *equals = strchr(setting, '=');
    g_auto(GStrv) aliases = NULL;
    char buffer[MAX_NAME];
    MstHost *host;

    if (equals == NULL || equals == setting || equals[1] == '\0')
        return false;
    host = mst_hosts_take(self, mst_slice(setting, equals));
    aliases = g_strsplit(equals + 1, ",", -1);
    for (char **alias = aliases; *alias != NULL; alias++) {
        MstSlice key = lower(mst_slice_of(*alias), buffer);
        Known *known = mst_slice_is_set(key) ? mst_names_find(self->stated, key) : NULL;

        if (known != NULL)
            known->host = host;
        else if (mst_slice_is_set(key))
            learn(self->stated, key, host);
    }
    return true;
}

/* ---- the hosts of the logs */

static void learn_label(MstHosts *self, MstSlice label, MstHost *host)
{
    Known *known = mst_names_find(self->by_label, label);

    if (known == NULL)
        learn(self->by_label, label, host);
    else
        known->host = NULL;
}

static MstHost *add_host(MstHosts *self, MstSlice name, MstSlice key)
{
    MstHost *host = g_new0(MstHost, 1);
    MstSlice label = first_label(key);

    host->name = name.ptr == NULL ? g_strdup("") : g_strndup(name.ptr, name.len);
    host->index = self->all->len;
    g_ptr_array_add(self->all, host);
    if (mst_slice_is_set(label))
        learn_label(self, label, host);
    if (mst_slice_is_set(key))
        learn(self->by_name, key, host);
    return host;
}

/* The first time that a name is written so. */
static MstHost *take_new(MstHosts *self, MstSlice name)
{
    char buffer[MAX_NAME];
    MstSlice key = lower(name, buffer);
    MstHost *host = mst_slice_is_set(key) ? known_in(self->by_name, key) : NULL;

    if (host == NULL)
        host = add_host(self, name, key);
    learn(self->as_logged, name, host);
    return host;
}

static bool is_of(const Recent *recent, MstSlice name)
{
    return recent->host != NULL && recent->len == name.len &&
           mst_slice_same_bytes(recent->host->name, name.ptr, name.len);
}

/* Not the host of the line before. */
G_NO_INLINE static MstHost *take_other(MstHosts *self, MstSlice name)
{
    MstHost *host;

    self->last = &self->recent[mst_place_by_ends(name, RECENT_BITS)];
    if (is_of(self->last, name))
        return self->last->host;
    host = known_in(self->as_logged, name);
    if (host == NULL)
        host = take_new(self, name);
    *self->last = (Recent){host, strlen(host->name)};
    return host;
}

MstHost *mst_hosts_take(MstHosts *self, MstSlice name)
{
    return is_of(self->last, name) ? self->last->host : take_other(self, name);
}

/* ---- under which names others know them */

static void teach_one(MstHosts *self, const char *text, MstHost *host)
{
    char buffer[MAX_NAME];
    MstSlice key = lower(mst_slice_of(text), buffer);
    Known *known;

    if (!mst_slice_is_set(key) || g_str_equal(text, "unknown"))
        return;
    known = mst_names_find(self->taught, key);
    if (known != NULL) {
        if (known->host != host)
            known->host = NULL;
    } else if (mst_names_count(self->taught) < MAX_TAUGHT) {
        learn(self->taught, key, host);
        host->names++;
    }
}

static bool is_loopback(const char *name, const char *ip)
{
    return (ip != NULL && (g_str_equal(ip, "127.0.0.1") || g_str_equal(ip, "::1"))) ||
           (name != NULL && (g_str_equal(name, "localhost") || g_str_equal(name, "127.0.0.1")));
}

void mst_hosts_teach(MstHosts *self, const char *name, const char *ip, MstHost *host)
{
    if (is_loopback(name, ip))
        return;
    teach_one(self, name, host);
    teach_one(self, ip, host);
}

static MstHost *known_as(const MstHosts *self, MstSlice key)
{
    MstHost *host = NULL;

    if (!mst_slice_is_set(key))
        return NULL;
    if (mst_names_count(self->stated) > 0)
        host = known_in(self->stated, key);
    if (host == NULL && mst_names_count(self->taught) > 0)
        host = known_in(self->taught, key);
    return host != NULL ? host : known_in(self->by_name, key);
}

MstHost *mst_hosts_resolve(const MstHosts *self, const char *name, const char *ip,
                           const MstHost *seen_by)
{
    char buffer[MAX_NAME];
    MstSlice key;
    MstHost *host;

    if (is_loopback(name, ip))
        return (MstHost *)seen_by;
    host = known_as(self, lower(mst_slice_of(ip), buffer));
    if (host != NULL || name == NULL)
        return host;
    key = lower(mst_slice_of(name), buffer);
    host = known_as(self, key);
    if (host == NULL)
        key = first_label(key);
    return host != NULL || !mst_slice_is_set(key) ? host : known_in(self->by_label, key);
}

MstHostMatch mst_hosts_match(const MstHosts *self, const char *name, const char *ip,
                             const MstHost *host, const MstHost *seen_by)
{
    MstHost *found = mst_hosts_resolve(self, name, ip, seen_by);

    if (found == NULL)
        return MST_HOST_UNKNOWN;
    return found == host ? MST_HOST_SAME : MST_HOST_OTHER;
}
