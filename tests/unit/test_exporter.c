/* test_exporter.c - whole tables of two stories made by hand, and what happens when writing fails */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/hands.h"
#include "mailstory/error.h"
#include "mailstory/exporter.h"

/* 2026-11-21T22:06:54Z; the stories happen within the minutes after it. */
#define START INT64_C(1795298814000000)
#define AFTER(seconds) (START + (int64_t)((seconds)*1000000))

static const char *const table_names[] = {"stories", "deliveries", "hops",
                                          "events",  "lines",      "sources"};

/* --- two stories ------------------------------------------------------------------------------ */

/*
 * Ann's message comes to mx1 from a client and goes on to hub for two of its recipients; the third
 * is refused, and mx1 says so in a notification, the second story.
 */
typedef struct World {
    MstHost mx1, hub;
    MstEvidence accept, sender, sent, accept_hub, notify, connect;
    MstHopExtras extras_of_first, extras_of_second, extras_of_loose;
    MstHop first, second, bounce, loose;
    MstLink onward, about;
    MstOutcome outcomes[3], bounced;
    MstHop *hops[2], *bounces[1];
    MstStory story, notification, dialogue;
} World;

static GArray *outcomes_of(const MstOutcome *outcomes, guint count)
{
    GArray *array = g_array_new(FALSE, FALSE, sizeof *outcomes);

    return g_array_append_vals(array, outcomes, count);
}

static void make_evidence(World *w)
{
    const MstEvidence common = {.resolution_us = 1000000,
                                .pid = 4711,
                                .process = "postfix/smtpd",
                                .queue_id = "4ZkVqL3tXn",
                                .file = "mx1/mail.log"};

    w->accept = w->sender = w->sent = w->accept_hub = w->notify = w->connect = common;
    w->accept.time_us = AFTER(0);
    w->accept.kind = MST_EVENT_ACCEPT;
    w->accept.detail = "client.example.org";
    w->accept.line = 10;
    w->sender.time_us = AFTER(0);
    w->sender.kind = MST_EVENT_SENDER;
    w->sender.process = "postfix/qmgr";
    w->sender.pid = 0;
    w->sender.detail = "ann@example.test";
    w->sender.line = 11;
    w->sent.time_us = AFTER(2);
    w->sent.kind = MST_EVENT_RESULT;
    w->sent.action = MST_ACTION_RELAYED;
    w->sent.recipient = "bob@example.test";
    w->sent.detail = "=HYPERLINK(\"x\")";
    w->sent.line = 14;
    w->accept_hub.time_us = AFTER(1.5);
    w->accept_hub.resolution_us = 1;
    w->accept_hub.kind = MST_EVENT_ACCEPT;
    w->accept_hub.process = "sm-mta";
    w->accept_hub.queue_id = "6ALM6sXh000086";
    w->accept_hub.file = "hub/maillog";
    w->accept_hub.line = 3;
    w->notify.time_us = AFTER(2);
    w->notify.kind = MST_EVENT_NOTIFY;
    w->notify.process = "postfix/bounce";
    w->notify.detail = "4ZkVqN0abc";
    w->notify.line = 15;
    w->connect.kind = MST_EVENT_CONNECT;
    w->connect.resolution_us = 0;
    w->connect.queue_id = NULL;
    w->connect.line = 20;
    w->accept.next = &w->sender;
    w->sender.next = &w->sent;
    w->sent.next = &w->notify;
}

