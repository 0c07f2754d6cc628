#include "tests/bench/generate.h"

#include <inttypes.h>
#include <stdint.h>

#include "tests/bench/random.h"

enum { ANALYSTS = 40 };

#define COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

static const char subscription[] =
    "/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/"
    "security-operations/providers/Microsoft.OperationalInsights/"
    "workspaces/soc-west-europe/providers/Microsoft.SecurityInsights";

static const char *const severities[] = { "Informational", "Low", "Medium", "High" };
static const char *const statuses[] = { "New", "Active", "Closed" };

/* Legal pairs: the schema has no others. */
static const struct verdict {
    const char *classification;
    const char *reason;
} verdicts[] = {
    { "TruePositive", "SuspiciousActivity" },
    { "BenignPositive", "SuspiciousButExpected" },
    { "FalsePositive", "IncorrectAlertLogic" },
    { "FalsePositive", "InaccurateData" },
    { "Undetermined", NULL },
};

/* As JSON text: with escapes, and with characters of two, three and four bytes. */
static const char *const subjects[] = {
    "Sign-in from an unfamiliar location",
    "Multiple failed logons followed by success",
    "Malware \\\"Emotet\\\" was prevented on one endpoint",
    "Suspicious PowerShell download cradle",
    "Mass download from the document library",
    "Connexion inhabituelle signal\u00e9e",
    "\xe4\xb8\x8d\xe5\xae\xa1\xe8\xae\xbf\xe9\x97\xae of a privileged group",
    "Exfiltration over DNS \\u2014 long, random-looking labels",
    "Phishing \xf0\x9f\x8e\xa3 reported by a user",
    "Path traversal in C:\\\\inetpub\\\\wwwroot",
};
static const char *const places[] = {
    "build server",      "file share in Z\xc3\xbcrich",
    "domain controller", "laptop of the finance team",
    "web front end",
};
static const char *const sentences[] = {
    "The account signed in from two countries within ten minutes.",
    "The alert was raised by a scheduled rule that runs every five minutes.",
    "No further activity was seen from this address in the last week.",
    "The process was started by winword.exe and wrote to \\\"Startup\\\".",
    "The user confirmed that the change was expected.\\r\\nThe rule will be tuned.",
    "The hash is known to two of the connected intelligence feeds.",
    "A ticket with the network team is open: firewall logs are kept for 30 days.",
    "L'utilisateur est en cong\xc3\xa9 jusqu'au 12.",
};
static const char *const tactics[] = {
    "InitialAccess",     "Execution",  "Persistence",      "PrivilegeEscalation",
    "DefenseEvasion",    "Discovery",  "CredentialAccess", "LateralMovement",
    "CommandAndControl", "Collection", "Exfiltration",
};
static const char *const labels[] = { "vip", "night shift", "AutoTriaged", "needs-review" };

static void write_uuid(FILE *file, struct bench_random *random)
{
    uint64_t high = bench_random_next(random);
    uint64_t low = bench_random_next(random);
    fprintf(file, "%08" PRIx32 "-%04" PRIx32 "-4%03" PRIx32 "-a%03" PRIx32 "-%012" PRIx64,
            (uint32_t)(high >> 32), (uint32_t)(high >> 16 & 0xffff), (uint32_t)(high & 0xfff),
            (uint32_t)(low >> 48 & 0xfff), (uint64_t)(low & 0xffffffffffff));
}

static void write_time(FILE *file, const char *key, struct bench_random *random)
{
    uint32_t seconds = bench_random_below(random, 86400);
    fprintf(file, "\"%s\":\"2026-%02u-%02uT%02u:%02u:%02u.%07uZ\",", key,
            1 + bench_random_below(random, 12), 1 + bench_random_below(random, 28), seconds / 3600,
            seconds / 60 % 60, seconds % 60, bench_random_below(random, 10000000));
}

static void write_sentences(FILE *file, struct bench_random *random, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        fprintf(file, "%s%s", i ? " " : "",
                sentences[bench_random_below(random, COUNT_OF(sentences))]);
}

/* Some titles are over the hundred characters that the other side takes. */
static void write_title(FILE *file, struct bench_random *random, unsigned number)
{
    fprintf(file, "\"title\":\"%s on the %s (#%u)",
            subjects[bench_random_below(random, COUNT_OF(subjects))],
            places[bench_random_below(random, COUNT_OF(places))], number);
    if (bench_random_below(random, 5) == 0) {
        fputs(": ", file);
        write_sentences(file, random, 2);
    }
    fputs("\",", file);
}

static void write_owner(FILE *file, struct bench_random *random)
{
    uint32_t analyst = bench_random_below(random, ANALYSTS + ANALYSTS / 4);
    if (analyst >= ANALYSTS) {
        fputs("\"owner\":{\"objectId\":null,\"email\":null,\"assignedTo\":null,"
              "\"userPrincipalName\":null},",
              file);
        return;
    }
    fprintf(file,
            "\"owner\":{\"objectId\":\"2046feea-040d-4a46-9e2b-91c2941b%04u\","
            "\"email\":\"analyst.%02u@contoso.com\",\"assignedTo\":\"Analyst %02u\","
            "\"userPrincipalName\":\"analyst%02u@contoso.com\"},",
            analyst, analyst, analyst, analyst);
}

