#include "engine/world/loop.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "engine/world/memory.h"

#define EVENTS_A_TURN 64
#define NOT_IN_HEAP SIZE_MAX

/* In the heap, or in the list of what is deferred. */
struct duet_timer {
    int64_t at;
    uint64_t number;                   /* in the order of setting */
    size_t place;                      /* in the heap */
    struct duet_timer *before, *after; /* in the list */
    duet_loop_call call;
    void *data;
};

struct duet_watch {
    int fd;
    bool is_over; /* unwatched; freed when the turn ends */
    duet_loop_ready ready;
    void *data;
    struct duet_watch *next_over;
};

struct duet_loop {
    struct duet_clock *clock;
    int epoll;
    struct duet_timer **heap;
    size_t heap_count, heap_size;
    uint64_t next_number;
    struct duet_timer *first, *last; /* deferred */
    struct duet_watch *over;
    unsigned holds;
    bool is_stopped;
};

struct duet_loop *duet_loop_new(struct duet_clock *clock)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        return NULL;
    struct duet_loop *loop = duet_new(sizeof *loop);
    loop->clock = clock;
    loop->epoll = epoll;
    return loop;
}

static void free_over(struct duet_loop *loop)
{
    while (loop->over) {
        struct duet_watch *next = loop->over->next_over;
        free(loop->over);
        loop->over = next;
    }
}

void duet_loop_free(struct duet_loop *loop)
{
    if (!loop)
        return;
    for (size_t i = 0; i < loop->heap_count; i++)
        free(loop->heap[i]);
    free(loop->heap);
    while (loop->first) {
        struct duet_timer *next = loop->first->after;
        free(loop->first);
        loop->first = next;
    }
    free_over(loop);
    close(loop->epoll);
    free(loop);
}

struct duet_clock *duet_loop_clock(struct duet_loop *loop)
{
    return loop->clock;
}

/* --- timers: a binary heap, the earliest on top ------------------------------------------------------- */

static bool is_earlier(const struct duet_timer *a, const struct duet_timer *b)
{
    return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void put(struct duet_loop *loop, size_t place, struct duet_timer *timer)
{
    loop->heap[place] = timer;
    timer->place = place;
}

static void sift_up(struct duet_loop *loop, size_t place)
{
    struct duet_timer *timer = loop->heap[place];
    while (place > 0 && is_earlier(timer, loop->heap[(place - 1) / 2])) {
        put(loop, place, loop->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(loop, place, timer);
}

static void sift_down(struct duet_loop *loop, size_t place)
{
    struct duet_timer *timer = loop->heap[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= loop->heap_count)
            break;
        if (child + 1 < loop->heap_count && is_earlier(loop->heap[child + 1], loop->heap[child]))
            child++;
        if (!is_earlier(loop->heap[child], timer))
            break;
        put(loop, place, loop->heap[child]);
        place = child;
    }
    put(loop, place, timer);
}

static void take_from_heap(struct duet_loop *loop, struct duet_timer *timer)
{
    size_t place = timer->place;
    struct duet_timer *last = loop->heap[--loop->heap_count];
    timer->place = NOT_IN_HEAP;
    if (last == timer)
        return;
    put(loop, place, last);
    sift_up(loop, place);
    sift_down(loop, last->place);
}

static struct duet_timer *timer_new(struct duet_loop *loop, duet_loop_call call, void *data)
{
    struct duet_timer *timer = duet_new(sizeof *timer);
    timer->number = loop->next_number++;
    timer->place = NOT_IN_HEAP;
    timer->call = call;
    timer->data = data;
    return timer;
}

struct duet_timer *duet_loop_at(struct duet_loop *loop, int64_t monotonic_ms, duet_loop_call call,
                                void *data)
{
    struct duet_timer *timer = timer_new(loop, call, data);
    timer->at = monotonic_ms;
    if (loop->heap_count == loop->heap_size) {
        loop->heap_size = loop->heap_size > 0 ? 2 * loop->heap_size : 16;
        loop->heap = duet_grow_array(loop->heap, loop->heap_size, sizeof(struct duet_timer *));
    }
    put(loop, loop->heap_count++, timer);
    sift_up(loop, timer->place);
    return timer;
}

struct duet_timer *duet_loop_after(struct duet_loop *loop, int64_t delay_ms, duet_loop_call call,
                                   void *data)
{
    int64_t now = duet_clock_monotonic(loop->clock);
    return duet_loop_at(loop, delay_ms > 0 ? now + delay_ms : now, call, data);
}

/* --- what is deferred ---------------------------------------------------------------------------------- */

struct duet_timer *duet_loop_defer(struct duet_loop *loop, duet_loop_call call, void *data)
{
    struct duet_timer *timer = timer_new(loop, call, data);
    timer->before = loop->last;
    *(loop->last ? &loop->last->after : &loop->first) = timer;
    loop->last = timer;
    return timer;
}

static void take_from_list(struct duet_loop *loop, struct duet_timer *timer)
{
    *(timer->before ? &timer->before->after : &loop->first) = timer->after;
    *(timer->after ? &timer->after->before : &loop->last) = timer->before;
}

void duet_loop_cancel(struct duet_loop *loop, struct duet_timer *timer)
{
    if (!timer)
        return;
    if (timer->place == NOT_IN_HEAP)
        take_from_list(loop, timer);
    else
        take_from_heap(loop, timer);
    free(timer);
}

/* The timer is gone when its call runs, so that the call may set another in its place. */
static void fire(struct duet_timer *timer)
{
    duet_loop_call call = timer->call;
    void *data = timer->data;
    free(timer);
    call(data);
}

/* Only what was set before the turn began: whoever defers again and again keeps nobody else waiting. */
static bool run_deferred(struct duet_loop *loop, uint64_t limit)
{
    bool ran = false;
    while (loop->first && loop->first->number < limit) {
        struct duet_timer *timer = loop->first;
        take_from_list(loop, timer);
        assert(loop->first != timer);
        fire(timer);
        ran = true;
    }
    return ran;
}

static bool run_due(struct duet_loop *loop, uint64_t limit)
{
    int64_t now = duet_clock_monotonic(loop->clock);
    bool ran = false;
    while (loop->heap_count > 0 && loop->heap[0]->at <= now && loop->heap[0]->number < limit) {
        struct duet_timer *timer = loop->heap[0];
        take_from_heap(loop, timer);
        assert(loop->heap_count == 0 || loop->heap[0] != timer);
        fire(timer);
        ran = true;
    }
    return ran;
}

/* --- file descriptors -------------------------------------------------------------------------------------- */

static uint32_t to_epoll(uint32_t events)
{
    return (events & DUET_LOOP_READ ? (uint32_t)EPOLLIN : 0U) |
           (events & DUET_LOOP_WRITE ? (uint32_t)EPOLLOUT : 0U);
}

static uint32_t from_epoll(uint32_t events)
{
    return (events & (EPOLLIN | EPOLLHUP) ? (uint32_t)DUET_LOOP_READ : 0U) |
           (events & EPOLLOUT ? (uint32_t)DUET_LOOP_WRITE : 0U) |
           (events & (EPOLLERR | EPOLLHUP) ? (uint32_t)DUET_LOOP_ERROR : 0U);
}

struct duet_watch *duet_loop_watch(struct duet_loop *loop, int fd, uint32_t events,
                                   duet_loop_ready ready, void *data)
{
    struct duet_watch *watch = duet_new(sizeof *watch);
    struct epoll_event event = { .events = to_epoll(events), .data = { .ptr = watch } };
    *watch = (struct duet_watch){ .fd = fd, .ready = ready, .data = data };
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        free(watch);
        return NULL;
    }
    return watch;
}

void duet_loop_change(struct duet_loop *loop, struct duet_watch *watch, uint32_t events)
{
    struct epoll_event event = { .events = to_epoll(events), .data = { .ptr = watch } };
    epoll_ctl(loop->epoll, EPOLL_CTL_MOD, watch->fd, &event);
}

void duet_loop_unwatch(struct duet_loop *loop, struct duet_watch *watch)
{
    if (!watch)
        return;
    struct epoll_event unused = { 0 };
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, &unused);
    watch->is_over = true;
    watch->next_over = loop->over;
    loop->over = watch;
}

