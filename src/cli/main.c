/* main.c - the only place that prints why a run failed and chooses an exit status */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "complain.h"
#include "run.h"

enum { EXIT_USAGE = 2 };

/* A log must never get the number of a standard stream that was closed: what is printed there would
 * go into it. The stand-in cannot be written to, so a closed standard output is still an error. */
static void occupy_standard_streams(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

static int run(const MstOptions *options, GError **error)
{
    int status = EXIT_FAILURE;

    switch (options->command) {
    case MST_COMMAND_TABLES:
        mst_run_tables(options, &status, error);
        return status;
    case MST_COMMAND_FORMATS:
        mst_run_formats();
        break;
    case MST_COMMAND_VERSION:
        printf("mailstory %s\n", MST_VERSION);
        break;
    }
    if (fflush(stdout) == 0)
        return EXIT_SUCCESS;
    g_set_error(error, MST_ERROR, MST_ERROR_WRITE, "cannot write to standard output");
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    MstOptions options = {0};
    int status = EXIT_USAGE;

    setlocale(LC_ALL, "");
    occupy_standard_streams();
    signal(SIGPIPE, SIG_IGN);
    if (mst_options_parse(&options, argc, argv, &error))
        status = run(&options, &error);
    mst_options_clear(&options);
    if (error == NULL)
        return status;
    if (g_error_matches(error, MST_ERROR, MST_ERROR_PIPE))
        return EXIT_SUCCESS;
    mst_complain(error->message);
    return g_error_matches(error, MST_ERROR, MST_ERROR_USAGE) ? EXIT_USAGE : EXIT_FAILURE;
}
