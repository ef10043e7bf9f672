/* test_scan.c - the words that readers are written in */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <glib.h>

#include "readers/scan.h"

/* What a word took, ` | `, what it left; or `no` if it stayed where it was. */
typedef char *Word(MstSlice text);

static G_GNUC_PRINTF(2, 3) char *took(MstScan scan, const char *format, ...)
{
    GString *out = g_string_new(NULL);
    va_list args;

    va_start(args, format);
    g_string_append_vprintf(out, format, args);
    va_end(args);
    g_string_append(out, " | ");
    g_string_append_len(out, scan.at, scan.end - scan.at);
    return g_string_free(out, FALSE);
}

/* A word that says no has not moved. */
static char *stayed(MstScan scan, MstSlice text)
{
    assert_ptr_equal(scan.at, text.ptr);
    assert_ptr_equal(scan.end, text.ptr + text.len);
    return g_strdup("no");
}

static const char *shown(MstSlice s)
{
    static char text[2][512];
    static int turn;

    turn = !turn;
    if (!mst_slice_is_set(s))
        return "-";
    g_snprintf(text[turn], sizeof text[turn], "%.*s", (int)s.len, s.ptr);
    return text[turn];
}

static char *text_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);

    return mst_scan_text(&scan, MST_LIT("from=<")) ? took(scan, "from=<") : stayed(scan, text);
}

static char *until_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice before;

    return mst_scan_until(&scan, '>', &before) ? took(scan, "%s", shown(before))
                                               : stayed(scan, text);
}

static char *until_text_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice before;

    return mst_scan_until_text(&scan, MST_LIT(", "), &before) ? took(scan, "%s", shown(before))
                                                              : stayed(scan, text);
}

static char *digits_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice digits;

    return mst_scan_digits(&scan, &digits) ? took(scan, "%s", shown(digits)) : stayed(scan, text);
}

static char *number_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    int64_t number;

    return mst_scan_number(&scan, &number) ? took(scan, "%" G_GINT64_FORMAT, number)
                                           : stayed(scan, text);
}

static char *postfix_peer_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice name, ip;

    return mst_scan_postfix_peer(&scan, &name, &ip) ? took(scan, "%s %s", shown(name), shown(ip))
                                                    : stayed(scan, text);
}

static char *sendmail_peer_word(MstSlice text)
{
    MstSlice name, ip;

    if (!mst_scan_sendmail_peer(text, &name, &ip))
        return g_strdup("no");
    return g_strdup_printf("%s %s", shown(name), shown(ip));
}

static char *status_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice status;

    return mst_scan_status(&scan, &status) ? took(scan, "%s", shown(status)) : stayed(scan, text);
}

static char *code_word(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    int32_t code;

    return mst_scan_reply_code(&scan, &code) ? took(scan, "%d", code) : stayed(scan, text);
}

static char *sendmail_id_word(MstSlice text)
{
    return g_strdup(mst_scan_is_sendmail_id(text) ? "yes" : "no");
}

static char *reply_id_word(MstSlice text)
{
    MstSlice id = {NULL, 0};

    if (mst_scan_reply_id(text, &id))
        return g_strdup(shown(id));
    assert_null(id.ptr);
    return g_strdup("no");
}

