#include "engine/prove/findings.h"

#include <string.h>

/* The line without the blanks in front of it. */
static struct duet_span span_of(const struct duet_sources *sources, const char *path,
                                uint32_t number)
{
    for (uint32_t file = 0; file < duet_sources_count(sources); file++) {
        if (strcmp(duet_source_path(sources, file), path) != 0)
            continue;
        struct duet_line line = duet_source_line(sources, file, number);
        size_t blanks = 0;
        while (blanks < line.length && strchr(" \t", line.text[blanks]))
            blanks++;
        return (struct duet_span){ file, line.start + (uint32_t)blanks,
                                   line.start + (uint32_t)line.length };
    }
    return DUET_SPAN_NONE;
}

struct law_words {
    enum duet_diag_code code;
    const char *before, *after; /* the unit's name between them */
    const char *help;
};

static const struct law_words words[DUET_LAWS] = {
    [DUET_LAW_LEGAL] = { DUET_DIAG_LAW_LEGAL, "a write of '",
                         "' is refused by its target's own rules",
                         "let both systems' rules say the same, or map the value otherwise" },
    [DUET_LAW_CORRECT] = { DUET_DIAG_LAW_CORRECT, "'",
                           "' differs after it was written, and nobody is told",
                           "let what a value becomes agree with the value" },
    [DUET_LAW_NO_LOST] = { DUET_DIAG_LAW_NO_LOST, "an edit of '", "' is overwritten by duet",
                           "send it, or fetch the other side's value only when a signal asks" },
    [DUET_LAW_QUIET] = { DUET_DIAG_LAW_QUIET, "writes of '", "' never come to rest",
                         "let what a value becomes, and what that becomes, agree with the value" },
    [DUET_LAW_MOVES] = { DUET_DIAG_LAW_MOVES, "an edit of '", "' is never sent",
                         "name it in a trigger that holds then, or let it go one way only" },
    [DUET_LAW_ROUND_TRIP] = { DUET_DIAG_LAW_ROUND_TRIP, "an edit of '",
                              "' comes back as another value",
                              "map it so that it comes back, or say why not: `lossy \"why\"`" },
    [DUET_LAW_ONE_OUTCOME] = { DUET_DIAG_LAW_ONE_OUTCOME, "who wins a conflict of '",
                               "' depends on more than its policy",
                               "let the policy name a side, or be `newest else SIDE`" },
    [DUET_LAW_FITS] = { DUET_DIAG_LAW_FITS, "one side offers for '", "' what the other refuses",
                        "let the list follow: `FIELD : enum by PARENT like SIDE.FIELD`, or map the "
                        "value otherwise" },
};

/* Of the law that what is written agrees: the half that what agrees isn't written. */
static const struct law_words in_vain = { DUET_DIAG_LAW_CORRECT, "'",
                                          "' is written though both sides agree",
                                          "no mapping asks for that: it is a mistake of duet's" };

/* And that what agrees is what the next edit is compared with. */
static const struct law_words forgotten = { DUET_DIAG_LAW_CORRECT, "'",
                                            "' agrees, and duet goes on with what it was before",
                                            "let the status move with the event that clears: send "
                                            "it, or clear on an event of the side that does" };

static const struct law_words *words_of(const struct duet_counterexample *broken, enum duet_law law)
{
    if (law == DUET_LAW_CORRECT && broken->is_in_vain)
        return &in_vain;
    return law == DUET_LAW_CORRECT && broken->is_forgotten ? &forgotten : &words[law];
}

static void report_broken(const struct duet_counterexample *broken, enum duet_law law,
                          const char *mapping, const struct duet_sources *sources,
                          struct duet_diags *diags)
{
    const struct law_words *said = words_of(broken, law);
    struct duet_diag *diag =
        duet_diag_add(diags, said->code, span_of(sources, broken->file, broken->line), "%s%s%s",
                      said->before, broken->unit, said->after);
    duet_diag_fact(diag, "before", "%s", broken->before);
    duet_diag_fact(diag, "edit", "%s", *broken->edit ? broken->edit : "none");
    duet_diag_fact(diag, "outcome", "%s", broken->outcome);
    duet_diag_story(diag, broken->story);
    duet_diag_help(diag, "%s", said->help);
    duet_diag_context(diag, "in mapping %s", mapping);
}

void duet_proof_report(const struct duet_proof *proof, const char *mapping,
                       const struct duet_sources *sources, struct duet_diags *diags)
{
    for (size_t i = 0; i < proof->count; i++) {
        const struct duet_proof_part *part = &proof->parts[i];
        if (part->refused) {
            struct duet_diag *diag = duet_diag_add(
                diags, DUET_DIAG_PROOF_TOO_LARGE, span_of(sources, part->file, part->line),
                "%s: too many states to be proved, because of '%s'", part->name, part->refused);
            duet_diag_help(diag, "fewer values, or fields that no condition joins to others");
            duet_diag_context(diag, "in mapping %s", mapping);
        }
        if (part->is_unaffordable) {
            struct duet_diag *diag = duet_diag_add(
                diags, DUET_DIAG_PROOF_TOO_LARGE, span_of(sources, part->file, part->line),
                "%s: not proved, the proofs of this file have taken all the work they may",
                part->name);
            duet_diag_help(diag, "split the file: fewer mappings, tenants with overrides of their "
                                 "own, signals or joined fields in each");
            duet_diag_context(diag, "in mapping %s", mapping);
        }
        for (uint32_t law = 0; law < DUET_LAWS; law++) {
            if (part->broken[law])
                report_broken(part->broken[law], (enum duet_law)law, mapping, sources, diags);
        }
    }
}
