/*
 * finder.c - walks what is asked for, and looks at the first lines of each file
 *
 * What is named by hand is read whatever it is, a pipe too, which cannot be looked into twice; in a
 * folder only files are. A tar archive stands for the files in it; it is walked once, and each member is
 * looked at as it comes by.
 */
#include "finder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "envelope.h"
#include "log_name.h"
#include "mailstory/error.h"
#include "tap.h"
#include "tar.h"

enum { HEAD = 512 }; /* bytes that tell a file from another of its log: some lines */

/* Where a walk stands. */
typedef struct Place {
    const char *path; /* of the folder, as shown, with its '/'; "" for none */
    const char *host; /* of the nearest folder that names one; NULL */
} Place;

static void found_free(MstFound *found)
{
    mst_log_file_free(found->file);
    g_free(found->folder);
    g_free(found->host);
    g_free(found->system);
    g_free(found);
}

void mst_finder_init(MstFinder *self, const MstZones *zones, GPtrArray *problems)
{
    *self = (MstFinder){.zones = zones, .problems = problems};
    self->found = g_ptr_array_new_with_free_func((GDestroyNotify)found_free);
    self->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void mst_finder_clear(MstFinder *self)
{
    g_ptr_array_unref(self->found);
    g_hash_table_unref(self->seen);
}

/* Takes the error. */
static void complain(MstFinder *self, const char *name, GError *error)
{
    g_prefix_error(&error, "%s: ", name);
    g_ptr_array_add(self->problems, error);
}

static void complain_errno(MstFinder *self, const char *name)
{
    complain(self, name,
             g_error_new(MST_ERROR, MST_ERROR_READ, "cannot open: %s", g_strerror(errno)));
}

/* Adds a file that is shown as `folder` and `name`. */
static MstFound *add(MstFinder *self, const Place *place, const char *name, const char *path)
{
    MstFound *found = g_new0(MstFound, 1);
    const char *host = self->host != NULL ? self->host : place->host;

    found->file = g_new0(MstLogFile, 1);
    found->file->name = g_strconcat(place->path, name, NULL);
    found->file->path = g_strdup(path);
    found->file->bytes = -1;
    found->file->first_us = INT64_MAX;
    found->folder = g_strdup(place->path);
    found->host = g_strdup(host);
    found->system = g_strdup(self->system);
    g_ptr_array_add(self->found, found);
    return found;
}

/* The time of a record of quoted fields, as XMail's logs have them: the first that is a stamp; 0 if
 * there is none. */
static int64_t quoted_time(MstSlice line, GTimeZone *zone)
{
    const char *end = line.ptr + line.len;
    const char *at = line.len > 0 && *line.ptr == '"' ? line.ptr : NULL;

    while (at != NULL && at + 1 < end) {
        MstSlice field = mst_slice(at + 1, end);
        MstStamp stamp;
        size_t len = field.len > 4 && field.ptr[4] == '-' ? mst_stamp_scan(field, &stamp) : 0;

        if (len > 0 && len < field.len && field.ptr[len] == '"')
            return mst_stamp_us(&stamp, stamp.year, zone);
        at = memchr(field.ptr, '"', field.len);
    }
    return 0;
}

/* Looks for the first stamp in what comes next. A break is for the one who reads the file. */
static void look(const MstFinder *self, MstFound *found, MstTap *tap)
{
    MstEnvelope *envelope = mst_envelope_new(self->zones, mst_slice_of(found->host));
    const char *at;
    gssize len = mst_tap_look(tap, MST_TAP_AHEAD, &at, NULL);
    const char *end = at + MAX(len, 0);

    found->head = XXH3_64bits(at, (size_t)MIN(MAX(len, 0), HEAD));
    mst_envelope_begin_file(envelope, found->file->mtime_us);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        MstLine line = {.whole = mst_slice(at, newline == NULL ? end : newline)};

        if (!mst_envelope_read(envelope, &line))
            line.time_us = quoted_time(line.whole,
                                       mst_zones_of(self->zones, mst_slice_of(found->host)));
        if (line.time_us != 0) {
            found->file->first_us = line.time_us;
            found->found_year = mst_envelope_found_year(envelope);
            break;
        }
        at = newline == NULL ? end : newline + 1;
    }
    mst_envelope_free(envelope);
}

/* The nearest host among the folders of a path with a '/' behind each, else `host`. Caller frees. */
static char *host_among(const char *folders, const char *host)
{
    char **names = g_strsplit(folders, "/", -1);
    const char *nearest = host;
    char *copy;

    for (char **name = names; *name != NULL; name++) {
        if (mst_log_name_is_host(*name))
            nearest = *name;
    }
    copy = g_strdup(nearest);
    g_strfreev(names);
    return copy;
}

/* `./mx1/mail.log` is shown as `mx1/mail.log`. */
static const char *skip_here(const char *path)
{
    while (g_str_has_prefix(path, "./"))
        for (path += 2; *path == '/'; path++)
            continue;
    return path;
}

static void add_member(MstFinder *self, MstTar *tar, const MstTarMember *member,
                       const MstLogFile *archive, const char *host)
{
    const char *shown = skip_here(member->name);
    const char *slash = strrchr(shown, '/');
    const char *base = slash == NULL ? shown : slash + 1;
    g_autofree char *folders = g_strndup(shown, (size_t)(base - shown));
    g_autofree char *path = g_strconcat(archive->name, "/", folders, NULL);
    g_autofree char *nearest = host_among(folders, host);
    MstFound *found;
    MstTap *tap;

    if (*base == '\0' || mst_log_name_is_skipped(base))
        return;
    found = add(self, &(Place){path, nearest}, base, archive->path);
    found->file->member = g_strdup(member->name);
    found->file->mtime_us = member->mtime_us;
    found->file->bytes = member->bytes;
    tap = mst_tap_new_inflated(mst_tar_open(tar), NULL);
    if (tap != NULL)
        look(self, found, tap);
    mst_tap_free(tap);
}

