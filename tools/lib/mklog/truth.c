/* truth.c - what really happened, as CSV */
#include "truth.h"

#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

struct Truth {
    FILE *file; /* NULL: nobody wants to know */
    char *path;
};

static void set_error(GError **error, const char *path)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot write %s: %s",
                path, g_strerror(errno));
}

Truth *truth_new(const char *path, GError **error)
{
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    Truth *self;

    if (path != NULL && file == NULL) {
        set_error(error, path);
        return NULL;
    }
    if (file != NULL)
        fputs("host,qid,arrival,message_id,sender,client,recipient,status,dsn,attempts,link_qid,"
              "session,system,life,link_life\n",
              file);
    self = g_new0(Truth, 1);
    self->file = file;
    self->path = g_strdup(path);
    return self;
}

void truth_tell(Truth *self, const Hop *hop, const Outcome *outcome)
{
    const Client *client = hop->mail.client;

    if (self->file == NULL)
        return;
    fprintf(self->file, "%s,%s,%" PRId64 ".%06u,%s,%s,", hop->host->name, hop->id,
            hop->arrival / SECOND, (unsigned)(hop->arrival % SECOND), hop->mail.message_id,
            hop->mail.sender->text);
    if (client != NULL)
        fprintf(self->file, "%s[%s]", client->name, client->ip);
    fprintf(self->file, ",%s,%s,%s,%u,%s,%s,%s,%" PRIu64 ",", outcome->recipient->text,
            outcome->status, outcome->dsn, outcome->attempts, outcome->link, hop->mail.session,
            hop->host->system->name, hop->life);
    if (outcome->link_life != 0)
        fprintf(self->file, "%" PRIu64, outcome->link_life);
    putc('\n', self->file);
}

bool truth_free(Truth *self, GError **error)
{
    bool done = self->file == NULL || (!ferror(self->file) && fclose(self->file) == 0);

    if (!done)
        set_error(error, self->path);
    g_free(self->path);
    g_free(self);
    return done;
}