static void make_hops(World *w)
{
    w->mx1.name = (char *)"mx1.example.test";
    w->hub.name = (char *)"hub";
    w->extras_of_first = (MstHopExtras){
        .user = "ann", .filter = "accepted by rule 7", .evidence = &w->accept};
    w->extras_of_second = (MstHopExtras){.filter = "clean", .evidence = &w->accept_hub};
    w->first = (MstHop){.host = &w->mx1,
                        .system = MST_SYSTEM_POSTFIX,
                        .queue_id = "4ZkVqL3tXn",
                        .first_us = AFTER(0),
                        .last_us = AFTER(2),
                        .accepted_us = AFTER(0),
                        .client_name = "client.example.org",
                        .client_ip = "192.0.2.7",
                        .message_id = "<1@example.test>",
                        .size = 2048,
                        .recipients = 3,
                        .number = 1,
                        .extras = &w->extras_of_first};
    w->second = (MstHop){.host = &w->hub,
                         .system = MST_SYSTEM_SENDMAIL,
                         .queue_id = "6ALM6sXh000086",
                         .first_us = AFTER(1.5),
                         .last_us = AFTER(3.25),
                         .sender = "ann@example.test",
                         .message_id = "<2@example.test>",
                         .size = -1,
                         .recipients = -1,
                         .n_deliveries = 2,
                         .number = 2,
                         .extras = &w->extras_of_second};
    w->bounce = (MstHop){.host = &w->mx1,
                         .system = MST_SYSTEM_POSTFIX,
                         .queue_id = "4ZkVqN0abc",
                         .first_us = AFTER(2),
                         .last_us = AFTER(4),
                         .sender = "",
                         .size = 0,
                         .recipients = -1,
                         .number = 1};
    w->onward = (MstLink){.from = &w->first,
                          .to = &w->second,
                          .method = MST_LINK_REPLY_ID,
                          .confidence = MST_CONFIDENCE_EXACT,
                          .candidates = 1,
                          .dt_us = -500000};
    w->about = (MstLink){.from = &w->first,
                         .to = &w->bounce,
                         .method = MST_LINK_NOTIFY,
                         .confidence = MST_CONFIDENCE_EXACT,
                         .candidates = 1};
    w->second.into = &w->onward;
    w->bounce.into = &w->about;
}

static void make_outcomes(World *w)
{
    w->outcomes[0] = (MstOutcome){
        .recipient = "bob@example.test",
        .original = "bob@example.test",
        .action = MST_ACTION_DELIVERED,
        .status = "2.0.0",
        .reply = "Sent",
        .attempts = 1,
        .first_us = AFTER(0),
        .final_us = AFTER(3.25),
        .hop = &w->second,
        .relay = "local",
        .path = "mx1.example.test/postfix/4ZkVqL3tXn > hub/sendmail/6ALM6sXh000086"};
    w->outcomes[1] = w->outcomes[0];
    w->outcomes[1].recipient = "carol@example.test";
    w->outcomes[1].original = "sales@example.test";
    w->outcomes[1].action = MST_ACTION_DELAYED;
    w->outcomes[1].status = "4.4.1";
    w->outcomes[1].reply = NULL;
    w->outcomes[1].attempts = 0;
    w->outcomes[1].relay = NULL;
    w->outcomes[1].confidence = MST_CONFIDENCE_STRONG;
    w->outcomes[2] = (MstOutcome){.recipient = "-dave@example.net",
                                  .original = "",
                                  .action = MST_ACTION_FAILED,
                                  .status = "5.1.1",
                                  .reply_code = 550,
                                  .reply = "no such user: -dave\r\nbye",
                                  .attempts = 2,
                                  .first_us = AFTER(0),
                                  .final_us = AFTER(1) + 1,
                                  .hop = &w->first,
                                  .relay = "mail.example.net",
                                  .relay_ip = "198.51.100.25",
                                  .path = "mx1.example.test/postfix/4ZkVqL3tXn"};
    w->bounced = (MstOutcome){.recipient = "ann@example.test",
                              .original = "ann@example.test",
                              .action = MST_ACTION_UNKNOWN,
                              .hop = &w->bounce,
                              .path = "mx1.example.test/postfix/4ZkVqN0abc"};
}

static void make_stories(World *w)
{
    w->story = (MstStory){.id = 0xc0ffee,
                          .first_us = AFTER(0),
                          .last_us = AFTER(3.25),
                          .hops = w->hops,
                          .n_hops = 2,
                          .first = &w->first,
                          .outcomes = outcomes_of(w->outcomes, 3),
                          .action = MST_ACTION_MIXED,
                          .recipients = 3,
                          .delivered = 1,
                          .failed = 1,
                          .pending = 1,
                          .confidence = MST_CONFIDENCE_STRONG,
                          .notes = "notification 00000000000000aa"};
    w->first.story = w->second.story = &w->story;
    w->bounce.story = &w->notification;
    w->hops[0] = &w->first;
    w->hops[1] = &w->second;
    w->notification = (MstStory){.id = 0xaa,
                                 .first_us = AFTER(2),
                                 .last_us = AFTER(4),
                                 .hops = w->bounces,
                                 .n_hops = 1,
                                 .first = &w->bounce,
                                 .outcomes = outcomes_of(&w->bounced, 1),
                                 .action = MST_ACTION_UNKNOWN,
                                 .recipients = 1,
                                 .pending = 1,
                                 .related_to = 0xc0ffee,
                                 .notes = ""};
    w->bounces[0] = &w->bounce;
    w->loose = (MstHop){.host = &w->mx1, .system = MST_SYSTEM_POSTFIX};
    w->extras_of_loose = (MstHopExtras){.evidence = &w->connect};
    w->loose.extras = &w->extras_of_loose;
    w->dialogue = (MstStory){.first = &w->loose, .loose = true};
}

