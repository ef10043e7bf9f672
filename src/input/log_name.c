/*
 * log_name.c - what the names of files and folders tell
 *
 *     mail.log  mail.log.1  mail.log.2.gz  mail.log.old  mail.1.log      one log
 *     maillog-20260301  maillog-20260301-1.xz  mail-2026-03-01.log       one log
 *     smtp-202611210000                                                  XMail
 *     current  @400000006b02151e04773dec.s                               multilog
 *
 * The newest file may be missing, so the name that files share need not be any file's.
 */
#include "log_name.h"

#include <glib.h>
#include <string.h>

static bool take_suffix(GString *name, const char *suffix)
{
    size_t len = strlen(suffix);

    if (name->len <= len || !g_str_has_suffix(name->str, suffix))
        return false;
    g_string_truncate(name, name->len - len);
    return true;
}

static void take_compression(GString *name)
{
    static const char *const suffixes[] = {".gz", ".bz2", ".xz", ".zst"};

    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        if (take_suffix(name, suffixes[i]))
            return;
    }
}

static size_t count_digits_before(const char *text, size_t end)
{
    size_t n = 0;

    while (n < end && g_ascii_isdigit(text[end - n - 1]))
        n++;
    return n;
}

/* `.1` or `-1` at the end. */
static bool take_number(GString *name, char before)
{
    size_t digits = count_digits_before(name->str, name->len);
    size_t rest = name->len - digits;

    if (digits == 0 || digits > 4 || rest < 2 || name->str[rest - 1] != before)
        return false;
    g_string_truncate(name, rest - 1);
    return true;
}

static int number(const char *digits, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++)
        value = 10 * value + (digits[i] - '0');
    return value;
}

static bool is_date(const char *year, const char *month, const char *day)
{
    return number(year, 4) >= 1970 && number(year, 4) < 2200 && number(month, 2) >= 1 &&
           number(month, 2) <= 12 && number(day, 2) >= 1 && number(day, 2) <= 31;
}

/* `-20260301`, and perhaps hour, minute, second in two digits each. */
static size_t packed_date_len(const char *text, size_t len)
{
    size_t digits = count_digits_before(text, len);
    const char *date = text + len - digits;

    if (digits < 8 || digits > 14 || digits % 2 != 0 || !is_date(date, date + 4, date + 6))
        return 0;
    return digits;
}

/* `-2026-03-01` */
static size_t written_date_len(const char *text, size_t len)
{
    const char *date = text + len - 10;

    if (len < 10 || count_digits_before(text, len) != 2 || date[7] != '-' || date[4] != '-' ||
        count_digits_before(text, len - 3) != 2 || count_digits_before(text, len - 6) != 4)
        return 0;
    return is_date(date, date + 5, date + 8) ? 10 : 0;
}

static bool take_date(GString *name)
{
    size_t date = packed_date_len(name->str, name->len);
    size_t rest;

    if (date == 0)
        date = written_date_len(name->str, name->len);
    rest = name->len - date;
    if (date == 0 || rest < 2 || strchr("-._", name->str[rest - 1]) == NULL)
        return false;
    g_string_truncate(name, rest - 1);
    return true;
}

/* `.1`, `.old`, `-20260301`, `-20260301-1`, `-20260301.1` */
static bool take_rotation(GString *name)
{
    size_t len = name->len;

    if (take_suffix(name, ".old") || take_date(name))
        return true;
    if (take_number(name, '-')) {
        if (take_date(name))
            return true;
        name->str[name->len] = '-';
        name->len = len;
        return false;
    }
    if (!take_number(name, '.'))
        return false;
    (void)take_date(name);
    return true;
}

/* multilog's old files: a TAI64N stamp, and `s` for finished or `u` for cut off. */
static bool is_multilog(const char *name)
{
    if (strlen(name) != 27 || name[0] != '@' || name[25] != '.' || strchr("sut", name[26]) == NULL)
        return false;
    for (int i = 1; i < 25; i++) {
        if (!g_ascii_isxdigit(name[i]))
            return false;
    }
    return true;
}

char *mst_log_name_common(const char *name)
{
    GString *common;

    if (is_multilog(name))
        return g_strdup("current");
    common = g_string_new(name);
    take_compression(common);
    if (!take_rotation(common) && take_suffix(common, ".log")) {
        (void)take_rotation(common);
        g_string_append(common, ".log");
    }
    return g_string_free(common, FALSE);
}

/* `.9` is older than `.1`, `-20260301` is older than `-20260302`, and a name without either is the
 * newest. */
int64_t mst_log_name_age(const char *name)
{
    g_autoptr(GString) rest = g_string_new(name);
    size_t digits;
    int64_t value = 0;

    take_compression(rest);
    (void)take_suffix(rest, ".log");
    if (take_suffix(rest, ".old"))
        return 1;
    digits = count_digits_before(rest->str, rest->len);
    if (digits == 0 || digits > 14 || digits == rest->len)
        return INT64_MIN;
    for (size_t i = rest->len - digits; i < rest->len; i++)
        value = 10 * value + (rest->str[i] - '0');
    return digits > 4 ? -value : value;
}

bool mst_log_name_is_skipped(const char *name)
{
    return name[0] == '.' || g_str_has_suffix(name, "~") ||
           (name[0] == '#' && g_str_has_suffix(name, "#"));
}

bool mst_log_name_is_host(const char *folder)
{
    static const char *const others[] = {
        "archive", "archives", "backup",   "central",     "current",    "evidence",
        "froz",    "hosts",    "journal",  "log",         "logs",       "mail",
        "maillog", "mailroot", "main",     "messages",    "milter",     "milter-manager",
        "old",     "postfix",  "qmail",    "qmail-pop3d", "qmail-send", "qmail-smtpd",
        "remote",  "rotated",  "send",     "sendmail",    "service",    "slog",
        "smail",   "smtp",     "smtpd",    "spool",       "supervise",  "syslog",
        "tmp",     "var",      "variants", "xmail",
    };
    bool has_letter = false, has_dot = false;

    for (const char *at = folder; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && strchr(".-_:", *at) == NULL)
            return false;
        has_letter |= g_ascii_isalpha(*at) || *at == ':';
        has_dot |= *at == '.';
    }
    if (!g_ascii_isalnum(folder[0]) || (!has_letter && !has_dot))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (g_ascii_strcasecmp(folder, others[i]) == 0)
            return false;
    }
    return true;
}
