/* event.c - the names of kinds, actions and systems */
#include "mailstory/event.h"

#include <glib.h>

static const char *const kind_names[MST_EVENT_KINDS] = {
    [MST_EVENT_CONNECT] = "connect",       [MST_EVENT_DISCONNECT] = "disconnect",
    [MST_EVENT_ABORT] = "abort",           [MST_EVENT_ACCEPT] = "accept",
    [MST_EVENT_MESSAGE_ID] = "message-id", [MST_EVENT_SENDER] = "sender",
    [MST_EVENT_RECIPIENT] = "recipient",   [MST_EVENT_ATTEMPT] = "attempt",
    [MST_EVENT_RESULT] = "result",         [MST_EVENT_REQUEUE] = "requeue",
    [MST_EVENT_NOTIFY] = "notify",         [MST_EVENT_REJECT] = "reject",
    [MST_EVENT_DISCARD] = "discard",       [MST_EVENT_HOLD] = "hold",
    [MST_EVENT_RELEASE] = "release",       [MST_EVENT_EXPIRE] = "expire",
    [MST_EVENT_FILTER] = "filter",         [MST_EVENT_DONE] = "done",
};

static const char *const action_names[MST_ACTIONS] = {
    [MST_ACTION_NONE] = "",
    [MST_ACTION_DELIVERED] = "delivered",
    [MST_ACTION_RELAYED] = "relayed",
    [MST_ACTION_EXPANDED] = "expanded",
    [MST_ACTION_DELAYED] = "delayed",
    [MST_ACTION_FAILED] = "failed",
    [MST_ACTION_REJECTED] = "rejected",
    [MST_ACTION_DISCARDED] = "discarded",
    [MST_ACTION_QUARANTINED] = "quarantined",
    [MST_ACTION_UNKNOWN] = "unknown",
    [MST_ACTION_MIXED] = "mixed",
};

static const char *const system_names[] = {
    [MST_SYSTEM_NONE] = "",
    [MST_SYSTEM_POSTFIX] = "postfix",
    [MST_SYSTEM_SENDMAIL] = "sendmail",
    [MST_SYSTEM_QMAIL] = "qmail",
    [MST_SYSTEM_XMAIL] = "xmail",
    [MST_SYSTEM_MILTER_MANAGER] = "milter-manager",
};

const char *mst_event_kind_name(MstEventKind kind)
{
    g_assert(kind < MST_EVENT_KINDS);
    return kind_names[kind];
}

const char *mst_action_name(MstAction action)
{
    g_assert(action < MST_ACTIONS);
    return action_names[action];
}

const char *mst_system_name(MstSystem system)
{
    g_assert(system < G_N_ELEMENTS(system_names));
    return system_names[system];
}

static MstSlice first_set(MstSlice a, MstSlice b)
{
    return mst_slice_is_set(a) ? a : b;
}

MstSlice mst_event_detail(const MstEvent *event)
{
    switch (event->kind) {
    case MST_EVENT_CONNECT:
    case MST_EVENT_ACCEPT:
        return first_set(event->detail, first_set(event->peer_name, event->peer_ip));
    case MST_EVENT_MESSAGE_ID:
        return event->message_id;
    case MST_EVENT_SENDER:
        return event->sender;
    case MST_EVENT_REQUEUE:
    case MST_EVENT_NOTIFY:
        return first_set(event->other_id, event->detail);
    case MST_EVENT_DISCONNECT:
    case MST_EVENT_ABORT:
    case MST_EVENT_RECIPIENT:
    case MST_EVENT_ATTEMPT:
    case MST_EVENT_RESULT:
    case MST_EVENT_REJECT:
    case MST_EVENT_DISCARD:
    case MST_EVENT_HOLD:
    case MST_EVENT_RELEASE:
    case MST_EVENT_EXPIRE:
    case MST_EVENT_FILTER:
    case MST_EVENT_DONE:
        return event->detail;
    case MST_EVENT_KINDS:
        break;
    }
    g_assert_not_reached();
}