void duet_loop_hold(struct duet_loop *loop)
{
    loop->holds++;
}

void duet_loop_release(struct duet_loop *loop)
{
    loop->holds--;
}

/* --- turns --------------------------------------------------------------------------------------------------- */

static bool is_simulated(const struct duet_loop *loop)
{
    return loop->clock->advance != NULL;
}

/* Milliseconds to wait; -1: until something comes. */
static int patience(const struct duet_loop *loop, bool wait)
{
    if (!wait || loop->first || loop->is_stopped)
        return 0;
    if (is_simulated(loop) || loop->heap_count == 0)
        return loop->holds > 0 ? -1 : 0;
    int64_t left = loop->heap[0]->at - duet_clock_monotonic(loop->clock);
    return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static int dispatch(struct duet_loop *loop, int timeout)
{
    struct epoll_event events[EVENTS_A_TURN];
    int count = epoll_wait(loop->epoll, events, EVENTS_A_TURN, timeout);
    for (int i = 0; i < count; i++) {
        struct duet_watch *watch = events[i].data.ptr;
        if (!watch->is_over)
            watch->ready(watch->data, from_epoll(events[i].events));
    }
    free_over(loop);
    return count;
}

bool duet_loop_turn(struct duet_loop *loop, bool wait)
{
    uint64_t limit = loop->next_number;
    bool ran = run_deferred(loop, limit);
    ran = run_due(loop, limit) || ran;
    if (ran)
        wait = false;
    int count = dispatch(loop, patience(loop, wait));
    if (count > 0 || ran || loop->first)
        return true;
    if (loop->heap_count == 0)
        return loop->holds > 0;
    if (wait && is_simulated(loop) && loop->holds == 0 && !loop->is_stopped)
        loop->clock->advance(loop->clock, loop->heap[0]->at);
    return true;
}

void duet_loop_run(struct duet_loop *loop)
{
    while (!loop->is_stopped && duet_loop_turn(loop, true))
        ;
    loop->is_stopped = false;
}

void duet_loop_stop(struct duet_loop *loop)
{
    loop->is_stopped = true;
}
