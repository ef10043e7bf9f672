/* hands.c - work in parts, done by a crew */
#include "hands.h"

enum { MOST_PLACES = 16 }; /* what is made takes memory, however many threads there are */

/* Where a part is made, and waits to be taken. */
typedef struct Place {
    MstHands *hands;
    MstTask task; /* to make the part */
    guint part;
    bool made;
} Place;

struct MstHands {
    MstSpread spread; /* first, so that the spread is this */
    MstCrew *crew;    /* its lock is that of the places */
    Place *places;
    const MstSpreadWork *work; /* that is being done; NULL none */
};

static bool make_part(gpointer user)
{
    Place *place = user;
    MstHands *self = place->hands;

    mst_crew_unlock(self->crew);
    self->work->make(self->work->user, place->part, (guint)(place - self->places));
    mst_crew_lock(self->crew);
    place->made = true;
    return false;
}

/* Has a part made, if there is one of this number. */
static void begin(MstHands *self, guint part)
{
    Place *place = &self->places[part % self->spread.places];

    if (part >= self->work->parts)
        return;
    place->part = part;
    place->made = false;
    mst_crew_queue(self->crew, &place->task);
}

/* Takes a part when it is made; then another has its place. */
static void take(MstHands *self, guint part)
{
    Place *place = &self->places[part % self->spread.places];

    while (!place->made)
        mst_crew_help(self->crew, &place->task);
    mst_crew_unlock(self->crew);
    self->work->take(self->work->user, part, (guint)(place - self->places));
    mst_crew_lock(self->crew);
    begin(self, part + self->spread.places);
}

static void on_run(MstSpread *spread, const MstSpreadWork *work)
{
    MstHands *self = (MstHands *)spread;

    mst_crew_lock(self->crew);
    self->work = work;
    for (guint part = 0; part < spread->places; part++)
        begin(self, part);
    for (guint part = 0; part < work->parts; part++)
        take(self, part);
    self->work = NULL;
    mst_crew_unlock(self->crew);
}

/* One place more than threads: who takes a part finds the next one made. */
MstHands *mst_hands_new(MstCrew *crew, guint jobs)
{
    MstHands *self = g_new0(MstHands, 1);

    self->spread = (MstSpread){.places = MIN(jobs + 1, MOST_PLACES), .run = on_run};
    self->crew = crew;
    self->places = g_new0(Place, self->spread.places);
    for (guint i = 0; i < self->spread.places; i++) {
        Place *place = &self->places[i];

        place->hands = self;
        place->task = (MstTask){.work = make_part, .user = place};
    }
    return self;
}

void mst_hands_free(MstHands *self)
{
    if (self == NULL)
        return;
    g_assert(self->work == NULL);
    g_free(self->places);
    g_free(self);
}

MstSpread *mst_hands_spread(MstHands *self)
{
    return &self->spread;
}
