/*
 * names.h - who mails to whom: clients, domains and addresses
 *
 * All of them are made before the first line and used again and again, as in a real log. Names end in
 * the top-level domains of RFC 2606, addresses of clients are those of RFC 2544.
 */
#ifndef MKLOG_NAMES_H
#define MKLOG_NAMES_H

#include "dice.h"

#include <stddef.h>

typedef struct Client {
    char *name; /* "unknown" if its address has none */
    char *ip;
} Client;

typedef enum Place {
    PLACE_STORE,  /* our mailboxes on the store */
    PLACE_RELAY,  /* our lists on the relay */
    PLACE_OFFICE, /* our branch office */
    PLACE_HUB,    /* our accounts on the hub */
    PLACE_AWAY,   /* strangers */
} Place;

enum { OUR_DOMAINS = PLACE_AWAY };

typedef struct Domain {
    char *name;
    Client mx; /* the host that takes its mail */
    Place place;
} Domain;

typedef struct Address {
    char *text;           /* "" is the null sender */
    const Domain *domain; /* NULL for the null sender */
} Address;

typedef struct Names {
    Domain *domains; /* ours first, by place */
    size_t n_domains;
    Client *clients;
    size_t n_clients;
    Address *strangers;
    size_t n_strangers;
    Address *staff; /* at our domains */
    size_t n_staff;
    Address nobody; /* the null sender */
} Names;

/* Makes all names. With `one_client` there is a single client. */
Names *names_new(Dice *dice, bool one_client);
void names_free(Names *self);

/* Some one of them. */
const Client *names_client(const Names *self, Dice *dice);
const Address *names_stranger(const Names *self, Dice *dice);
const Address *names_staff(const Names *self, Dice *dice);

#endif