static void make_world(World *w)
{
    make_evidence(w);
    make_hops(w);
    make_outcomes(w);
    make_stories(w);
}

static void clear_world(World *w)
{
    g_array_free((GArray *)w->story.outcomes, TRUE);
    g_array_free((GArray *)w->notification.outcomes, TRUE);
}

static void add_lines(MstExporter *exporter)
{
    static const MstStrangeLine lines[] = {
        {7, {MST_FATE_NOISE, "statistics"}, MST_LIT_INIT("postfix/anvil"), MST_LIT_INIT("a, b")},
        {8, {MST_FATE_FOREIGN, NULL}, MST_LIT_INIT("sshd"), MST_LIT_INIT("=cmd")},
        {9, {MST_FATE_FOREIGN, NULL}, {NULL, 0}, MST_LIT_INIT("")},
        {12, {MST_FATE_BROKEN, "no envelope"}, {NULL, 0}, MST_LIT_INIT("\x1b[2J\xff")},
        {13, {MST_FATE_DUPLICATE, "also in the central log"}, {NULL, 0}, MST_LIT_INIT("x")},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        mst_exporter_line(exporter, "mx1/mail.log", &lines[i]);
}

static void add_sources(MstExporter *exporter)
{
    MstLogFile log = {.name = (char *)"mx1/mail.log.gz", .bytes = 1234};
    MstLogFile cut = {.name = (char *)"cut.log", .bytes = -1};
    MstFileTally whole = {.file = &log,
                          .format = "gzip",
                          .host = "mx1.example.test",
                          .systems = 1u << MST_SYSTEM_POSTFIX | 1u << MST_SYSTEM_SENDMAIL,
                          .fates = {[MST_FATE_EVENT] = 100,
                                    [MST_FATE_CONTINUATION] = 20,
                                    [MST_FATE_NOISE] = 3,
                                    [MST_FATE_FOREIGN] = 4,
                                    [MST_FATE_BROKEN] = 5,
                                    [MST_FATE_DUPLICATE] = 1000},
                          .events = 117,
                          .first_us = AFTER(0),
                          .last_us = AFTER(60),
                          .longest_gap_us = 30500000};
    MstFileTally broken = {
        .file = &cut, .format = "plain", .host = "", .note = "damaged at byte 7: no data"};

    mst_exporter_source(exporter, &whole, "0123abcd");
    mst_exporter_source(exporter, &broken, NULL);
}

static void add_stories(MstExporter *exporter)
{
    World w;

    make_world(&w);
    mst_exporter_story(exporter, &w.story);
    mst_exporter_story(exporter, &w.notification);
    mst_exporter_story(exporter, &w.dialogue);
    clear_world(&w);
}

static void add_all(MstExporter *exporter)
{
    add_stories(exporter);
    add_lines(exporter);
    add_sources(exporter);
}

/* --- folders ---------------------------------------------------------------------------------- */

static int make_folder(void **state)
{
    *state = g_dir_make_tmp("test_exporter.XXXXXX", NULL);
    return *state == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    g_autofree char *folder = *state;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_unlink(path);
    }
    return g_rmdir(folder);
}

static guint count_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;

    assert_non_null(dir);
    while (g_dir_read_name(dir) != NULL)
        count++;
    return count;
}

