/*
 * source.c - all rotated files of one log, in the order of time
 *
 * Files are ordered by what is in them. Where stamps tell no year and the person said one, all files
 * of a source seem to begin in that year: then the widest gap in the circle of the year is where the
 * logs begin, and what lies before it on the calendar belongs to the next year.
 */
#include "mailstory/source.h"

#include <string.h>

#include "finder.h"
#include "log_name.h"
#include "mailstory/error.h"

static const int64_t second_us = 1000000;
static const int64_t year_us = INT64_C(365) * 24 * 60 * 60 * 1000000;

void mst_source_free(MstSource *source)
{
    if (source == NULL)
        return;
    g_free(source->name);
    g_free(source->host);
    g_free(source->system);
    g_ptr_array_unref(source->files);
    g_free(source);
}

/* `SYSTEM[@HOST]=PATH` */
static bool add_by_hand(MstFinder *finder, const char *setting, GError **error)
{
    const char *equals = strchr(setting, '=');
    g_autofree char *system = equals == NULL ? NULL
                                             : g_strndup(setting, (size_t)(equals - setting));
    char *host = system == NULL ? NULL : strchr(system, '@');

    if (host != NULL)
        *host++ = '\0';
    if (system == NULL || *system == '\0' || equals[1] == '\0' || (host != NULL && *host == '\0')) {
        g_set_error(error, MST_ERROR, MST_ERROR_USAGE, "'%s' is not SYSTEM[@HOST]=PATH", setting);
        return false;
    }
    finder->system = system;
    finder->host = host;
    mst_finder_add(finder, equals + 1);
    finder->system = finder->host = NULL;
    return true;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In an order of their own, so that it does not matter under which of its names a file is met. */
static bool find_all(MstFinder *finder, const MstSourceQuery *query, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();

    for (char **setting = query->by_hand; setting != NULL && *setting != NULL; setting++) {
        if (!add_by_hand(finder, *setting, error))
            return false;
    }
    for (char **path = query->paths; path != NULL && *path != NULL; path++)
        g_ptr_array_add(paths, *path);
    g_ptr_array_sort(paths, by_text);
    for (guint i = 0; i < paths->len; i++)
        mst_finder_add(finder, paths->pdata[i]);
    return true;
}

/* Rotation may be quicker than the stamps' seconds: then the names say what is older. */
static int by_time(const MstLogFile *a, const MstLogFile *b)
{
    g_autofree char *name = g_path_get_basename(a->name);
    g_autofree char *other = g_path_get_basename(b->name);
    int64_t age = mst_log_name_age(name);
    int64_t other_age = mst_log_name_age(other);

    if (a->first_us != b->first_us)
        return a->first_us < b->first_us ? -1 : 1;
    if (age != other_age)
        return age > other_age ? -1 : 1;
    return strcmp(a->name, b->name);
}

static gint by_first_stamp(gconstpointer a, gconstpointer b)
{
    return by_time((*(MstFound *const *)a)->file, (*(MstFound *const *)b)->file);
}

/* Where the logs begin among the first n files, which are sorted as if all were of one year: 0, or
 * the file behind a gap that is twice as wide as the one around New Year. */
static guint beginning(const GPtrArray *found, guint n)
{
    int64_t first_us = ((const MstFound *)found->pdata[0])->file->first_us;
    int64_t before_us = first_us, widest_us = 0;
    guint behind_widest = 0;

    for (guint i = 1; i < n; i++) {
        int64_t begin_us = ((const MstFound *)found->pdata[i])->file->first_us;

        if (begin_us - before_us > widest_us) {
            widest_us = begin_us - before_us;
            behind_widest = i;
        }
        before_us = begin_us;
    }
    return widest_us > 2 * (year_us - (before_us - first_us)) ? behind_widest : 0;
}

static int64_t one_year_later(int64_t us)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(us / second_us);
    g_autoptr(GDateTime) later = g_date_time_add_years(now, 1);

    return g_date_time_to_unix(later) * second_us + us % second_us;
}