static const struct Case {
    const char *name;
    Word *word;
    const char *text;
    const char *expected;
} cases[] = {
    {"a text that is there", text_word, "from=<a>", "from=< | a>"},
    {"a text that is there in part", text_word, "from=", "no"},
    {"a text that is not there", text_word, "to=<a>", "no"},
    {"a text within nothing", text_word, "", "no"},

    {"up to a character", until_word, "a@b>, c>", "a@b | , c>"},
    {"nothing before a character", until_word, ">", " | "},
    {"a character that never comes", until_word, "a@b", "no"},

    {"up to a text", until_text_word, "a,b, c", "a,b | c"},
    {"a text that never comes", until_text_word, "a,b,", "no"},

    {"digits", digits_word, "0012ab", "0012 | ab"},
    {"no digits", digits_word, "ab", "no"},
    {"digits at the end", digits_word, "7", "7 | "},

    {"a number", number_word, "2048, nrcpt", "2048 | , nrcpt"},
    {"the greatest number", number_word, "9223372036854775807", "9223372036854775807 | "},
    {"a number that is one too great", number_word, "9223372036854775808", "no"},
    {"a number of far too many digits", number_word, "99999999999999999999999999", "no"},
    {"no number", number_word, "-1", "no"},

    {"a peer with a name", postfix_peer_word, "mx.example.test[127.0.10.1]: x",
     "mx.example.test 127.0.10.1 | : x"},
    {"a peer whose name is unknown", postfix_peer_word, "unknown[192.0.2.7]",
     "unknown 192.0.2.7 | "},
    {"a peer that nothing is known of", postfix_peer_word, "unknown[unknown]", "unknown - | "},
    {"a peer with a port", postfix_peer_word, "mx.example.test[127.0.10.1]:25, delay",
     "mx.example.test 127.0.10.1 | , delay"},
    {"a port is digits", postfix_peer_word, "a.example.test[192.0.2.1]: 450 4.7.1",
     "a.example.test 192.0.2.1 | : 450 4.7.1"},
    {"a peer without a name", postfix_peer_word, "[2001:db8::1]:4711: x", "- 2001:db8::1 | : x"},
    {"an address with its family", postfix_peer_word, "a[IPv6:2001:db8::1] x",
     "a 2001:db8::1 |  x"},
    {"an address with its scope", postfix_peer_word, "a[fe80::1%eth0]", "a fe80::1%eth0 | "},
    {"a UNIX socket", postfix_peer_word, "mail.example.test[/var/run/lmtp], x",
     "mail.example.test - | , x"},
    {"a peer that is cut", postfix_peer_word, "mx.example.test[127.0.10.1", "no"},
    {"a peer that is only a name", postfix_peer_word, "mx.example.test", "no"},
    {"a bracket behind a blank is not the peer's", postfix_peer_word, "none (a[192.0.2.1])", "no"},

    {"sendmail: name and address", sendmail_peer_word, "mx.example.test [127.0.10.1]",
     "mx.example.test 127.0.10.1"},
    {"sendmail: a looked-up name ends with a dot", sendmail_peer_word,
     "mx.example.test. [127.0.10.1]", "mx.example.test 127.0.10.1"},
    {"sendmail: a name that may be forged", sendmail_peer_word,
     "mx.example.test [127.0.10.1] (may be forged)", "mx.example.test 127.0.10.1"},
    {"sendmail: only an address", sendmail_peer_word, "[127.0.10.1]", "- 127.0.10.1"},
    {"sendmail: a literal hop", sendmail_peer_word, "[127.0.10.1] [127.0.10.1]", "- 127.0.10.1"},
    {"sendmail: only a name", sendmail_peer_word, "mx.example.test.", "mx.example.test -"},
    {"sendmail: IPv6", sendmail_peer_word, "a.example.test [IPv6:2001:db8::1]",
     "a.example.test 2001:db8::1"},
    {"sendmail: a local user", sendmail_peer_word, "root@localhost", "localhost -"},
    {"sendmail: who says to be on the other end", sendmail_peer_word,
     "ann@a.example.test [192.0.2.1]", "a.example.test 192.0.2.1"},
    {"sendmail: made inside", sendmail_peer_word, "[RESPONSE]", "[RESPONSE] -"},
    {"sendmail: nothing", sendmail_peer_word, "", "no"},
    {"sendmail: a lonely bracket", sendmail_peer_word, "[", "[ -"},

    {"a status", status_word, "5.1.1 <x>", "5.1.1 |  <x>"},
    {"a status with long parts", status_word, "4.255.255", "4.255.255 | "},
    {"a status of no class", status_word, "3.1.1", "no"},
    {"a status with too long a part", status_word, "5.1000.1", "no"},
    {"a status that is cut", status_word, "5.1.", "no"},
    {"an address is no status", status_word, "5.1.1.7", "no"},
    {"a status before a full stop", status_word, "5.7.1. Go", "5.7.1 | . Go"},

    {"a reply code", code_word, "550 5.1.1", "550 | 5.1.1"},
    {"a reply code of a line that goes on", code_word, "452-4.2.2 x", "452 | 4.2.2 x"},
    {"a reply code alone", code_word, "250", "250 | "},
    {"four digits are no code", code_word, "2500", "no"},
    {"a code of no class", code_word, "150 x", "no"},
    {"a code before a dot", code_word, "250.x", "no"},

    {"a sendmail ID", sendmail_id_word, "6ALM4gXh000086", "yes"},
    {"a sendmail ID with a long process ID", sendmail_id_word, "6ALM4gXh1000086", "yes"},
    {"a sendmail ID of 2002", sendmail_id_word, "g8U2LVi03161", "yes"},
    {"an old sendmail ID", sendmail_id_word, "QAA12345", "yes"},
    {"a month that is none", sendmail_id_word, "6CLM4gXh000086", "no"},
    {"a Postfix ID is no sendmail ID", sendmail_id_word, "0B92B53E9A0", "no"},

    {"Postfix names its ID", reply_id_word, "Ok: queued as 0B92B53E9A0", "0B92B53E9A0"},
    {"Postfix names its long ID", reply_id_word, "Ok: queued as 4jX5yF38QFznRG8",
     "4jX5yF38QFznRG8"},
    {"Postfix counts the bytes of a chunked message", reply_id_word,
     "Ok: 1234 bytes queued as 0B92B53E9A0", "0B92B53E9A0"},
    {"a filter passes the reply on", reply_id_word,
     "from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 0B92B53E9A0", "0B92B53E9A0"},
    {"an ID that stands in the middle is forged", reply_id_word,
     "Ok: queued as 0B92B53E9A0 (really)", "no"},
    {"an ID that is too short", reply_id_word, "Ok: queued as ABCDE", "no"},
    {"an ID of strange characters", reply_id_word, "Ok: queued as <a@example.test>", "no"},
    {"an ID of 65 characters", reply_id_word,
     "queued as 12345678901234567890123456789012345678901234567890123456789012345", "no"},
    {"words run together", reply_id_word, "unqueued as 0B92B53E9A0", "no"},
    {"sendmail names its ID", reply_id_word, "6ALM4gXh000086 Message accepted for delivery",
     "6ALM4gXh000086"},
    {"sendmail's ID stands at the start", reply_id_word,
     "sure, 6ALM4gXh000086 Message accepted for delivery", "no"},
    {"an ID before sendmail's words that is not sendmail's", reply_id_word,
     "0a1b2c3d4e5f Message accepted for delivery", "no"},
    {"sendmail's words stand at the end", reply_id_word,
     "6ALM4gXh000086 Message accepted for delivery soon", "no"},
    {"Exim names its ID", reply_id_word, "OK id=1tEabc-0001Xy-2Z", "1tEabc-0001Xy-2Z"},
    {"Exim's words stand at the start", reply_id_word, "not OK id=1tEabc-0001Xy-2Z", "no"},
    {"Exim's ID ends the reply", reply_id_word, "OK id=1tEabc-0001Xy-2Z and more", "no"},
    {"qmail names time and process", reply_id_word, "ok 1732212345 qp 12345",
     "1732212345 qp 12345"},
    {"qmail-ldap names its host too", reply_id_word, "ok 1732212345 qp 12345 by relay.example.test",
     "1732212345 qp 12345"},
    {"qmail's reply with a word too many", reply_id_word, "ok 1732212345 qp 12345 really", "no"},
    {"half of qmail's reply", reply_id_word, "ok 1732212345 qp ", "no"},
    {"XMail names its ID", reply_id_word, "OK <S12AB>", "S12AB"},
    {"XMail's ID is a number", reply_id_word, "OK <Sent>", "no"},
    {"XMail's ID has a number", reply_id_word, "OK <S>", "no"},
    {"XMail's ID fits 64 bits", reply_id_word, "OK <S123456789ABCDEF01>", "no"},
    {"Exchange's reply names no usable ID", reply_id_word,
     "<a@example.test> [InternalId=123456] Queued mail for delivery", "no"},
    {"an empty reply", reply_id_word, "", "no"},
};