static char *contents(const char *folder, const char *table)
{
    g_autofree char *name = g_strconcat(table, ".csv", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static const MstCsvStyle plain = {.delimiter = ','};

static MstExporter *exporter_into(const char *folder, const MstCsvStyle *style)
{
    g_autoptr(GError) error = NULL;
    MstExporter *exporter = mst_exporter_new_folder(folder, style, &error);

    assert_null(error);
    assert_non_null(exporter);
    return exporter;
}

static void write_many(const char *folder, const MstCsvStyle *style, guint times)
{
    g_autoptr(GError) error = NULL;
    MstExporter *exporter = exporter_into(folder, style);

    for (guint i = 0; i < times; i++)
        add_all(exporter);
    assert_true(mst_exporter_finish(exporter, &error));
    assert_null(error);
    assert_false(mst_exporter_failed(exporter));
    mst_exporter_free(exporter);
}

static void write_all(const char *folder, const MstCsvStyle *style)
{
    write_many(folder, style, 1);
}

/* --- whole tables ----------------------------------------------------------------------------- */

/* The rows under the header; `|` is the way from one cell to the next. */
static const struct TableCase {
    const char *table;
    const char *rows;
} table_cases[] = {
    {"stories",
     "0000000000c0ffee|2026-11-21T22:06:54Z|2026-11-21T22:06:57.250000Z|3.25|mixed|"
     "<1@example.test>|ann@example.test|3|1|1|1|2048|client.example.org|192.0.2.7|ann|2|"
     "mx1.example.test/postfix/4ZkVqL3tXn > hub/sendmail/6ALM6sXh000086|postfix sendmail|"
     "accepted by rule 7; clean|||strong|notification 00000000000000aa\n"
     "00000000000000aa|2026-11-21T22:06:56Z|2026-11-21T22:06:58Z|2|unknown||<>|1|0|0|1|0||||1|"
     "mx1.example.test/postfix/4ZkVqN0abc|postfix||0000000000c0ffee|notification|exact|\n"},
    {"deliveries",
     "0000000000c0ffee|<1@example.test>|ann@example.test|bob@example.test|bob@example.test|"
     "delivered|2.0.0||Sent|2026-11-21T22:06:54Z|2026-11-21T22:06:57.250000Z|3.25|1|hub|sendmail|"
     "6ALM6sXh000086|local||mx1.example.test/postfix/4ZkVqL3tXn > hub/sendmail/6ALM6sXh000086|"
     "exact\n"
     "0000000000c0ffee|<1@example.test>|ann@example.test|carol@example.test|sales@example.test|"
     "delayed|4.4.1|||2026-11-21T22:06:54Z|2026-11-21T22:06:57.250000Z|3.25|0|hub|sendmail|"
     "6ALM6sXh000086|||mx1.example.test/postfix/4ZkVqL3tXn > hub/sendmail/6ALM6sXh000086|"
     "strong\n"
     "0000000000c0ffee|<1@example.test>|ann@example.test|'-dave@example.net||failed|5.1.1|550|"
     "no such user: -dave\\x0d\\x0abye|2026-11-21T22:06:54Z|2026-11-21T22:06:55.000001Z|1.000001|"
     "2|mx1.example.test|postfix|4ZkVqL3tXn|mail.example.net|198.51.100.25|"
     "mx1.example.test/postfix/4ZkVqL3tXn|exact\n"
     "00000000000000aa||<>|ann@example.test|ann@example.test|unknown|||||||0|mx1.example.test|"
     "postfix|4ZkVqN0abc|||mx1.example.test/postfix/4ZkVqN0abc|exact\n"},
    {"hops",
     "0000000000c0ffee|1|mx1.example.test|postfix|4ZkVqL3tXn|2026-11-21T22:06:54Z|"
     "2026-11-21T22:06:56Z|2026-11-21T22:06:54Z|client.example.org|192.0.2.7||<1@example.test>|"
     "2048|3|||||\n"
     "0000000000c0ffee|2|hub|sendmail|6ALM6sXh000086|2026-11-21T22:06:55.500000Z|"
     "2026-11-21T22:06:57.250000Z||||ann@example.test|<2@example.test>||2|1|reply-id|exact|1|"
     "-0.5\n"
     "00000000000000aa|1|mx1.example.test|postfix|4ZkVqN0abc|2026-11-21T22:06:56Z|"
     "2026-11-21T22:06:58Z||||<>||0||0000000000c0ffee:1|notify|exact|1|0\n"},
    {"events", /* by time; the two of one second as the log has them */
     "0000000000c0ffee|1|2026-11-21T22:06:54Z|1||mx1.example.test|postfix|postfix/smtpd|4711|"
     "accept|4ZkVqL3tXn|||client.example.org|mx1/mail.log|10\n"
     "0000000000c0ffee|1|2026-11-21T22:06:54Z|1||mx1.example.test|postfix|postfix/qmgr||sender|"
     "4ZkVqL3tXn|||ann@example.test|mx1/mail.log|11\n"
     "0000000000c0ffee|2|2026-11-21T22:06:55.500000Z|0.000001||hub|sendmail|sm-mta|4711|accept|"
     "6ALM6sXh000086||||hub/maillog|3\n"
     "0000000000c0ffee|1|2026-11-21T22:06:56Z|1||mx1.example.test|postfix|postfix/smtpd|4711|"
     "result|4ZkVqL3tXn|bob@example.test|relayed|'=HYPERLINK(\"\"x\"\")|mx1/mail.log|14\n"
     "0000000000c0ffee|1|2026-11-21T22:06:56Z|1||mx1.example.test|postfix|postfix/bounce|4711|"
     "notify|4ZkVqL3tXn|||4ZkVqN0abc|mx1/mail.log|15\n"
     "|||||mx1.example.test|postfix|postfix/smtpd|4711|connect|||||mx1/mail.log|20\n"},
    {"lines", "mx1/mail.log|7|noise: statistics|a, b\n"
              "mx1/mail.log|8|foreign: sshd|'=cmd\n"
              "mx1/mail.log|9|foreign|\n"
              "mx1/mail.log|12|broken: no envelope|\\x1b[2J\\xff\n"
              "mx1/mail.log|13|duplicate: also in the central log|x\n"},
    {"sources", /* lines: the sum of all fates */
     "mx1/mail.log.gz|mx1.example.test|postfix sendmail|gzip|1234|0123abcd|1132|117|3|4|5|"
     "2026-11-21T22:06:54Z|2026-11-21T22:07:54Z|30.5||\n"
     "cut.log|||plain|||0|0|0|0|0|||||damaged at byte 7: no data\n"},
};

/* `a|b` as a row of quoted cells. */
static char *quoted(const char *rows)
{
    GString *text = g_string_new("\"");

    g_string_append_len(text, rows, (gssize)strlen(rows) - 1);
    g_string_replace(text, "|", "\",\"", 0);
    g_string_replace(text, "\n", "\"\n\"", 0);
    g_string_append(text, "\"\n");
    return g_string_free(text, FALSE);
}

static void check_table(void **state)
{
    const struct TableCase *c = *state;
    g_autofree char *folder = g_dir_make_tmp("test_exporter.XXXXXX", NULL);
    g_autofree char *expected = quoted(c->rows);
    g_autofree char *actual = NULL;
    void *leaving;

    write_all(folder, &plain);
    assert_int_equal(count_files(folder), G_N_ELEMENTS(table_names));
    actual = contents(folder, c->table);
    leaving = g_steal_pointer(&folder);
    remove_folder(&leaving);
    assert_non_null(actual);
    assert_non_null(strchr(actual, '\n'));
    assert_string_equal(strchr(actual, '\n') + 1, expected);
}

/* Hub's clock is so slow that its hop seems to come before the one that handed it over. */
static void check_hops_out_of_order(void **state)
{
    const char *folder = *state;
    MstExporter *exporter = exporter_into(folder, &plain);
    g_autofree char *stories = NULL;
    World w;

    make_world(&w);
    w.story.hops[0] = &w.second;
    w.story.hops[1] = &w.first;
    mst_exporter_story(exporter, &w.story);
    clear_world(&w);
    assert_true(mst_exporter_finish(exporter, NULL));
    mst_exporter_free(exporter);
    stories = contents(folder, "stories");
    assert_non_null(strstr(stories, ",\"2048\",\"client.example.org\",\"192.0.2.7\",\"ann\","));
    assert_non_null(strstr(stories, "\"hub/sendmail/6ALM6sXh000086 > mx1.example.test/postfix/"));
}

/* --- the contract ----------------------------------------------------------------------------- */

/* The first cells of the rows under `## TABLE.csv` that begin with a name in backquotes. */
static char *documented_names(const char *table)
{
    g_autofree char *page = NULL;
    g_autofree char *heading = g_strdup_printf("\n## %s.csv\n", table);
    GString *names = g_string_new(NULL);
    const char *section;
    g_auto(GStrv) lines = NULL;

    assert_true(g_file_get_contents(MST_SOURCE_DIR "/docs/csv-columns.md", &page, NULL, NULL));
    section = strstr(page, heading);
    assert_non_null(section);
    lines = g_strsplit(section + strlen(heading), "\n", -1);
    for (char **line = lines; *line != NULL && !g_str_has_prefix(*line, "## "); line++) {
        g_auto(GStrv) parts = g_strsplit(*line, "`", 3);

        if (!g_str_equal(parts[0] != NULL ? parts[0] : "", "| "))
            continue;
        g_string_append_printf(names, "%s\"%s\"", names->len > 0 ? "," : "", parts[1]);
    }
    return g_string_free(names, FALSE);
}

static void check_headers(void **state)
{
    const char *folder = *state;

    write_all(folder, &plain);
    for (size_t i = 0; i < G_N_ELEMENTS(table_names); i++) {
        g_autofree char *expected = documented_names(table_names[i]);
        g_autofree char *actual = contents(folder, table_names[i]);

        assert_non_null(actual);
        *strchr(actual, '\n') = '\0';
        assert_string_equal(actual, expected);
    }
}

static void check_style(void **state)
{
    static const MstCsvStyle style = {.delimiter = ';', .crlf = true, .bom = true, .raw = true};
    const char *folder = *state;
    g_autofree char *lines = NULL;

    write_all(folder, &style);
    lines = contents(folder, "lines");
    assert_string_equal(lines,
                        "\xef\xbb\xbf\"file\";\"line\";\"reason\";\"text\"\r\n"
                        "\"mx1/mail.log\";\"7\";\"noise: statistics\";\"a, b\"\r\n"
                        "\"mx1/mail.log\";\"8\";\"foreign: sshd\";\"=cmd\"\r\n"
                        "\"mx1/mail.log\";\"9\";\"foreign\";\"\"\r\n"
                        "\"mx1/mail.log\";\"12\";\"broken: no envelope\";\"\\x1b[2J\\xff\"\r\n"
                        "\"mx1/mail.log\";\"13\";\"duplicate: also in the central log\";\"x\"\r\n");
}

static void check_zone(void **state)
{
    g_autoptr(GTimeZone) tokyo = g_time_zone_new_identifier("Asia/Tokyo");
    MstCsvStyle style = {.delimiter = ',', .local = tokyo};
    const char *folder = *state;
    g_autofree char *sources = NULL;

    if (tokyo == NULL)
        skip();
    write_all(folder, &style);
    sources = contents(folder, "sources");
    assert_non_null(strstr(sources, "\"2026-11-22T07:06:54+09:00\",\"2026-11-22T07:07:54+09:00\""));
}

/* --- names of files --------------------------------------------------------------------------- */

static void check_nothing_is_left_unfinished(void **state)
{
    const char *folder = *state;
    MstExporter *exporter = exporter_into(folder, &plain);

    add_all(exporter);
    assert_int_equal(count_files(folder), G_N_ELEMENTS(table_names)); /* under other names */
    for (size_t table = 0; table < G_N_ELEMENTS(table_names); table++)
        assert_null(contents(folder, table_names[table]));
    mst_exporter_free(exporter);
    assert_int_equal(count_files(folder), 0);
}

static void check_old_tables_stay(void **state)
{
    const char *folder = *state;
    g_autofree char *path = g_build_filename(folder, "stories.csv", NULL);
    g_autofree char *kept = NULL;
    g_autofree char *replaced = NULL;
    MstExporter *exporter;

    assert_true(g_file_set_contents(path, "old", -1, NULL));
    exporter = exporter_into(folder, &plain);
    add_all(exporter);
    mst_exporter_free(exporter);
    kept = contents(folder, "stories");
    assert_string_equal(kept, "old");
    write_all(folder, &plain);
    replaced = contents(folder, "stories");
    assert_true(g_str_has_prefix(replaced, "\"story_id\","));
}

static void check_folders_are_made(void **state)
{
    const char *folder = *state;
    g_autofree char *outer = g_build_filename(folder, "case", NULL);
    g_autofree char *inner = g_build_filename(outer, "7", NULL);
    void *leaving = g_strdup(inner);

    write_all(inner, &plain);
    assert_int_equal(count_files(inner), G_N_ELEMENTS(table_names));
    assert_int_equal(remove_folder(&leaving), 0);
    assert_int_equal(g_rmdir(outer), 0);
}

/* The person's umask decides who may read a table, as with any other file. */
static void check_permissions(void **state)
{
    const char *folder = *state;
    g_autofree char *path = g_build_filename(folder, "events.csv", NULL);
    mode_t before = umask(027);
    GStatBuf status;

    write_all(folder, &plain);
    umask(before);
    assert_int_equal(g_stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

/* --- failures --------------------------------------------------------------------------------- */

static void check_folder_that_cannot_be(void **state)
{
    const char *folder = *state;
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    g_autofree char *below = g_build_filename(file, "out", NULL);
    g_autoptr(GError) error = NULL;

    assert_true(g_file_set_contents(file, "", -1, NULL));
    assert_null(mst_exporter_new_folder(below, &plain, &error));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_WRITE));
    assert_non_null(strstr(error->message, below));
}

/* /proc is a folder in which nobody makes files. */
static void check_folder_that_takes_no_files(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    if (!g_file_test("/proc/self", G_FILE_TEST_IS_DIR))
        skip();
    assert_null(mst_exporter_new_folder("/proc/self", &plain, &error));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_WRITE));
    assert_true(g_str_has_prefix(error->message, "cannot write /proc/self/stories.csv: "));
}

