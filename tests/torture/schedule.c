#include "tests/torture/schedule.h"

#include <stdlib.h>

#include "tests/support/chance.h"

static const struct {
    const char *number, *meaning;
} FAULTS[] = {
#define SCHEDULE_ROW(name, number, meaning) { number, meaning },
    SCHEDULE_FAULTS(SCHEDULE_ROW)
#undef SCHEDULE_ROW
};

const char *schedule_fault_number(enum schedule_fault fault)
{
    return FAULTS[fault].number;
}

const char *schedule_fault_meaning(enum schedule_fault fault)
{
    return FAULTS[fault].meaning;
}

struct drawing {
    struct schedule *schedule;
    struct chance chance;
};

static unsigned draw(struct drawing *drawing, unsigned limit)
{
    return chance_draw(&drawing->chance, limit);
}

/* An event at any moment of the storm; the caller fills in the rest. */
static struct event *add(struct drawing *drawing, enum event_kind kind, enum schedule_fault fault)
{
    static struct event beyond;
    struct schedule *schedule = drawing->schedule;
    struct event event = { .at_ms = (int64_t)draw(drawing, (unsigned)SCHEDULE_STORM_MS),
                           .kind = kind,
                           .side = (int)draw(drawing, 2),
                           .pair = draw(drawing, SCHEDULE_PAIRS),
                           .unit = draw(drawing, 1000),
                           .which = draw(drawing, 1000000),
                           .fault = fault };
    if (schedule->count == SCHEDULE_MAX)
        return &beyond;
    schedule->events[schedule->count] = event;
    return &schedule->events[schedule->count++];
}

static void draw_people(struct drawing *drawing)
{
    for (unsigned deeds = 4 + draw(drawing, 20); deeds > 0; deeds--)
        (void)add(drawing, draw(drawing, 5) ? EVENT_EDIT : EVENT_NOTE, FAULT_PEOPLE);
}

/* Both sides of one pair within a second, around the time of a round. */
static void draw_storm(struct drawing *drawing)
{
    for (unsigned storms = 1 + draw(drawing, 4); storms > 0; storms--) {
        struct event *first = add(drawing, EVENT_EDIT, FAULT_PEOPLE);
        struct event *second = add(drawing, EVENT_EDIT, FAULT_PEOPLE);
        second->pair = first->pair;
        second->unit = first->unit;
        second->side = !first->side;
        first->at_ms = first->at_ms / 30000 * 30000 + (int64_t)draw(drawing, 700);
        second->at_ms = first->at_ms + (int64_t)draw(drawing, 300);
    }
}

static void draw_some(struct drawing *drawing, enum event_kind kind, enum schedule_fault fault,
                      unsigned most)
{
    for (unsigned left = 1 + draw(drawing, most); left > 0; left--)
        (void)add(drawing, kind, fault);
}

static void draw_fault(struct drawing *drawing, enum schedule_fault fault)
{
    switch (fault) {
    case FAULT_CRASH:
        draw_some(drawing, EVENT_CRASH, fault, 2);
        draw_some(drawing, EVENT_CRASH_AFTER, fault, 3);
        return;
    case FAULT_REPEAT:
        draw_some(drawing, EVENT_SIGNAL, fault, 3);
        return;
    case FAULT_PEOPLE:
        draw_storm(drawing);
        return;
    case FAULT_SERVER:
        draw_some(drawing, EVENT_REQUEST, fault, 4);
        draw_some(drawing, draw(drawing, 2) ? EVENT_DOWN : EVENT_SLOW, fault, 1);
        return;
    case FAULT_CLOCK:
        draw_some(drawing, EVENT_STEP, fault, 3);
        draw_some(drawing, EVENT_SWITCH, fault, 1);
        return;
    case FAULT_PAGES:
        draw_some(drawing, EVENT_SWITCH, fault, 3);
        return;
    case FAULT_REPLY:
    case FAULT_TOKEN:
        draw_some(drawing, EVENT_REQUEST, fault, 4);
        return;
    case FAULT_LIFE:
        draw_some(drawing, draw(drawing, 3) ? EVENT_DELETE : EVENT_MERGE, fault, 1);
        return;
    case SCHEDULE_FAULT_COUNT:
        return;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct event *first = a;
    const struct event *second = b;
    if (first->at_ms != second->at_ms)
        return first->at_ms < second->at_ms ? -1 : 1;
    return (first->which > second->which) - (first->which < second->which);
}

void schedule_draw(struct schedule *schedule, uint64_t seed, unsigned only)
{
    struct drawing drawing = { .schedule = schedule,
                               .chance = { (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1 } };
    *schedule = (struct schedule){ .seed = seed };
    for (unsigned i = 0; i < 8; i++)
        (void)draw(&drawing, 2);
    draw_people(&drawing);
    for (unsigned fault = 0; fault < SCHEDULE_FAULT_COUNT; fault++) {
        bool is_drawn = draw(&drawing, 3) == 0;
        if (only ? !(only >> fault & 1U) : !is_drawn)
            continue;
        schedule->faults |= 1U << fault;
        draw_fault(&drawing, (enum schedule_fault)fault);
    }
    qsort(schedule->events, schedule->count, sizeof schedule->events[0], by_time);
}