/* Takes `inside`. */
static void walk_tar(MstFinder *self, MstTap *inside, const MstLogFile *archive, const char *host)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GError *error = NULL;
    MstTar *tar = mst_tar_new(inside, &error);
    MstTarMember member;

    while (tar != NULL && mst_tar_next(tar, &member, &error) > 0) {
        if (g_hash_table_add(names, g_strdup(member.name)))
            add_member(self, tar, &member, archive, host);
    }
    mst_tar_free(tar);
    if (error != NULL)
        complain(self, archive->name, error);
}

/* Opens a file that was just added, to see what it is. An archive is none itself. */
static void look_into(MstFinder *self, MstFound *found)
{
    int fd = open(found->file->path, O_RDONLY | O_CLOEXEC);
    GError *error = NULL;
    const char *head;
    gssize len;
    MstTap *tap;

    if (fd < 0) {
        complain_errno(self, found->file->name);
        g_ptr_array_remove(self->found, found);
        return;
    }
    tap = mst_tap_new_inflated(mst_tap_new_file(fd), &error);
    if (tap == NULL) {
        complain(self, found->file->name, error);
        g_ptr_array_remove(self->found, found);
        return;
    }
    len = mst_tap_look(tap, MST_TAR_HEADER, &head, NULL);
    if (len > 0 && mst_tar_is(head, (size_t)len)) {
        walk_tar(self, tap, found->file, found->host);
        g_ptr_array_remove(self->found, found);
        return;
    }
    look(self, found, tap);
    mst_tap_free(tap);
}

static bool see(MstFinder *self, const struct stat *status)
{
    return g_hash_table_add(self->seen,
                            g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                            (guint64)status->st_dev, (guint64)status->st_ino));
}

static void add_file(MstFinder *self, const Place *place, const char *name, const char *path,
                     const struct stat *status)
{
    MstFound *found;

    if (!see(self, status))
        return;
    found = add(self, place, name, path);
    if (!S_ISREG(status->st_mode)) {
        found->file->mtime_us = g_get_real_time();
        return;
    }
    found->file->bytes = status->st_size;
    found->file->mtime_us = (int64_t)status->st_mtim.tv_sec * 1000000 +
                            status->st_mtim.tv_nsec / 1000;
    look_into(self, found);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted; NULL if it cannot be read. */
static GPtrArray *names_in(MstFinder *self, const char *path)
{
    GError *error = NULL;
    GDir *dir = g_dir_open(path, 0, &error);
    GPtrArray *names;
    const char *name;

    if (dir == NULL) {
        g_ptr_array_add(self->problems,
                        g_error_new_literal(MST_ERROR, MST_ERROR_READ, error->message));
        g_error_free(error);
        return NULL;
    }
    names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (!mst_log_name_is_skipped(name))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_dir_close(dir);
    g_ptr_array_sort(names, by_name);
    return names;
}

/* `path` is the folder's, without a '/' behind it; `place` shows it. */
static void walk_folder(MstFinder *self, const Place *place, const char *path)
{
    g_autoptr(GPtrArray) names = names_in(self, path);
    struct stat status;

    for (guint i = 0; names != NULL && i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *inner = g_build_filename(path, name, NULL);

        if (lstat(inner, &status) == 0 && S_ISDIR(status.st_mode)) {
            g_autofree char *shown = g_strconcat(place->path, name, "/", NULL);

            walk_folder(self, &(Place){shown, mst_log_name_is_host(name) ? name : place->host},
                        inner);
        } else if (stat(inner, &status) != 0) {
            complain_errno(self, inner);
        } else if (S_ISREG(status.st_mode)) {
            add_file(self, place, name, inner, &status);
        }
    }
}

/* A folder that was named: what it is itself called counts, what lies above does not. */
static void add_folder(MstFinder *self, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    const char *shown = skip_here(path);
    const char *slash = g_str_has_suffix(shown, "/") ? "" : "/";
    bool is_here = strcmp(shown, ".") == 0 || *shown == '\0';
    g_autofree char *folder = is_here ? g_strdup("") : g_strconcat(shown, slash, NULL);

    walk_folder(self, &(Place){folder, mst_log_name_is_host(base) ? base : NULL}, path);
}

/* A file that was named: the folders it was written with count. */
static void add_named_file(MstFinder *self, const char *path, const struct stat *status)
{
    const char *shown = skip_here(path);
    const char *slash = strrchr(shown, '/');
    const char *base = slash == NULL ? shown : slash + 1;
    g_autofree char *folder = g_strndup(shown, (size_t)(base - shown));
    g_autofree char *host = S_ISREG(status->st_mode) ? host_among(folder, NULL) : NULL;

    add_file(self, &(Place){folder, host}, base, path, status);
}

void mst_finder_add(MstFinder *self, const char *path)
{
    struct stat status;

    if (strcmp(path, "-") == 0) {
        if (g_hash_table_add(self->seen, g_strdup(path)))
            add(self, &(Place){"", NULL}, path, path)->file->mtime_us = g_get_real_time();
    } else if (stat(path, &status) != 0) {
        complain_errno(self, path);
    } else if (S_ISDIR(status.st_mode)) {
        add_folder(self, path);
    } else {
        add_named_file(self, path, &status);
    }
}