/* More rows than a block holds. */
static void check_many_rows(void **state)
{
    enum { TIMES = 4000 };
    const char *folder = *state;
    g_autofree char *many = NULL;
    g_autofree char *one = NULL;
    const char *once;

    write_many(folder, &plain, TIMES);
    many = contents(folder, "deliveries");
    assert_true(strlen(many) > (size_t)4 * 1024 * 1024);
    write_all(folder, &plain);
    one = contents(folder, "deliveries");
    once = strchr(one, '\n') + 1; /* behind the names */
    assert_int_equal(strlen(many), (size_t)(once - one) + TIMES * strlen(once));
    for (size_t i = 0; i < TIMES; i++)
        assert_memory_equal(many + (once - one) + i * strlen(once), once, strlen(once));
}

/* A limit on the size of files stands for a full disk. The stories are written so often; the table is
 * the first that does not fit. */
static void check_full_disk(const char *folder, guint times, const char *table)
{
    g_autoptr(GError) error = NULL;
    struct rlimit before, tight;
    MstExporter *exporter = exporter_into(folder, &plain);
    bool finished;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = (struct rlimit){.rlim_cur = 300, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    for (guint i = 0; i < times; i++)
        add_stories(exporter);
    finished = mst_exporter_finish(exporter, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(finished);
    assert_true(mst_exporter_failed(exporter));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_WRITE));
    assert_non_null(strstr(error->message, table));
    mst_exporter_free(exporter);
    assert_int_equal(count_files(folder), 0);
}

