/* names.c - who mails to whom: clients, domains and addresses */
#include "names.h"

#include <glib.h>

enum { N_DOMAINS = 2000, N_CLIENTS = 5000, N_STRANGERS = 20000, N_STAFF = 8000 };

static const char *const words[] = {
    "acorn",  "alder",  "amber",   "aspen", "badger", "basil",   "beech",  "birch",  "bramble",
    "cedar",  "clover", "cobalt",  "coral", "crane",  "cypress", "daisy",  "elm",    "falcon",
    "fennel", "finch",  "garnet",  "hazel", "heron",  "holly",   "indigo", "iris",   "ivory",
    "jade",   "jasper", "juniper", "larch", "laurel", "lotus",   "maple",  "marten", "myrtle",
    "olive",  "onyx",   "orchid",  "otter", "poplar", "quartz",  "raven",  "rowan",  "saffron",
    "sage",   "sorrel", "spruce",  "teal",  "thyme",  "umber",   "violet", "walnut", "willow",
};
static const char *const top_domains[] = {"example", "example.com", "example.net", "example.org",
                                          "test"};
static const char *const our_domains[OUR_DOMAINS] = {
    [PLACE_STORE] = "mailboxes.example.test",
    [PLACE_RELAY] = "lists.example.test",
    [PLACE_OFFICE] = "office.example.test",
    [PLACE_HUB] = "accounts.example.test",
};

static const char *word(Dice *dice)
{
    return words[dice_below(dice, G_N_ELEMENTS(words))];
}

static char *address_of_stranger(Dice *dice)
{
    uint32_t host = dice_below(dice, 2 << 16);

    return g_strdup_printf("198.%u.%u.%u", 18 + (host >> 16), host >> 8 & 255, host & 255);
}

static Domain make_domain(Dice *dice, size_t number)
{
    const char *name = word(dice);
    const uint32_t tail = dice_below(dice, 1000);
    Domain domain = {.place = PLACE_AWAY};

    if (number < OUR_DOMAINS) {
        domain.place = (Place)number;
        domain.name = g_strdup(our_domains[number]);
    } else {
        domain.name = g_strdup_printf("%s%u.%s", name, tail,
                                      top_domains[number % G_N_ELEMENTS(top_domains)]);
    }
    domain.mx.name = g_strdup_printf("mx%u.%s", 1 + dice_below(dice, 4), domain.name);
    domain.mx.ip = address_of_stranger(dice);
    return domain;
}

static Client make_client(const Names *self, Dice *dice)
{
    const Domain *domain = &self->domains[OUR_DOMAINS + dice_below(dice, N_DOMAINS)];
    Client client = {.ip = address_of_stranger(dice)};

    client.name = dice_in_thousand(dice, 200)
                      ? g_strdup("unknown")
                      : g_strdup_printf("out%u.%s", 1 + dice_below(dice, 24), domain->name);
    return client;
}

static Address make_address(Dice *dice, const Domain *domain)
{
    Address address = {.domain = domain};
    const char *first = word(dice);
    const char *last = word(dice);

    address.text = g_strdup_printf("%s.%s%u@%s", first, last, dice_below(dice, 400), domain->name);
    return address;
}

Names *names_new(Dice *dice, bool one_client)
{
    Names *self = g_new0(Names, 1);

    self->n_domains = OUR_DOMAINS + N_DOMAINS;
    self->domains = g_new(Domain, self->n_domains);
    for (size_t i = 0; i < self->n_domains; i++)
        self->domains[i] = make_domain(dice, i);
    self->n_clients = one_client ? 1 : N_CLIENTS;
    self->clients = g_new(Client, self->n_clients);
    for (size_t i = 0; i < self->n_clients; i++)
        self->clients[i] = make_client(self, dice);
    self->n_strangers = N_STRANGERS;
    self->strangers = g_new(Address, self->n_strangers);
    for (size_t i = 0; i < self->n_strangers; i++)
        self->strangers[i] = make_address(
            dice, &self->domains[OUR_DOMAINS + dice_below(dice, N_DOMAINS)]);
    self->n_staff = N_STAFF;
    self->staff = g_new(Address, self->n_staff);
    for (size_t i = 0; i < self->n_staff; i++)
        self->staff[i] = make_address(dice, &self->domains[dice_below(dice, OUR_DOMAINS)]);
    self->nobody.text = g_strdup("");
    return self;
}

static void clear_addresses(Address *addresses, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_free(addresses[i].text);
    g_free(addresses);
}

static void clear_client(Client *client)
{
    g_free(client->name);
    g_free(client->ip);
}

void names_free(Names *self)
{
    clear_addresses(self->strangers, self->n_strangers);
    clear_addresses(self->staff, self->n_staff);
    for (size_t i = 0; i < self->n_clients; i++)
        clear_client(&self->clients[i]);
    g_free(self->clients);
    for (size_t i = 0; i < self->n_domains; i++) {
        g_free(self->domains[i].name);
        clear_client(&self->domains[i].mx);
    }
    g_free(self->domains);
    g_free(self->nobody.text);
    g_free(self);
}

const Client *names_client(const Names *self, Dice *dice)
{
    return &self->clients[dice_below(dice, (uint32_t)self->n_clients)];
}

const Address *names_stranger(const Names *self, Dice *dice)
{
    return &self->strangers[dice_below(dice, (uint32_t)self->n_strangers)];
}

const Address *names_staff(const Names *self, Dice *dice)
{
    return &self->staff[dice_below(dice, (uint32_t)self->n_staff)];
}
