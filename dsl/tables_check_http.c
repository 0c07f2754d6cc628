/* A side's requests: what each template may ask for, and which columns of an operation need which others. */
#include "dsl/tables_check.h"

#include <ctype.h>
#include <string.h>

/* Where a piece stands, and so what there is to fill it with. */
struct place {
    enum duet_side side;
    const struct duet_t_op *op; /* NULL: in what all the side's requests share */
    bool is_envelope;
    bool is_claims; /* of a token: signs what is sent, in whatever request */
};

#define BIT(ref) (1UL << (ref))
#define REFS_ANYWHERE (BIT(DUET_REF_LITERAL) | BIT(DUET_REF_SETTING))
#define REFS_OF_RECORD                                                                             \
    (BIT(DUET_REF_KEY) | BIT(DUET_REF_VERSION) | BIT(DUET_REF_FIELD) | BIT(DUET_REF_CLAIM) |       \
     BIT(DUET_REF_FIELDS) | BIT(DUET_REF_CHANGED) | BIT(DUET_REF_SINCE))
#define REFS_OF_NOTE (BIT(DUET_REF_NOTE_TEXT) | BIT(DUET_REF_NOTE_HTML) | BIT(DUET_REF_NOTE_UUID))
#define REFS_ALL (BIT(DUET_REFS) - 1)

static unsigned long refs_of_op(const struct duet_t_op *op)
{
    unsigned long refs = REFS_OF_RECORD;
    if (op->kind == DUET_OP_ADD_NOTE)
        refs |= REFS_OF_NOTE;
    if (op->page != DUET_NONE)
        refs |= BIT(DUET_REF_PAGE) | BIT(DUET_REF_SIZE);
    if (op->section != DUET_NONE)
        refs |= BIT(DUET_REF_SECTION);
    if (op->batch > 0)
        refs |= BIT(DUET_REF_BATCH);
    if (op->lookup != DUET_NONE)
        refs |= BIT(DUET_REF_FOUND);
    return refs;
}

static unsigned long refs_of_place(const struct duet_check *check, const struct place *place)
{
    const struct duet_t_side *side = duet_side_row(check->tables, place->side);
    unsigned long refs = place->is_claims ? REFS_ALL : REFS_ANYWHERE;
    if (place->is_envelope)
        refs |= BIT(DUET_REF_BODY);
    if (place->op)
        refs |= refs_of_op(place->op);
    if (side->modified == DUET_NONE)
        refs &= ~BIT(DUET_REF_SINCE);
    if (side->version == DUET_NONE)
        refs &= ~BIT(DUET_REF_VERSION);
    return refs;
}

static bool check_piece(struct duet_check *check, const struct place *place, uint32_t row)
{
    const struct duet_t_piece *piece = duet_piece_row(check->tables, row);
    bool has_text = piece->ref == DUET_REF_LITERAL || piece->ref == DUET_REF_SETTING ||
                    piece->ref == DUET_REF_FOUND;
    return duet_check_that(check, (refs_of_place(check, place) & BIT(piece->ref)) != 0,
                           DUET_SECTION_PIECE, row, "'ref' means nothing in that place") &&
           duet_check_that(check, !has_text || piece->text != DUET_NONE, DUET_SECTION_PIECE, row,
                           "'text' is missing") &&
           duet_check_that(check,
                           piece->ref != DUET_REF_SETTING ||
                               duet_check_setting(check, place->side, piece->text),
                           DUET_SECTION_PIECE, row, "a setting that the side doesn't have") &&
           duet_check_that(check,
                           piece->ref != DUET_REF_FIELD ||
                               duet_check_is_own_field(check, place->side, piece->field),
                           DUET_SECTION_PIECE, row, "'field' is no field of the side");
}

static bool check_pieces(struct duet_check *check, const struct place *place, uint32_t first,
                         uint32_t count)
{
    bool sound = duet_check_steps(check, count, DUET_SECTION_PIECE, first);
    for (uint32_t i = 0; sound && i < count; i++)
        sound = check_piece(check, place, first + i);
    return sound;
}

/* Depth was looked at before. */
static bool check_template(struct duet_check *check, const struct place *place, uint32_t row)
{
    const struct duet_t_json *json = duet_json_row(check->tables, row);
    if (!json)
        return true;
    bool sound = duet_check_steps(check, json->children_count, DUET_SECTION_JSON, row) &&
                 check_pieces(check, place, json->pieces, json->pieces_count);
    for (uint32_t i = 0; sound && i < json->children_count; i++)
        sound = check_template(check, place, json->children + i);
    return sound;
}

/* The members of a query are written behind the URL one by one. */
static bool check_query(struct duet_check *check, const struct place *place, uint32_t row)
{
    const struct duet_t_json *query = duet_json_row(check->tables, row);
    return duet_check_that(check, !query || query->kind == DUET_JSON_OBJECT, DUET_SECTION_JSON, row,
                           "a query is an object") &&
           check_template(check, place, row);
}