/* The largest table is the first that is written. */
static void check_disk_that_fills_up(void **state)
{
    check_full_disk(*state, 5000, "/deliveries.csv: ");
}

/* It shows no sooner than when the last rows are written. */
static void check_disk_that_is_full_at_the_end(void **state)
{
    check_full_disk(*state, 1, "/stories.csv: ");
}

/* Makes the exporter for a standard output that leads to `fd`, which it closes. */
static MstExporter *exporter_to(int fd, int *before)
{
    MstExporter *exporter;

    fflush(stdout);
    *before = dup(STDOUT_FILENO);
    assert_true(fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
    close(fd);
    exporter = mst_exporter_new_stdout(&plain);
    assert_true(dup2(*before, STDOUT_FILENO) >= 0); /* the exporter has its own by now */
    close(*before);
    return exporter;
}

static void check_stdout(void **state)
{
    const char *folder = *state;
    g_autofree char *path = g_build_filename(folder, "deliveries.csv", NULL);
    g_autofree char *expected = NULL;
    g_autofree char *actual = NULL;
    MstExporter *exporter;
    int before;

    write_all(folder, &plain);
    expected = contents(folder, "deliveries");
    exporter = exporter_to(g_open(path, O_WRONLY | O_TRUNC, 0600), &before);
    add_all(exporter); /* but for deliveries this is nothing */
    assert_true(mst_exporter_finish(exporter, NULL));
    mst_exporter_free(exporter);
    actual = contents(folder, "deliveries");
    assert_string_equal(actual, expected);
}

static void check_full_device(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    int before;
    MstExporter *exporter = exporter_to(g_open("/dev/full", O_WRONLY, 0), &before);

    add_stories(exporter);
    assert_false(mst_exporter_failed(exporter)); /* all still in the buffer */
    assert_false(mst_exporter_finish(exporter, &error));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_WRITE));
    assert_string_equal(error->message,
                        "cannot write to the standard output: No space left on device");
    mst_exporter_free(exporter);
}

