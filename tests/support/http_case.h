/* What tests over real HTTP share: a laboratory a test, failures told to cmocka, one incident that both sides have. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lab/incident.h"
#include "tests/lab/text.h"

struct http_case {
    struct lab lab;
    struct lab_incident incident; /* the tests' main one */
};

/* A failure of the laboratory as cmocka's. */
void http_fail(const char *message);

/* For cmocka: *data is a case with an open laboratory (one tenant, a hub, clocks that stand), and its end. */
int http_case_start(void **data);
int http_case_stop(void **data);
/* *data is a case whose laboratory the test opens itself. */
int http_case_start_closed(void **data);
/* *data is a case for an engine that runs on: webhooks, clocks that go, polls an hour apart. */
int http_case_start_running(void **data);

/* A new incident on both sides, linked and at rest: New and Open. The counts are reset. */
void http_link(struct http_case *test);
/* The same with more properties in Sentinel (stolen). */
void http_link_with(struct http_case *test, json_t *properties);
/* The same brought to a state by an edit in Sentinel and at rest: status and verdict as in lab_judge_siem(). */
void http_link_as(struct http_case *test, const char *status, const char *verdict);

void http_siem(struct http_case *test, const char *status, const char *verdict);
void http_soar(struct http_case *test, const char *status, const char *verdict);

/* Rounds until one writes nothing, at most four; counts are reset before. Afterwards another one writes nothing. */
void http_settle(struct http_case *test);

/* "Closed TP.SA ~ Closed TP.SA" */
#define http_expect(test, expected)                                                                \
    assert_string_equal(lab_both(&(test)->lab, &(test)->incident), expected)
/* Records written since http_settle() began: the incident's PUTs; and the most commands of one kind to the SOAR. */
#define http_expect_writes(test, to_siem, to_soar)                                                 \
    do {                                                                                           \
        assert_int_equal(http_siem_writes(test), to_siem);                                         \
        assert_int_equal(http_soar_writes(test), to_soar);                                         \
    } while (0)
long http_siem_writes(struct http_case *test);
long http_soar_writes(struct http_case *test);

/* What `duet COMMAND --store STORE` prints has `text` in it. */
void http_expect_told(struct http_case *test, const char *command, const char *text);
/* `duet why` knows the lost value of a conflict on this field or group of the incident. */
void http_expect_lost(struct http_case *test, const char *field);
