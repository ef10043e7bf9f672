/* correlator.c - events of all sources in, stories out */
#include "mailstory/correlator.h"

#include "hops.h"
#include "mailstory/error.h"

struct MstCorrelator {
    MstHosts *hosts;
    MstHops *hops;
};

MstCorrelator *mst_correlator_new(const MstCorrelatorOptions *options, MstStorySink *sink,
                                  GError **error)
{
    MstCorrelator *self = g_new0(MstCorrelator, 1);

    self->hosts = mst_hosts_new();
    self->hops = mst_hops_new(options, self->hosts, sink);
    for (char **setting = options->host_names; setting != NULL && *setting != NULL; setting++) {
        if (mst_hosts_state(self->hosts, *setting))
            continue;
        g_set_error(error, MST_ERROR, MST_ERROR_USAGE,
                    "'--host %s' is not of the form NAME=ALIAS,IP,...", *setting);
        mst_correlator_free(self);
        return NULL;
    }
    return self;
}

void mst_correlator_free(MstCorrelator *self)
{
    if (self == NULL)
        return;
    mst_hops_free(self->hops);
    mst_hosts_free(self->hosts);
    g_free(self);
}

void mst_correlator_set_supply(MstCorrelator *self, MstArenaSupply *supply)
{
    mst_hops_set_supply(self->hops, supply);
}

void mst_correlator_event(MstCorrelator *self, const MstEvent *event, int64_t now_us,
                          const char *file)
{
    mst_hops_add(self->hops, event, now_us, file);
}

void mst_correlator_finish(MstCorrelator *self)
{
    mst_hops_finish(self->hops);
}