/* More than any buffer holds: whoever reads the logs can stop. */
static void check_reader_that_went_away(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    g_autoptr(GError) error = NULL;
    int ends[2], before;
    MstExporter *exporter;

    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    exporter = exporter_to(ends[1], &before);
    for (int times = 0; times < 100000 && !mst_exporter_failed(exporter); times++)
        add_stories(exporter);
    assert_true(mst_exporter_failed(exporter));
    add_stories(exporter); /* comes to nothing */
    assert_false(mst_exporter_finish(exporter, &error));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_PIPE));
    mst_exporter_free(exporter);
}

/* --- rows that several threads make ----------------------------------------------------------- */

enum { LARGE = 10000 }; /* rows, some more than a few parts */

/* Ann's message with so many outcomes and events, between others. */
static void add_large(MstExporter *exporter)
{
    g_autofree MstEvidence *events = g_new(MstEvidence, LARGE);
    World w;

    make_world(&w);
    for (guint i = 0; i < LARGE; i++) {
        MstOutcome outcome = w.outcomes[i % 3];

        outcome.attempts = i;
        g_array_append_val((GArray *)w.story.outcomes, outcome);
        events[i] = w.sent;
        events[i].line = i + 1;
        events[i].next = i + 1 < LARGE ? &events[i + 1] : NULL;
    }
    w.extras_of_first.evidence = events;
    add_stories(exporter);
    mst_exporter_story(exporter, &w.story);
    add_stories(exporter);
    clear_world(&w);
}