/* RFC 9110: a token. Nothing here can end a line of the request and begin another. */
static bool is_token(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) ||
           (text[length] && strchr("!#$%&'*+-.^_`|~", text[length])))
        length++;
    return length > 0 && text[length] == '\0';
}

static bool is_one_line(const struct duet_tables *tables, const struct duet_t_piece *piece)
{
    const char *text = piece->ref == DUET_REF_LITERAL ? duet_str(tables, piece->text) : "";
    while (*text && ((unsigned char)*text >= ' ' || *text == '\t') && *text != 0x7f)
        text++;
    return *text == '\0';
}

static bool check_header(struct duet_check *check, const struct place *place, uint32_t row)
{
    const struct duet_t_header *header = duet_header_row(check->tables, row);
    if (!duet_check_that(check, is_token(duet_str(check->tables, header->name)),
                         DUET_SECTION_HEADER, row, "'name' is no header's name") ||
        !check_pieces(check, place, header->value, header->value_count))
        return false;
    bool sound = true;
    for (uint32_t i = 0; sound && i < header->value_count; i++)
        sound = duet_check_that(
            check, is_one_line(check->tables, duet_piece_row(check->tables, header->value + i)),
            DUET_SECTION_HEADER, row, "'value' has control characters");
    return sound;
}

static bool check_headers(struct duet_check *check, const struct place *place, uint32_t first,
                          uint32_t count)
{
    bool sound = duet_check_steps(check, count, DUET_SECTION_HEADER, first);
    for (uint32_t i = 0; sound && i < count; i++)
        sound = check_header(check, place, first + i);
    return sound;
}

static bool check_auth(struct duet_check *check, const struct place *place, uint32_t row)
{
    const struct duet_t_auth *auth = duet_auth_row(check->tables, row);
    if (!auth)
        return true;
    bool sound = duet_check_steps(check, auth->params_count, DUET_SECTION_AUTH, row);
    for (uint32_t i = 0; sound && i < auth->params_count; i++) {
        const struct duet_t_auth_param *param =
            duet_auth_param_row(check->tables, auth->params + i);
        sound = check_pieces(check, place, param->value, param->value_count);
    }
    struct place claims = *place;
    claims.is_claims = true;
    return sound && check_template(check, &claims, auth->claims);
}

static bool check_classes(struct duet_check *check, uint32_t first, uint32_t count)
{
    bool sound = duet_check_steps(check, count, DUET_SECTION_CLASS, first);
    for (uint32_t i = 0; sound && i < count; i++)
        sound = duet_check_that(
            check,
            duet_check_condition(check, duet_class_row(check->tables, first + i)->when,
                                 DUET_USES_ANSWER),
            DUET_SECTION_CLASS, first + i, "'when' is no condition on an answer");
    return sound;
}

/* --- operations ------------------------------------------------------------------------------------------ */

static bool check_page(struct duet_check *check, uint32_t row)
{
    const struct duet_t_page *page = duet_page_row(check->tables, row);
    if (!page)
        return true;
    bool counts = page->kind == DUET_PAGE_INDEX || page->kind == DUET_PAGE_OFFSET;
    bool is_named = counts || page->kind == DUET_PAGE_CURSOR;
    bool follows = page->kind == DUET_PAGE_LINK || page->kind == DUET_PAGE_CURSOR;
    return duet_check_that(check, page->size <= DUET_MAX_PAGE && (page->size > 0 || !counts),
                           DUET_SECTION_PAGE, row, "'size' is no number of rows") &&
           duet_check_that(check, page->size > 0 || page->size_name == DUET_NONE, DUET_SECTION_PAGE,
                           row, "'size_name' without 'size'") &&
           duet_check_that(check, !is_named || page->name != DUET_NONE, DUET_SECTION_PAGE, row,
                           "'name' is missing") &&
           duet_check_that(check, !follows || page->at != DUET_NONE, DUET_SECTION_PAGE, row,
                           "'at' is missing");
}

/* A lookup asks nothing else first, so that looking up ends. */
static bool check_lookup(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_op *op = duet_op_row(check->tables, row);
    const struct duet_t_op *lookup = duet_op_row(check->tables, op->lookup);
    unsigned allowed = duet_check_uses_of_side(side) | DUET_USES_ANSWER;
    if (!duet_check_that(check, duet_check_condition(check, op->match, allowed), DUET_SECTION_OP,
                         row, "'match' is no condition on this side or an answer"))
        return false;
    if (!lookup)
        return true;
    const struct duet_t_side *owner = duet_side_row(check->tables, side);
    return duet_check_that(check,
                           op->lookup >= owner->ops && op->lookup - owner->ops < owner->ops_count &&
                               lookup->kind == DUET_OP_LOOKUP && op->kind != DUET_OP_LOOKUP,
                           DUET_SECTION_OP, row, "'lookup' is no lookup of this side");
}

static bool check_returns(struct duet_check *check, enum duet_side side, const struct duet_t_op *op)
{
    bool sound = duet_check_steps(check, op->returns_count, DUET_SECTION_RETURN, op->returns);
    for (uint32_t i = 0; sound && i < op->returns_count; i++)
        sound = duet_check_that(
            check,
            duet_check_is_own_field(check, side,
                                    duet_return_row(check->tables, op->returns + i)->field),
            DUET_SECTION_RETURN, op->returns + i, "'field' is of the other side");
    return sound;
}

