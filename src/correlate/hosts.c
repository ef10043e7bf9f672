/* hosts.c - the hosts whose logs are read, and under which names others know them */
#include "hosts.h"

#include "base/names.h"

/* What strangers' names can make us remember is bounded: a log host has few names. */
enum { MAX_TAUGHT = 65536 };

struct MstHosts {
    GPtrArray *all;       /* of MstHost * */
    MstNames *as_logged;  /* name -> MstHost * */
    GHashTable *by_name;  /* the same, lower case -> MstHost * */
    GHashTable *by_label; /* first label, lower case -> MstHost *, NULL if several have it */
    GHashTable *stated;   /* alias or address, lower case -> MstHost * */
    GHashTable *taught;   /* the same; NULL if taught for two */
    MstHost *last;        /* most lines come from the host of the line before … */
    size_t last_len;      /* … whose name is so long */
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
    self->as_logged = mst_names_new();
    self->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->by_label = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->stated = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->taught = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void mst_hosts_free(MstHosts *self)
{
    if (self == NULL)
        return;
    mst_names_free(self->as_logged, NULL);
    g_hash_table_unref(self->by_name);
    g_hash_table_unref(self->by_label);
    g_hash_table_unref(self->stated);
    g_hash_table_unref(self->taught);
    g_ptr_array_unref(self->all);
    g_free(self);
}

bool mst_hosts_state(MstHosts *self, const char *setting)
{
    const char *equals = strchr(setting, '=');
    g_auto(GStrv) aliases = NULL;
    MstHost *host;

    if (equals == NULL || equals == setting || equals[1] == '\0')
        return false;
    host = mst_hosts_take(self, mst_slice(setting, equals));
    aliases = g_strsplit(equals + 1, ",", -1);
    for (char **alias = aliases; *alias != NULL; alias++)
        g_hash_table_insert(self->stated, g_ascii_strdown(*alias, -1), host);
    return true;
}

/* `hub` of `hub.example.test`; of an address or an empty name, nothing. */
static char *first_label(const char *name)
{
    size_t len = strcspn(name, ".");

    if (len == 0 || strspn(name, "0123456789.:[]") == strlen(name))
        return NULL;
    return g_ascii_strdown(name, (gssize)len);
}

static MstHost *add_host(MstHosts *self, MstSlice name, char *key)
{
    MstHost *host = g_new0(MstHost, 1);
    char *label = first_label(key);

    host->name = g_strndup(name.ptr == NULL ? "" : name.ptr, name.len);
    host->index = self->all->len;
    g_ptr_array_add(self->all, host);
    if (label != NULL)
        g_hash_table_insert(self->by_label, label,
                            g_hash_table_contains(self->by_label, label) ? NULL : host);
    g_hash_table_insert(self->by_name, key, host);
    return host;
}

/* The first time that a name is written so. */
static MstHost *take_new(MstHosts *self, MstSlice name)
{
    g_autofree char *key = g_ascii_strdown(name.ptr == NULL ? "" : name.ptr, (gssize)name.len);
    MstHost *host = g_hash_table_lookup(self->by_name, key);

    if (host == NULL)
        host = add_host(self, name, g_steal_pointer(&key));
    mst_names_add(self->as_logged, name, host);
    return host;
}

MstHost *mst_hosts_take(MstHosts *self, MstSlice name)
{
    MstHost *host = self->last;

    if (host != NULL && self->last_len == name.len &&
        (name.len == 0 || memcmp(host->name, name.ptr, name.len) == 0))
        return host;
    host = mst_names_find(self->as_logged, name);
    if (host == NULL)
        host = take_new(self, name);
    self->last = host;
    self->last_len = strlen(host->name);
    return host;
}

static void teach_one(MstHosts *self, const char *text, MstHost *host)
{
    g_autofree char *key = NULL;
    gpointer old;

    if (text == NULL || text[0] == '\0' || g_str_equal(text, "unknown"))
        return;
    key = g_ascii_strdown(text, -1);
    if (g_hash_table_lookup_extended(self->taught, key, NULL, &old)) {
        if (old != NULL && old != host)
            g_hash_table_insert(self->taught, g_steal_pointer(&key), NULL);
        return;
    }
    if (g_hash_table_size(self->taught) < MAX_TAUGHT) {
        g_hash_table_insert(self->taught, g_steal_pointer(&key), host);
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

static MstHost *known_as(const MstHosts *self, const char *text)
{
    g_autofree char *key = NULL;
    MstHost *host;

    if (text == NULL || text[0] == '\0')
        return NULL;
    key = g_ascii_strdown(text, -1);
    host = g_hash_table_lookup(self->stated, key);
    if (host == NULL)
        host = g_hash_table_lookup(self->taught, key);
    if (host == NULL)
        host = g_hash_table_lookup(self->by_name, key);
    return host;
}

MstHost *mst_hosts_resolve(const MstHosts *self, const char *name, const char *ip,
                           const MstHost *seen_by)
{
    g_autofree char *label = NULL;
    MstHost *host;

    if (is_loopback(name, ip))
        return (MstHost *)seen_by;
    host = known_as(self, ip);
    if (host == NULL)
        host = known_as(self, name);
    if (host == NULL && name != NULL) {
        g_autofree char *lower = g_ascii_strdown(name, -1);

        label = first_label(lower);
        if (label != NULL)
            host = g_hash_table_lookup(self->by_label, label);
    }
    return host;
}

MstHostMatch mst_hosts_match(const MstHosts *self, const char *name, const char *ip,
                             const MstHost *host, const MstHost *seen_by)
{
    MstHost *found = mst_hosts_resolve(self, name, ip, seen_by);

    if (found == NULL)
        return MST_HOST_UNKNOWN;
    return found == host ? MST_HOST_SAME : MST_HOST_OTHER;
}
