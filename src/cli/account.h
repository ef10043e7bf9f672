/* account.h - every line has one fate, and their sum is what was read */
#ifndef MST_ACCOUNT_H
#define MST_ACCOUNT_H

#include "mailstory/mailstory.h"

typedef struct MstAccount {
    uint64_t files;
    uint64_t lines; /* physical ones */
    uint64_t fates[MST_FATES];
    uint64_t events;
} MstAccount;

/* Adds what one file held of one host. */
void mst_account_add(MstAccount *account, const MstFileTally *tally);

/* On standard error. Asserts the sum. */
void mst_account_print(const MstAccount *account);

#endif