static void write_large(const char *folder, MstSpread *spread)
{
    static const MstCsvStyle style = {.delimiter = ',', .bom = true};
    MstExporter *exporter = exporter_into(folder, &style);

    if (spread != NULL)
        mst_exporter_set_spread(exporter, spread);
    add_large(exporter);
    assert_true(mst_exporter_finish(exporter, NULL));
    mst_exporter_free(exporter);
}

/* The tables are the same to the byte. */
static void check_large_story(void **state)
{
    const char *folder = *state;
    MstCrew *crew = mst_crew_new(3);
    MstHands *hands = mst_hands_new(crew, 3);

    for (size_t i = 0; i < G_N_ELEMENTS(table_names); i++) {
        g_autofree char *alone = NULL, *together = NULL;

        write_large(folder, NULL);
        alone = contents(folder, table_names[i]);
        write_large(folder, mst_hands_spread(hands));
        together = contents(folder, table_names[i]);
        assert_non_null(alone);
        assert_string_equal(alone, together);
    }
    mst_hands_free(hands);
    mst_crew_free(crew);
}

/* Nobody waits for ever, and the failure is told. */
static void check_large_story_fails(void **state)
{
    g_autoptr(GError) error = NULL;
    MstCrew *crew = mst_crew_new(3);
    MstHands *hands = mst_hands_new(crew, 3);
    MstExporter *exporter;
    int before;

    (void)state;
    exporter = exporter_to(open("/dev/full", O_WRONLY), &before);
    mst_exporter_set_spread(exporter, mst_hands_spread(hands));
    add_large(exporter);
    assert_true(mst_exporter_failed(exporter));
    assert_false(mst_exporter_finish(exporter, &error));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_WRITE));
    mst_exporter_free(exporter);
    mst_hands_free(hands);
    mst_crew_free(crew);
}

#define WITH_FOLDER(name, function)                                                                \
    {                                                                                              \
        name, function, make_folder, remove_folder, NULL                                           \
    }

int main(void)
{
    const struct CMUnitTest others[] = {
        WITH_FOLDER("the client is that of the hop that the message came in with",
                    check_hops_out_of_order),
        WITH_FOLDER("the header rows are those of docs/csv-columns.md", check_headers),
        WITH_FOLDER("delimiter, CR LF, byte order mark and raw text", check_style),
        WITH_FOLDER("times of another zone", check_zone),
        WITH_FOLDER("nothing is left of unfinished tables", check_nothing_is_left_unfinished),
        WITH_FOLDER("the tables of an earlier run stay until new ones are complete",
                    check_old_tables_stay),
        WITH_FOLDER("folders are made", check_folders_are_made),
        WITH_FOLDER("the umask holds for tables", check_permissions),
        WITH_FOLDER("a folder that cannot be made", check_folder_that_cannot_be),
        WITH_FOLDER("a folder that takes no files", check_folder_that_takes_no_files),
        WITH_FOLDER("many rows", check_many_rows),
        WITH_FOLDER("a disk that fills up", check_disk_that_fills_up),
        WITH_FOLDER("a disk that is full at the end", check_disk_that_is_full_at_the_end),
        WITH_FOLDER("the standard output gets the deliveries table", check_stdout),
        WITH_FOLDER("a standard output that is full", check_full_device),
        WITH_FOLDER("a reader of the standard output that went away", check_reader_that_went_away),
        WITH_FOLDER("a large story whose rows several threads make", check_large_story),
        WITH_FOLDER("a large story that cannot be written", check_large_story_fails),
    };
    struct CMUnitTest tables[G_N_ELEMENTS(table_cases)];

    for (size_t i = 0; i < G_N_ELEMENTS(table_cases); i++)
        tables[i] = (struct CMUnitTest){table_cases[i].table, check_table, NULL, NULL,
                                        (void *)&table_cases[i]};
    return cmocka_run_group_tests_name("tables", tables, NULL, NULL) +
           cmocka_run_group_tests_name("exporter", others, NULL, NULL);
}
