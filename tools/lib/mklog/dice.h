/*
 * dice.h - chance that falls the same way on every machine
 *
 * SplitMix64: integers only, so that the same seed gives the same log everywhere. For the same reason
 * no call has two throws among its arguments: C leaves their order open.
 */
#ifndef MKLOG_DICE_H
#define MKLOG_DICE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Dice {
    uint64_t state;
} Dice;

/* Dice that fall differently for each seed. */
Dice dice_new(uint64_t seed);

/* The next 64 bits. */
uint64_t dice_bits(Dice *self);

/* A number from 0 to below `limit`, which is not 0. */
uint32_t dice_below(Dice *self, uint32_t limit);

/* True `count` times of a thousand. */
bool dice_in_thousand(Dice *self, uint32_t count);

/* A time from 0 to below `limit` microseconds that is short far more often than long: a quarter of
 * the limit in the mean. */
int64_t dice_wait(Dice *self, int64_t limit);

#endif
