/* complain.h - what went wrong, on standard error */
#ifndef MST_COMPLAIN_H
#define MST_COMPLAIN_H

/* One line. File names and options stand in messages as strangers chose them, so it is made printable. */
void mst_complain(const char *message);

#endif
