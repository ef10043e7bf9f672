/* hop.c - what all hops have in common */
#include "mailstory/hop.h"

MstHopExtras *mst_hop_add_extras(MstHop *hop)
{
    if (hop->extras == NULL)
        hop->extras = mst_arena_alloc(&hop->arena, sizeof *hop->extras);
    return hop->extras;
}

const char *mst_link_method_name(MstLinkMethod method)
{
    static const char *const names[] = {
        [MST_LINK_REPLY_ID] = "reply-id",
        [MST_LINK_REQUEUE] = "requeue",
        [MST_LINK_NOTIFY] = "notify",
        [MST_LINK_MESSAGE_ID] = "message-id",
        [MST_LINK_MESSAGE_ID_ONLY] = "message-id-only",
        [MST_LINK_ENVELOPE] = "envelope",
        [MST_LINK_SESSION] = "session",
        [MST_LINK_REFUSAL] = "refusal",
    };

    g_assert(method < G_N_ELEMENTS(names));
    return names[method];
}

const char *mst_confidence_name(MstConfidence confidence)
{
    static const char *const names[] = {
        [MST_CONFIDENCE_EXACT] = "exact",
        [MST_CONFIDENCE_STRONG] = "strong",
        [MST_CONFIDENCE_INFERRED] = "inferred",
        [MST_CONFIDENCE_AMBIGUOUS] = "ambiguous",
    };

    g_assert(confidence < G_N_ELEMENTS(names));
    return names[confidence];
}