/* Sorts a source's files; `said_year` is the person's, or 0. */
static void order_files(GPtrArray *found, int said_year)
{
    guint n = 0, begin;

    g_ptr_array_sort(found, by_first_stamp);
    while (n < found->len && ((const MstFound *)found->pdata[n])->found_year)
        n++;
    if (said_year == 0 || n == 0)
        return;
    begin = beginning(found, n);
    for (guint i = 0; i < begin; i++) {
        MstLogFile *file = ((MstFound *)found->pdata[i])->file;

        file->first_us = one_year_later(file->first_us);
    }
    g_ptr_array_sort(found, by_first_stamp);
}

/* Takes the files of what was found. */
static MstSource *new_source(GPtrArray *found)
{
    const MstFound *first = found->pdata[0];
    g_autofree char *base = g_path_get_basename(first->file->name);
    g_autofree char *common = mst_log_name_common(base);
    MstSource *source = g_new0(MstSource, 1);

    source->name = g_strconcat(first->folder, common, NULL);
    source->host = g_strdup(first->host);
    source->system = g_strdup(first->system);
    source->files = g_ptr_array_new_with_free_func((GDestroyNotify)mst_log_file_free);
    for (guint i = 0; i < found->len; i++)
        g_ptr_array_add(source->files, g_steal_pointer(&((MstFound *)found->pdata[i])->file));
    return source;
}

/* What files of one source have in common. Caller frees. */
static char *key_of(const MstFound *found)
{
    g_autofree char *base = g_path_get_basename(found->file->name);
    g_autofree char *common = mst_log_name_common(base);

    return g_strjoin("\n", found->system != NULL ? found->system : "",
                     found->host != NULL ? found->host : "", found->folder, common, NULL);
}

static gint by_host_and_time(gconstpointer a, gconstpointer b)
{
    const MstSource *one = *(MstSource *const *)a;
    const MstSource *other = *(MstSource *const *)b;
    int order = 0;

    if ((one->host == NULL) != (other->host == NULL))
        return one->host == NULL ? 1 : -1;
    if (one->host != NULL)
        order = strcmp(one->host, other->host);
    return order != 0 ? order : by_time(one->files->pdata[0], other->files->pdata[0]);
}

/* A file and its copy are two sources, though they bear a common name: one does not follow the other
 * in time. */
static bool has_copy(const GPtrArray *files, const MstFound *found)
{
    for (guint i = 0; i < files->len; i++) {
        const MstFound *other = files->pdata[i];

        if (other->head == found->head && other->file->first_us == found->file->first_us)
            return true;
    }
    return false;
}

static GPtrArray *group(const GPtrArray *found, int said_year)
{
    g_autoptr(GHashTable) groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                         (GDestroyNotify)g_ptr_array_unref);
    GPtrArray *sources = g_ptr_array_new_with_free_func((GDestroyNotify)mst_source_free);
    GHashTableIter iter;
    gpointer files;

    for (guint i = 0; i < found->len; i++) {
        g_autofree char *key = key_of(found->pdata[i]);

        files = g_hash_table_lookup(groups, key);
        while (files != NULL && has_copy(files, found->pdata[i])) {
            char *other = g_strconcat(key, "\ncopy", NULL);

            g_free(key);
            key = other;
            files = g_hash_table_lookup(groups, key);
        }
        if (files == NULL) {
            files = g_ptr_array_new();
            g_hash_table_insert(groups, g_steal_pointer(&key), files);
        }
        g_ptr_array_add(files, found->pdata[i]);
    }
    g_hash_table_iter_init(&iter, groups);
    while (g_hash_table_iter_next(&iter, NULL, &files)) {
        order_files(files, said_year);
        g_ptr_array_add(sources, new_source(files));
    }
    g_ptr_array_sort(sources, by_host_and_time);
    return sources;
}

GPtrArray *mst_sources_find(const MstSourceQuery *query, GPtrArray *problems, GError **error)
{
    GPtrArray *sources = NULL;
    MstFinder finder;

    mst_finder_init(&finder, query->zones, problems);
    if (find_all(&finder, query, error))
        sources = group(finder.found, query->zones->year);
    mst_finder_clear(&finder);
    return sources;
}
