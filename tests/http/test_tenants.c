/* Two tenants and one shared SOAR over real HTTP: nothing crosses, and no tenant holds up another (scenario S12, hanging and poisoned
 * tenants). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/http_case.h"

enum { ACME, BETA };

static int start_two(void **data)
{
    if (http_case_start_closed(data) != 0)
        return -1;
    struct http_case *test = *data;
    lab_open(&test->lab, &(struct lab_options){ .tenants = 2 });
    return 0;
}

/* A new incident that tells its tenant by its title, on both sides. */
static struct lab_incident linked(struct http_case *test, unsigned tenant)
{
    struct lab_incident incident =
        lab_new_incident(&test->lab, tenant, json_pack("{s:s}", "title", lab_tenant(tenant)));
    http_settle(test);
    assert_true(lab_find_number(&test->lab, &incident));
    return incident;
}

/* --- S12 ---------------------------------------------------------------------------------------------------- */

static struct lab_incident with_name(struct http_case *test, unsigned tenant, const char *name)
{
    struct lab_incident incident = { .tenant = tenant };
    lab_do(&test->lab.siem, "POST", "/_sim/create",
           json_pack("{s:s, s:s, s:{s:s}}", "workspace", lab_workspace(tenant), "name", name,
                     "properties", "title", lab_tenant(tenant)));
    memcpy(incident.name, name, strlen(name) + 1);
    return incident;
}

/* The number of the SOAR's incident with the tenant's title. */
static void find_by_title(struct http_case *test, struct lab_incident *incident)
{
    const json_t *rows =
        json_object_get(lab_do(&test->lab.soar, "GET", "/_sim/records", NULL), "incidents");
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (strcmp(lab_text_at(json_array_get(rows, i), "Title"), lab_tenant(incident->tenant)) ==
            0)
            snprintf(incident->number, sizeof(incident->number), "%s",
                     lab_text_at(json_array_get(rows, i), "IR Number"));
}

static void s12_the_same_id_in_two_workspaces_is_two_incidents(void **data)
{
    static const char ID[] = "12121212-0000-4000-8000-000000000012";
    struct http_case *test = *data;
    struct lab_incident acme = with_name(test, ACME, ID);
    struct lab_incident beta = with_name(test, BETA, ID);
    http_settle(test);
    find_by_title(test, &acme);
    find_by_title(test, &beta);
    assert_string_not_equal(acme.number, "");
    assert_string_not_equal(beta.number, "");
    assert_string_not_equal(acme.number, beta.number);
    lab_judge_soar(&test->lab, &beta, "Closed", "TP.SA");
    lab_judge_siem(&test->lab, &acme, "Active", NULL);
    http_settle(test);
    assert_string_equal(lab_both(&test->lab, &beta), "Closed TP.SA ~ Closed TP.SA");
    assert_string_equal(lab_both(&test->lab, &acme), "Active - ~ In Progress -");
}

/* A row that carries another tenant's id by hand is nobody's: the claim isn't signed for it. */
static void a_copied_id_links_nothing(void **data)
{
    struct http_case *test = *data;
    struct lab_incident acme = linked(test, ACME);
    lab_do(&test->lab.soar, "POST", "/_sim/create",
           json_pack("{s:{s:s, s:s}}", "fields", "Title", "a copy", "Description",
                     "duet:beta/sentinel_smartsoar/nobody:00000000000000000000000000000000"));
    lab_rounds(&test->lab, 1);
    lab_judge_siem(&test->lab, &acme, "Active", NULL);
    http_settle(test);
    assert_string_equal(lab_both(&test->lab, &acme), "Active - ~ In Progress -");
    assert_int_equal(lab_count(&test->lab.siem, "write incident"), 0);
}

/* --- a tenant whose server hangs ---------------------------------------------------------------------------- */

struct silence {
    int fd;
    char *base;
};

