/*
 * pool.h - small numbers that are used again as soon as they are free
 *
 * Inode numbers in queue IDs, process IDs of servers. The lowest free one is taken, as file systems
 * do, so a number comes back quickly.
 */
#ifndef MKLOG_POOL_H
#define MKLOG_POOL_H

#include <stdint.h>

typedef struct Pool Pool;

/* The numbers from `first` on. */
Pool *pool_new(uint32_t first);
void pool_free(Pool *self);

/* Takes a number that is free at this time. */
uint32_t pool_take(Pool *self, int64_t time);

/* It will be free from this time on. */
void pool_give(Pool *self, uint32_t number, int64_t time);

#endif
