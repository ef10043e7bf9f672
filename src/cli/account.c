/* account.c - every line has one fate, and their sum is what was read */
#include "account.h"

#include <inttypes.h>
#include <stdio.h>

void mst_account_add(MstAccount *account, const MstFileTally *tally)
{
    for (int fate = 0; fate < MST_FATES; fate++)
        account->fates[fate] += tally->fates[fate];
    account->events += tally->events;
}

void mst_account_print(const MstAccount *account)
{
    static const char *const names[MST_FATES] = {
        [MST_FATE_EVENT] = "with events", [MST_FATE_CONTINUATION] = "continued",
        [MST_FATE_NOISE] = "noise",       [MST_FATE_FOREIGN] = "foreign",
        [MST_FATE_BROKEN] = "broken",     [MST_FATE_DUPLICATE] = "duplicate",
    };
    uint64_t sum = 0;

    fprintf(stderr, "mailstory: %" PRIu64 " lines of %" PRIu64 " files =", account->lines,
            account->files);
    for (int fate = 0; fate < MST_FATES; fate++) {
        sum += account->fates[fate];
        fprintf(stderr, "%s %" PRIu64 " %s", fate == 0 ? "" : " +", account->fates[fate],
                names[fate]);
    }
    fprintf(stderr, "; %" PRIu64 " events\n", account->events);
    g_assert(sum == account->lines);
}
