/* error.c - what can end a run */
#include "mailstory/error.h"

G_DEFINE_QUARK(mst_error_quark, mst_error)