static bool check_body(struct duet_check *check, uint32_t row)
{
    const struct duet_t_op *op = duet_op_row(check->tables, row);
    return duet_check_that(check, (op->body_kind == DUET_BODY_JSON) == (op->body != DUET_NONE),
                           DUET_SECTION_OP, row, "'body' doesn't fit its kind") &&
           duet_check_that(check,
                           op->batch <= DUET_MAX_BATCH &&
                               (op->batch > 0) == (op->batch_item != DUET_NONE),
                           DUET_SECTION_OP, row, "'batch' and 'batch_item' don't fit") &&
           duet_check_that(check,
                           op->result != DUET_NONE ||
                               (op->result_key == DUET_NONE && op->result_ok == DUET_NONE),
                           DUET_SECTION_OP, row, "'result' is missing") &&
           duet_check_that(check, duet_check_condition(check, op->result_ok, DUET_USES_ANSWER),
                           DUET_SECTION_OP, row, "'result_ok' is no condition on an answer");
}

static bool check_columns(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_op *op = duet_op_row(check->tables, row);
    uint32_t fields = duet_side_row(check->tables, side)->fields_count;
    return duet_check_that(check, op->kind != DUET_OP_ANY, DUET_SECTION_OP, row,
                           "'kind' is for quotas only") &&
           duet_check_that(check, is_token(duet_str(check->tables, op->method)), DUET_SECTION_OP,
                           row, "'method' is no method") &&
           duet_check_that(check, duet_check_mask_within(op->carries_lo, op->carries_hi, fields),
                           DUET_SECTION_OP, row, "'carries' has fields that don't exist") &&
           duet_check_that(
               check, duet_check_condition(check, op->carry_when, duet_check_uses_of_side(side)),
               DUET_SECTION_OP, row, "'carry_when' is no condition on this side") &&
           duet_check_that(check, op->page == DUET_NONE || op->items != DUET_NONE, DUET_SECTION_OP,
                           row, "pages without 'items'") &&
           duet_check_that(check, op->verify <= 1, DUET_SECTION_OP, row, "'verify' is 0 or 1") &&
           check_body(check, row) && check_lookup(check, side, row) &&
           check_page(check, op->page) && check_returns(check, side, op) &&
           check_classes(check, op->classes, op->classes_count);
}

static bool check_op(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_op *op = duet_op_row(check->tables, row);
    struct place place = { .side = side, .op = op };
    return duet_check_steps(check, (uint64_t)op->whole_count + op->failed_text_count,
                            DUET_SECTION_OP, row) &&
           check_columns(check, side, row) && check_pieces(check, &place, op->url, op->url_count) &&
           check_query(check, &place, op->query) &&
           check_headers(check, &place, op->headers, op->headers_count) &&
           check_template(check, &place, op->body) &&
           check_template(check, &place, op->batch_item) && check_auth(check, &place, op->auth);
}

/* --- what requests share --------------------------------------------------------------------------------- */

static bool check_quota(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_quota *quota = duet_quota_row(check->tables, row);
    return duet_check_that(check, quota->count > 0 && quota->per_ms > 0, DUET_SECTION_QUOTA, row,
                           "'count' and 'per_ms' are above 0") &&
           duet_check_that(check,
                           quota->by == DUET_NONE || duet_check_setting(check, side, quota->by),
                           DUET_SECTION_QUOTA, row, "a setting that the side doesn't have");
}

static bool check_webhook(struct duet_check *check, enum duet_side side, uint32_t row)
{
    const struct duet_t_webhook *webhook = duet_webhook_row(check->tables, row);
    if (!webhook || webhook->secret == DUET_NONE)
        return true;
    const struct duet_t_setting *secret = duet_check_setting(check, side, webhook->secret);
    return duet_check_that(check, secret && secret->type == DUET_SETTING_SECRET,
                           DUET_SECTION_WEBHOOK, row, "'secret' is no secret setting of the side");
}

bool duet_check_http(struct duet_check *check, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(check->tables, side);
    struct place place = { .side = side };
    struct place envelope = { .side = side, .is_envelope = true };
    bool sound = check_pieces(check, &place, row->base, row->base_count) &&
                 check_query(check, &place, row->query) &&
                 check_headers(check, &place, row->headers, row->headers_count) &&
                 check_template(check, &envelope, row->envelope) &&
                 check_auth(check, &place, row->auth) &&
                 check_classes(check, row->classes, row->classes_count) &&
                 check_webhook(check, side, row->webhook) &&
                 duet_check_steps(check, row->quotas_count, DUET_SECTION_QUOTA, row->quotas);
    for (uint32_t i = 0; sound && i < row->quotas_count; i++)
        sound = check_quota(check, side, row->quotas + i);
    for (uint32_t i = 0; sound && i < row->ops_count; i++)
        sound = check_op(check, side, row->ops + i);
    return sound;
}
