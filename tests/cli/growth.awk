# growth.awk - a log of n messages that somebody made to be taken for each other
#
#   awk -v shape=NAME -v n=COUNT -f growth.awk
#
# Shapes:
#   copies         hosts that took copies of one message's one recipient, n times
#   claims         all went on under one ID, which then comes as often
#   qmail-claims   the same by the pid that qmail's reply names
#   qmail-aliases  all of qmail, which one pid queued; then each says that it went on under that pid
#   qmail-ties     the same, and those that it went on as come last
#   sessions       one connection each, and a filter session that lasted since the first began

# The i-th of `of` moments within ten minutes.
function at(i, of, host,    second) {
    second = int(i * 600 / of)
    return sprintf("Nov 20 10:%02d:%02d %s ", second / 60, second % 60, host)
}

function nth(i) {
    return sprintf("A%07X", i)
}

function take(when, id, message_id, client) {
    print when "postfix/smtpd[7]: " id ": client=" client
    print when "postfix/cleanup[8]: " id ": message-id=<" message_id "@example.com>"
    print when "postfix/qmgr[9]: " id ": from=<ann@example.com>, size=400, nrcpt=1 (queue active)"
}

function send(when, id, reply) {
    print when "postfix/smtp[10]: " id ": to=<bob@example.net>, relay=out.example.test[127.0.10.5]:25, " \
        "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 " reply ")"
}

function end(when, id) {
    print when "postfix/qmgr[9]: " id ": removed"
}

function cover(when, pid, seconds) {
    print when "postfix/smtpd[" pid "]: connect from " stranger
    print when "milter-manager[11]: [statistics] [session][end][end-of-message][accept][" seconds ".5](" pid ")"
}

function take_by_qmail(when, number, pid) {
    print when "qmail: new msg " number
    print when "qmail: info msg " number ": bytes 400 from <ann@example.com> qp " pid " uid 5"
}

function forward_by_qmail(when, number) {
    print when "qmail: starting delivery " number ": msg " number " to local bob@example.net"
    print when "qmail: delivery " number ": success: did_0+1+0/qp_77/"
}

BEGIN {
    stranger = "desk.example.com[192.0.2.7]"
    inner = "mx1.example.test[127.0.10.1]"
    if (shape == "copies")
        take(at(0, 1, "mx1"), "B0000000", 0, stranger)
    for (i = 0; i < n; i++) {
        when = at(i, 2 * n, "mx1")
        if (shape == "sessions")
            cover(when, 1000 + i, int(i * 300 / n))
        if (shape ~ /claims$|sessions$/)
            take(when, nth(i), i, stranger)
        if (shape == "copies") {
            take(at(i, 2 * n, "out"), nth(i), 0, inner)
            send(when, "B0000000", "2.0.0 Ok: queued as " nth(i))
            end(at(i, 2 * n, "out"), nth(i))
        }
        if (shape == "claims")
            send(when, nth(i), "2.0.0 Ok: queued as B0000000")
        if (shape == "qmail-claims")
            send(when, nth(i), "ok 1763632800 qp 77")
        if (shape ~ /claims$|sessions$/)
            end(when, nth(i))
        if (shape == "qmail-aliases" || shape == "qmail-ties")
            take_by_qmail(when, i + 1, shape == "qmail-ties" ? 78 : 77)
        if (shape == "qmail-ties")
            forward_by_qmail(when, i + 1)
    }
    for (i = 0; i < n; i++) {
        when = at(n + i, 2 * n, "out")
        if (shape == "claims") {
            take(when, "B0000000", n - 1 - i, inner)
            end(when, "B0000000")
        }
        if (shape == "qmail-claims")
            take_by_qmail(when, n + i + 1, 77)
        if (shape == "qmail-ties")
            take_by_qmail(at(n + i, 2 * n, "mx1"), n + i + 1, 77)
        if (shape == "qmail-aliases")
            forward_by_qmail(at(n + i, 2 * n, "mx1"), i + 1)
    }
}
