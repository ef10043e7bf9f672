/* story.c - released stories, when they are done with */
#include "mailstory/story.h"

#include "life.h"

/* Stories by `next`. */
static void append(MstRemains *remains, MstStory *first, MstStory *last)
{
    if (remains->first == NULL)
        remains->first = first;
    else
        remains->last->next = first;
    remains->last = last;
}

/* The memory of the first hop holds the row of all. */
void mst_story_take_apart(MstStory *story, MstRemains *remains)
{
    for (guint i = story->n_hops; i-- > 0;)
        mst_life_take_apart((MstLife *)story->hops[i], &remains->blocks);
    story->next = NULL;
    append(remains, story, story);
}

void mst_remains_add(MstRemains *remains, MstRemains *more)
{
    if (more->first != NULL)
        append(remains, more->first, more->last);
    mst_arena_blocks_add(&remains->blocks, &more->blocks);
    *more = (MstRemains){0};
}