static void check_case(void **state)
{
    const struct Case *c = *state;
    size_t len = strlen(c->text);
    g_autofree char *block = g_malloc(MAX(len, 1)); /* exact, so that a sanitizer sees over-reads */
    g_autofree char *actual = NULL;

    memcpy(block, c->text, len);
    actual = c->word((MstSlice){block, len});
    assert_string_equal(actual, c->expected);
}

/* Names and what follows the peer in all lengths, since both are looked through in steps. */
static void check_peer_lengths(void **state)
{
    static const char name[] = "mx.a-rather-long-name.of.some.example.test";
    static const char rest[] = ": 450 4.7.1 try again later";
    static const char *const addresses[] = {
        "1.2.3.4", "192.0.2.117", "2001:db8:0:fe::abcd", "2001:0db8:0000:1111:2222:3333:4444:cafe",
        "unknown", "192.0.2.g",   "/var/run/lmtp",       ""};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(addresses) * sizeof name * sizeof rest; i++) {
        const char *address = addresses[i % G_N_ELEMENTS(addresses)];
        int name_len = (int)(i / G_N_ELEMENTS(addresses) % sizeof name);
        int rest_len = (int)(i / G_N_ELEMENTS(addresses) / sizeof name);
        bool is_ip = g_hostname_is_ip_address(address);
        g_autofree char *text = g_strdup_printf("%.*s[%s]%.*s", name_len, name, address, rest_len,
                                                rest);
        g_autofree char *block = g_memdup2(text, (guint)strlen(text));
        g_autofree char *actual = postfix_peer_word((MstSlice){block, strlen(text)});
        g_autofree char *expected = g_strdup_printf("%.*s %s | %.*s", name_len > 0 ? name_len : 1,
                                                    name_len > 0 ? name : "-",
                                                    is_ip ? address : "-", rest_len, rest);

        assert_string_equal(actual, expected);
    }
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + 1];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    tests[G_N_ELEMENTS(cases)] = (struct CMUnitTest){"peers of all lengths", check_peer_lengths,
                                                     NULL, NULL, NULL};
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