static void write_verdict(FILE *file, struct bench_random *random)
{
    const struct verdict *verdict = &verdicts[bench_random_below(random, COUNT_OF(verdicts))];
    fprintf(file, "\"classification\":\"%s\",\"classificationComment\":\"",
            verdict->classification);
    write_sentences(file, random, 1 + bench_random_below(random, 2));
    fputs("\",", file);
    if (verdict->reason)
        fprintf(file, "\"classificationReason\":\"%s\",", verdict->reason);
}

static void write_labels(FILE *file, struct bench_random *random)
{
    uint32_t count = bench_random_below(random, 3);
    fputs("\"labels\":[", file);
    for (uint32_t i = 0; i < count; i++)
        fprintf(file, "%s{\"labelName\":\"%s\",\"labelType\":\"User\"}", i ? "," : "",
                labels[bench_random_below(random, COUNT_OF(labels))]);
    fputs("],", file);
}

static void write_additional_data(FILE *file, struct bench_random *random)
{
    uint32_t first = bench_random_below(random, COUNT_OF(tactics));
    uint32_t count = 1 + bench_random_below(random, 3);
    fprintf(file,
            "\"additionalData\":{\"alertsCount\":%u,\"bookmarksCount\":0,\"commentsCount\":%u,"
            "\"alertProductNames\":[\"Azure Sentinel\"],\"tactics\":[",
            1 + bench_random_below(random, 9), bench_random_below(random, 5));
    for (uint32_t i = 0; i < count; i++)
        fprintf(file, "%s\"%s\"", i ? "," : "", tactics[(first + i) % COUNT_OF(tactics)]);
    fputs("]}", file);
}

static void write_rules(FILE *file, struct bench_random *random)
{
    fprintf(file, "\"relatedAnalyticRuleIds\":[\"%s/alertRules/", subscription);
    write_uuid(file, random);
    fputs("\"],", file);
}

/* `name` by value: the same name each time. */
static void write_url(FILE *file, struct bench_random name)
{
    fprintf(file,
            "\"incidentUrl\":\"https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/"
            "Incident%s/Incidents/",
            subscription);
    write_uuid(file, &name);
    fputs("\",", file);
}

static void write_properties(FILE *file, struct bench_random *random, struct bench_random name,
                             unsigned number)
{
    uint32_t status = bench_random_below(random, COUNT_OF(statuses));
    fputs("\"properties\":{", file);
    write_title(file, random, number);
    fputs("\"description\":\"", file);
    write_sentences(file, random, 2 + bench_random_below(random, 4));
    fprintf(file, "\",\"severity\":\"%s\",\"status\":\"%s\",",
            severities[bench_random_below(random, COUNT_OF(severities))], statuses[status]);
    if (status == 2)
        write_verdict(file, random);
    write_owner(file, random);
    write_labels(file, random);
    write_time(file, "firstActivityTimeUtc", random);
    write_time(file, "lastActivityTimeUtc", random);
    write_time(file, "lastModifiedTimeUtc", random);
    write_time(file, "createdTimeUtc", random);
    fprintf(file, "\"incidentNumber\":%u,", number);
    write_url(file, name);
    write_rules(file, random);
    fprintf(file, "\"providerName\":\"Azure Sentinel\",\"providerIncidentId\":\"%u\",", number);
    write_additional_data(file, random);
    fputs("}", file);
}

static void write_incident(FILE *file, struct bench_random *random, unsigned number)
{
    const struct bench_random name = { bench_random_next(random) };
    struct bench_random in_id = name;
    struct bench_random in_name = name;
    fprintf(file, "{\"id\":\"%s/Incidents/", subscription);
    write_uuid(file, &in_id);
    fputs("\",\"name\":\"", file);
    write_uuid(file, &in_name);
    fprintf(file, "\",\"etag\":\"\\\"%08x-0000-0d00-0000-%08x0000\\\"\",",
            (unsigned)bench_random_next(random), (unsigned)bench_random_next(random));
    fputs("\"type\":\"Microsoft.SecurityInsights/Incidents\",", file);
    write_properties(file, random, name, number);
    fputs("}\n", file);
}

int bench_generate_incidents(FILE *file, unsigned count)
{
    struct bench_random random = { 20260101 };
    for (unsigned i = 0; i < count; i++)
        write_incident(file, &random, i + 1);
    return ferror(file) ? -1 : 0;
}

int bench_generate_analysts(FILE *file)
{
    fputs("siem.id,siem.login,siem.mail,siem.name,soar.login\n", file);
    for (unsigned i = 0; i < ANALYSTS; i++)
        fprintf(file,
                "2046feea-040d-4a46-9e2b-91c2941b%04u,analyst%02u@contoso.com,"
                "analyst.%02u@contoso.com,Analyst %02u,soc\\analyst%02u\n",
                i, i, i, i, i);
    return ferror(file) ? -1 : 0;
}
