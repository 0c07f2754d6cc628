/* From an address as people write it to a listening socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/server/listen.h"

static void assert_listens(const char *address)
{
    struct duet_error error = { "" };
    int fd = -1;
    int port = 0;
    enum duet_status status = duet_listen(address, &fd, &port, &error);
    if (status != DUET_OK)
        print_message("%s\n", error.text);
    assert_int_equal(status, DUET_OK);
    assert_in_range(port, 1, 65535);
    close(fd);
}

static void a_port_of_zero_gives_a_free_one(void **state)
{
    (void)state;
    assert_listens("127.0.0.1:0");
    assert_listens("localhost:0");
    assert_listens(":0");
}

static void an_ipv6_address_stands_in_brackets(void **state)
{
    (void)state;
    struct duet_error error = { "" };
    int fd = -1;
    int port = 0;
    enum duet_status status = duet_listen("[::1]:0", &fd, &port, &error);
    if (status == DUET_FAILED) { /* a machine without IPv6 */
        assert_non_null(strstr(error.text, "can't listen on '[::1]:0'"));
        return;
    }
    assert_int_equal(status, DUET_OK);
    assert_in_range(port, 1, 65535);
    close(fd);
}

static void what_is_no_address_is_refused_with_what_was_expected(void **state)
{
    (void)state;
    static const char *const wrong[] = { "",           "8080",       "127.0.0.1",
                                         "127.0.0.1:", "host:web",   "host:-1",
                                         "host:1 ",    "host:65536", "host:99999999999",
                                         "::1:8080",   "[::1]",      "[::1]8080",
                                         "[]:80",      "[::1:80" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct duet_error error = { "" };
        int fd = -1;
        int port = 0;
        char expected[128];
        snprintf(expected, sizeof expected,
                 "can't listen on '%s': expected HOST:PORT, [ADDRESS]:PORT or :PORT", wrong[i]);
        assert_int_equal(duet_listen(wrong[i], &fd, &port, &error), DUET_INVALID);
        assert_string_equal(error.text, expected);
        assert_int_equal(fd, -1);
    }
}

static void a_host_name_without_end_is_refused(void **state)
{
    (void)state;
    char address[600];
    memset(address, 'a', sizeof address);
    memcpy(address + sizeof address - 4, ":80", 4);
    struct duet_error error = { "" };
    int fd = -1;
    int port = 0;
    assert_int_equal(duet_listen(address, &fd, &port, &error), DUET_INVALID);
}

static void a_port_in_use_is_said(void **state)
{
    (void)state;
    struct duet_error error = { "" };
    int first = -1;
    int second = -1;
    int port = 0;
    assert_int_equal(duet_listen("127.0.0.1:0", &first, &port, &error), DUET_OK);
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    assert_int_equal(duet_listen(address, &second, &port, &error), DUET_FAILED);
    assert_non_null(strstr(error.text, address));
    assert_non_null(strstr(error.text, "in use"));
    close(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_of_zero_gives_a_free_one),
        cmocka_unit_test(an_ipv6_address_stands_in_brackets),
        cmocka_unit_test(what_is_no_address_is_refused_with_what_was_expected),
        cmocka_unit_test(a_host_name_without_end_is_refused),
        cmocka_unit_test(a_port_in_use_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
