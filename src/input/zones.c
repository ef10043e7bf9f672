/* zones.c - what the person says about stamps that do not tell their year or zone */
#include "mailstory/error.h"
#include "mailstory/stamp.h"

/* Longer than any host name that DNS allows. */
enum { HOST_MAX = 256 };

MstZones *mst_zones_new(void)
{
    MstZones *zones = g_new0(MstZones, 1);

    zones->zone = g_time_zone_new_local();
    zones->tai_offset_s = MST_TAI_DAEMONTOOLS;
    zones->by_host = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)g_time_zone_unref);
    return zones;
}

void mst_zones_free(MstZones *zones)
{
    if (zones == NULL)
        return;
    g_time_zone_unref(zones->zone);
    g_hash_table_unref(zones->by_host);
    g_free(zones);
}

bool mst_zones_add(MstZones *zones, const char *setting, GError **error)
{
    const char *equals = strchr(setting, '=');
    const char *name = equals == NULL ? setting : equals + 1;
    GTimeZone *zone = *name == '\0' ? NULL : g_time_zone_new_identifier(name);

    if (zone == NULL || equals == setting) {
        g_set_error(error, MST_ERROR, MST_ERROR_USAGE, "unknown time zone '%s'", setting);
        g_clear_pointer(&zone, g_time_zone_unref);
        return false;
    }
    if (equals == NULL) {
        g_time_zone_unref(zones->zone);
        zones->zone = zone;
        return true;
    }
    g_hash_table_replace(zones->by_host, g_ascii_strdown(setting, equals - setting), zone);
    return true;
}

GTimeZone *mst_zones_of(const MstZones *zones, MstSlice host)
{
    char key[HOST_MAX];
    GTimeZone *zone;

    if (g_hash_table_size(zones->by_host) == 0 || host.len >= sizeof key)
        return zones->zone;
    for (size_t i = 0; i < host.len; i++)
        key[i] = g_ascii_tolower(host.ptr[i]);
    key[host.len] = '\0';
    zone = g_hash_table_lookup(zones->by_host, key);
    return zone == NULL ? zones->zone : zone;
}
