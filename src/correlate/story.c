/* story.c - a released story, when it is done with */
#include "mailstory/story.h"

#include "life.h"

/* The memory of the first hop holds the row of all. */
void mst_story_take_apart(MstStory *story, MstRemains *remains)
{
    for (guint i = story->n_hops; i-- > 0;)
        mst_life_take_apart((MstLife *)story->hops[i], &remains->blocks);
    story->next = NULL;
    if (remains->first == NULL)
        remains->first = story;
    else
        remains->last->next = story;
    remains->last = story;
}
