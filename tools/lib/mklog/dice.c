/* dice.c - chance that falls the same way on every machine */
#include "dice.h"

Dice dice_new(uint64_t seed)
{
    Dice dice = {seed * 0x9E3779B97F4A7C15u + 1};

    return dice;
}

uint64_t dice_bits(Dice *self)
{
    uint64_t bits = self->state += 0x9E3779B97F4A7C15u;

    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EBu;
    return bits ^ bits >> 31;
}

uint32_t dice_below(Dice *self, uint32_t limit)
{
    return (uint32_t)((dice_bits(self) >> 32) * limit >> 32);
}

bool dice_in_thousand(Dice *self, uint32_t count)
{
    return dice_below(self, 1000) < count;
}

int64_t dice_wait(Dice *self, int64_t limit)
{
    int64_t part = dice_below(self, 1024);

    return limit * part / 1024 * part / 1024 * part / 1024;
}
