#include "engine/world/net.h"

#include <string.h>
#include <strings.h>

const char *duet_net_header(const struct duet_net_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    }
    return NULL;
}

/* 127.0.0.1 to 127.255.255.255, four numbers written out: "127.0.0.1.example.com" is somebody else. */
static bool is_loopback_v4(const char *host, size_t length)
{
    unsigned numbers[4] = { 0 };
    unsigned count = 0;
    size_t digits = 0;
    for (size_t i = 0; i <= length; i++) {
        char c = i < length ? host[i] : '.';
        if (c >= '0' && c <= '9' && digits < 3) {
            numbers[count] = numbers[count] * 10 + (unsigned)(c - '0');
            digits++;
        } else if (c == '.' && digits > 0 && numbers[count] <= 255 && (i == length || count < 3)) {
            count++;
            digits = 0;
        } else {
            return false;
        }
    }
    return count == 4 && numbers[0] == 127;
}

bool duet_net_is_loopback(const char *host, size_t length)
{
    if (length >= 2 && host[0] == '[' && host[length - 1] == ']') {
        host++;
        length -= 2;
    }
    return (length == 9 && strncasecmp(host, "localhost", 9) == 0) ||
           (length == 3 && strncmp(host, "::1", 3) == 0) || is_loopback_v4(host, length);
}