/* Takes connections and never says a word. */
static struct silence open_silence(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof(address);
    struct silence silence = { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    assert_int_equal(bind(silence.fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(silence.fd, 16), 0);
    assert_int_equal(getsockname(silence.fd, (struct sockaddr *)&address, &length), 0);
    silence.base = lab_format("http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return silence;
}

static void change_beta(struct http_case *test, const char *name, const char *base)
{
    char *from = strcmp(name, "arm") == 0
                     ? lab_format("arm = \"%s\"; directory = \"beta", test->lab.siem.base)
                     : lab_format("login = \"%s\"; arm = \"%s\"; directory = \"beta",
                                  test->lab.siem.base, test->lab.siem.base);
    char *to = strcmp(name, "arm") == 0
                   ? lab_format("arm = \"%s\"; directory = \"beta", base)
                   : lab_format("login = \"%s\"; arm = \"%s\"; directory = \"beta", base,
                                test->lab.siem.base);
    lab_change_fleet(&test->lab, from, to);
    free(from);
    free(to);
}

/* acme's edits go over both ways while beta's server hangs; only then does it hang up. */
static void hanging(struct http_case *test, const char *what)
{
    struct lab_incident acme = linked(test, ACME);
    struct silence silence = open_silence();
    change_beta(test, what, silence.base);
    lab_judge_siem(&test->lab, &acme, "Active", NULL);
    lab_edit_soar(&test->lab, &acme, json_pack("{s:s}", "Severity", "Low"));
    lab_begin_once(&test->lab);
    lab_child_release(&test->lab.engine);
    double deadline = lab_seconds() + 60;
    while (strcmp(lab_both(&test->lab, &acme), "Active - ~ In Progress -") != 0 ||
           strcmp(lab_siem_text(&test->lab, &acme, "properties.severity"), "Low") != 0) {
        if (lab_seconds() > deadline)
            fail_msg("acme waits for beta");
        lab_pause();
    }
    assert_true(lab_child_runs(&test->lab.engine)); /* beta hangs still */
    close(silence.fd);
    assert_int_equal(lab_finish_once(&test->lab), 3);
    assert_non_null(strstr(test->lab.said, "beta"));
    free(silence.base);
}

static void a_server_that_hangs_delays_no_other_tenant(void **data)
{
    hanging(*data, "arm");
}

static void a_login_that_hangs_delays_no_other_tenant(void **data)
{
    hanging(*data, "login");
}

/* --- a tenant that can't work ---------------------------------------------------------------------------------- */

static void expect_acme_works(struct http_case *test, struct lab_incident *acme)
{
    lab_judge_siem(&test->lab, acme, "Active", NULL);
    assert_int_equal(lab_run_once(&test->lab), 3);
    assert_non_null(strstr(test->lab.said, "beta"));
    assert_string_equal(lab_both(&test->lab, acme), "Active - ~ In Progress -");
    lab_judge_soar(&test->lab, acme, "Closed", "TP.SA");
    lab_run_once(&test->lab);
    assert_string_equal(lab_both(&test->lab, acme), "Closed TP.SA ~ Closed TP.SA");
}

static void a_missing_secret_stops_its_tenant_alone(void **data)
{
    struct http_case *test = *data;
    struct lab_incident acme = linked(test, ACME);
    lab_change_fleet(&test->lab, "env BETA_SECRET", "env NOBODY_SET_THIS");
    expect_acme_works(test, &acme);
    assert_non_null(strstr(test->lab.said, "NOBODY_SET_THIS"));
}

static void a_wrong_client_stops_its_tenant_alone(void **data)
{
    struct http_case *test = *data;
    struct lab_incident acme = linked(test, ACME);
    lab_change_fleet(&test->lab, "\"beta-app\"", "\"nobody\"");
    expect_acme_works(test, &acme);
}

static void give_beta_a_table(void **data, const char *csv, const char *complaint)
{
    struct http_case *test = *data;
    struct lab_incident acme = linked(test, ACME);
    char *path = lab_format("%s/bad.csv", test->lab.folder);
    lab_write_file(path, csv);
    free(path);
    lab_change_fleet(&test->lab,
                     "beta\"; }\n  side soar shared soc;\n  table analysts from \"analysts.csv\"",
                     "beta\"; }\n  side soar shared soc;\n  table analysts from \"bad.csv\"");
    expect_acme_works(test, &acme);
    assert_non_null(strstr(test->lab.said, complaint));
}

static void a_bad_table_of_persons_stops_its_tenant_alone(void **data)
{
    give_beta_a_table(data, "siem.id,soar.login\n1,ann\n2,ann\n", "bad.csv: lines 2 and 3");
}

static void a_table_without_a_needed_column_stops_its_tenant_alone(void **data)
{
    give_beta_a_table(data, "siem.id,soar.logni\n1,ann\n", "bad.csv:1: no column that soar.owner");
}

/* Records that nobody can read, many of them, and of a linked one too. */
static void records_of_poison_delay_no_other_tenant(void **data)
{
    struct http_case *test = *data;
    struct lab_incident acme = linked(test, ACME);
    struct lab_incident beta = linked(test, BETA);
    for (int i = 0; i < 20; i++) {
        struct lab_incident bad = lab_new_incident(&test->lab, BETA, NULL);
        lab_do(&test->lab.siem, "POST", "/_sim/edit",
               json_pack("{s:s, s:s, s:{s:[i], s:n}, s:b}", "workspace", lab_workspace(BETA),
                         "name", bad.name, "set", "status", 1, "severity", "force", 1));
    }
    lab_judge_siem(&test->lab, &acme, "Active", NULL);
    lab_judge_siem(&test->lab, &beta, "Active", NULL);
    lab_rounds(&test->lab, 1);
    assert_string_equal(lab_both(&test->lab, &acme), "Active - ~ In Progress -");
    assert_string_equal(lab_both(&test->lab, &beta), "Active - ~ In Progress -");
    lab_quiet(&test->lab, 2);
}

/* --- hubs and own instances ------------------------------------------------------------------------------------ */

static void each_tenants_rows_go_to_its_own_workspace(void **data)
{
    struct http_case *test = *data;
    struct lab_incident acme = linked(test, ACME);
    struct lab_incident beta = linked(test, BETA);
    lab_judge_soar(&test->lab, &acme, "Closed", "TP.SA");
    lab_judge_soar(&test->lab, &beta, "Closed", "FP.ID");
    lab_note_soar(&test->lab, &acme, "for acme");
    lab_note_soar(&test->lab, &beta, "for beta");
    http_settle(test);
    assert_string_equal(lab_both(&test->lab, &acme), "Closed TP.SA ~ Closed TP.SA");
    assert_string_equal(lab_both(&test->lab, &beta), "Closed FP.ID ~ Closed FP.ID");
    assert_int_equal(lab_siem_notes(&test->lab, &acme, "for acme"), 1);
    assert_int_equal(lab_siem_notes(&test->lab, &acme, "for beta"), 0);
    assert_int_equal(lab_siem_notes(&test->lab, &beta, "for beta"), 1);
}

static void a_soar_of_its_own_works_alike(void **data)
{
    struct http_case *test = *data;
    lab_open(&test->lab, &(struct lab_options){ .own_soar = true });
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", "TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_writes(test, 1, 0);
}

static void an_override_changes_one_tenant(void **data)
{
    struct http_case *test = *data;
    lab_change_fleet(
        &test->lab, "every 1s;\n  \n}\n\ntenant beta",
        "every 1s;\n  override severity { Informational -> Low lossy \"no Informational here\"; "
        "}\n}\n\ntenant beta");
    struct lab_incident acme = linked(test, ACME);
    struct lab_incident beta = linked(test, BETA);
    lab_edit_siem(&test->lab, &acme, json_pack("{s:s}", "severity", "Informational"));
    lab_edit_siem(&test->lab, &beta, json_pack("{s:s}", "severity", "Informational"));
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &acme, "Severity"), "Low");
    assert_string_equal(lab_soar_text(&test->lab, &beta, "Severity"), "Informational");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TWO(name) cmocka_unit_test_setup_teardown(name, start_two, http_case_stop)
        TWO(s12_the_same_id_in_two_workspaces_is_two_incidents),
        TWO(a_copied_id_links_nothing),
        TWO(a_server_that_hangs_delays_no_other_tenant),
        TWO(a_login_that_hangs_delays_no_other_tenant),
        TWO(a_missing_secret_stops_its_tenant_alone),
        TWO(a_wrong_client_stops_its_tenant_alone),
        TWO(a_bad_table_of_persons_stops_its_tenant_alone),
        TWO(a_table_without_a_needed_column_stops_its_tenant_alone),
        TWO(records_of_poison_delay_no_other_tenant),
        TWO(each_tenants_rows_go_to_its_own_workspace),
        TWO(an_override_changes_one_tenant),
        cmocka_unit_test_setup_teardown(a_soar_of_its_own_works_alike, http_case_start_closed,
                                        http_case_stop),
#undef TWO
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
