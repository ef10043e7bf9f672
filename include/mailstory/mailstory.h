/* mailstory.h - the whole library, in the order in which data flows */
#ifndef MAILSTORY_MAILSTORY_H
#define MAILSTORY_MAILSTORY_H

#include "mailstory/slice.h"
#include "mailstory/error.h"
#include "mailstory/arena.h"
#include "mailstory/line.h"
#include "mailstory/event.h"
#include "mailstory/batch.h"
#include "mailstory/stamp.h"
#include "mailstory/envelope.h"
#include "mailstory/stream.h"
#include "mailstory/source.h"
#include "mailstory/reader.h"
#include "mailstory/feed.h"
#include "mailstory/hop.h"
#include "mailstory/story.h"
#include "mailstory/correlator.h"
#include "mailstory/exporter.h"

#endif
