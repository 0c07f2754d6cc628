/* The rules of the duet language: one LALR grammar without conflicts. An action calls one constructor
 * (dsl/ast_*.h); meaning is checked in dsl/check. The reference for people is grammar/README.md. */

%code requires {
#include "dsl/ast_fleet.h"
#include "dsl/ast_http.h"
#include "dsl/ast_mapping.h"
#include "dsl/ast_system.h"
#include "dsl/ast_value.h"
#include "dsl/parse_state.h"
#include "dsl/tokens.h"
}

%define api.prefix {duet_yy}
%define api.token.prefix {DUET_TOKEN_}
%define api.pure full
%define api.value.type union
%define api.location.type {struct duet_span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param {struct duet_parse_state *state}

%code {
#define YYMAXDEPTH 4000
#define YYLLOC_DEFAULT(current, rhs, count) ((current) = DUET_RULE_SPAN(rhs, count))
#define DUET_RULE_SPAN(rhs, count)                                                                 \
    ((count) ? duet_tokens_rule(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, count))                            \
             : duet_tokens_empty(YYRHSLOC(rhs, 0)))

static int duet_yylex(DUET_YYSTYPE *value, struct duet_span *at, struct duet_parse_state *state);
static void duet_yyerror(const struct duet_span *at, struct duet_parse_state *state,
                         const char *message);
}

%token END 0 "the end of the file"
%token <const char *> WORD "a name" QUOTED "a quoted text" FRACTION "a decimal number"
%token <int64_t> NUMERAL "a number" SPANNED "a duration"
%token BOTH "<->" LEFT "<-" RIGHT "->"
%token EQUAL "==" UNEQUAL "!=" LESS "<" AT_MOST "<=" MORE ">" AT_LEAST ">="
%token <const char *> AND "and" OR "or" NOT "not" IN "in" WHEN "when"

/* Soft keywords: each is a name too, wherever a name fits. */
%token <const char *> EDITION "edition" IMPORT "import" SYSTEM "system" MAPPING "mapping"
        BETWEEN "between" AS "as" TEST "test" OF "of" TABLE "table" HUB "hub" TENANT "tenant"
        RUNS "runs" FLEET "fleet" SETTINGS "settings" RECORD "record" HTTP "http" TEXT "text"
        HTML "html" URL "url" SECRET "secret" INTEGER "integer" NUMBER "number" BOOLEAN "boolean"
        TIME "time" DURATION "duration" ENUM "enum" ORDERED "ordered" BY "by" LIKE "like"
        PERSON "person" LIST "list" NOTES "notes" MILLISECONDS "milliseconds" SECONDS "seconds"
        AT "at" WRITE "write" WHOLE "whole" REQUIRED "required" READ "read" ONLY "only" MAX "max"
        EMPTY "empty" DEFAULT "default" LOSSY "lossy" FORM "form" MOVES "moves"
        CONTAINS "contains" STARTS "starts" WITH "with" PRESENT "present" CHANGED "changed"
        WAS "was" BASE "base" QUERY "query" HEADER "header" AUTH "auth" ENVELOPE "envelope"
        OK "ok" STALE "stale" GONE "gone" THROTTLED "throttled" REFUSED "refused"
        TRANSIENT "transient" DENIED "denied" FAILED "failed" FROM "from" OVERLAP "overlap"
        QUOTA "quota" PER "per" WEBHOOK "webhook" CREATE "create" FIND "find" ADD "add"
        ORDER "order" LOOKUP "lookup" THEN "then" CARRIES "carries" OTHERWISE "otherwise"
        BODY "body" UNDER "under" ITEMS "items" NEXT "next" LINK "link" PAGE "page"
        OFFSET "offset" CURSOR "cursor" SIZE "size" UNTIL "until" RETURNS "returns"
        RESULT "result" BATCH "batch" MATCH "match" VERIFY "verify" READING "reading"
        CLAIMS "claims" OAUTH2 "oauth2" BEARER "bearer" BASIC "basic" JWT "jwt" GET "GET"
        POST "POST" PUT "PUT" PATCH "PATCH" DELETE "DELETE" FIRST "first" CONTACT "contact"
        FIELD "field" GROUP "group" VIA "via" UNKNOWN "unknown" CONFLICT "conflict"
        NEWEST "newest" ELSE "else" EDITS "edits" IGNORE "ignore" APPEND "append" ALL "all"
        ON "on" CLOSE "close" REOPEN "reopen" MOVE "move" CHANGE "change" SIGNAL "signal"
        SEND "send" FETCH "fetch" CLEAR "clear" SKEW "skew" GIVEN "given" EXPECT "expect"
        WRITES "writes" HOLD "hold" PENDING "pending" NOTHING "nothing" FORALL "forall"
        NOTE "note" SIDE "side" SHARED "shared" EVERY "every" OVERRIDE "override" ENV "env"
        FILE "file" KEEPS "keeps" OMITTED "omitted" NO "no"

%type <const char *> word overridable
%type <struct duet_ast_name> name overridable_name title
%type <struct duet_ast_name_item_list> names
%type <struct duet_ast_path *> path steps reference reference_steps
%type <struct duet_ast_path_list> paths
%type <struct duet_ast_value *> value literal one_or_list setting_value
%type <struct duet_ast_value_list> values arguments
%type <struct duet_ast_json *> json object
%type <struct duet_ast_json_list> members elements
%type <struct duet_ast_json *> member
%type <struct duet_ast_condition *> condition conjunction negation comparison
%type <enum duet_ast_condition_kind> comparer
%type <struct duet_ast_assign *> assign
%type <struct duet_ast_assign_list> assigns

%type <struct duet_ast_system *> system_body
%type <struct duet_ast_setting_list> settings
%type <struct duet_ast_setting *> setting
%type <struct duet_ast_record *> record_body
%type <struct duet_ast_field *> field attributes
%type <struct duet_ast_field_list> fields
%type <struct duet_ast_type *> type scalar
%type <bool> as_text
%type <struct duet_ast_choice *> choice
%type <struct duet_ast_choice_list> choices
%type <struct duet_ast_person_key *> person_key
%type <struct duet_ast_person_key_list> person_keys
%type <struct duet_ast_dependent_row *> row
%type <struct duet_ast_dependent_row_list> rows
%type <struct duet_ast_move *> move
%type <struct duet_ast_move_list> moves

%type <struct duet_ast_http *> http_body
%type <struct duet_ast_header *> header
%type <struct duet_ast_auth *> auth auth_body
%type <enum duet_ast_auth_kind> auth_kind
%type <struct duet_ast_outcome *> outcome
%type <enum duet_ast_outcome_class> outcome_class
%type <struct duet_ast_path_list> failed_text
%type <struct duet_ast_quota *> quota
%type <enum duet_ast_verb> verb
%type <struct duet_ast_operation *> operation
%type <struct duet_ast_call_list> calls
%type <struct duet_ast_call *> call plain_call request call_body
%type <enum duet_ast_method> method
%type <struct duet_ast_body *> body
%type <struct duet_ast_paging *> paging counted counter
%type <enum duet_ast_paging_kind> counted_by
%type <enum duet_ast_carrier> carrier
%type <struct duet_ast_path *> until

%type <struct duet_ast_mapping *> mapping_body
%type <struct duet_ast_side> side
%type <enum duet_ast_direction> direction
%type <struct duet_ast_rule *> rule
%type <struct duet_ast_rule_list> rules
%type <struct duet_ast_rule_attributes *> rule_attributes
%type <struct duet_ast_arm *> arm
%type <struct duet_ast_arm_list> arms
%type <struct duet_ast_first_contact *> first_contact
%type <struct duet_ast_create *> create
%type <struct duet_ast_notes *> note_attributes
%type <struct duet_ast_trigger *> trigger event
%type <enum duet_ast_action> action

%type <struct duet_ast_test *> test_body
%type <struct duet_ast_test_step *> step situation edit edits
%type <struct duet_ast_table_row *> table_row
%type <struct duet_ast_table_row_list> table_rows
%type <struct duet_ast_hub *> hub_body
%type <struct duet_ast_tenant *> tenant_body
%type <struct duet_ast_tenant_side *> tenant_side
%type <struct duet_ast_override *> override
%type <struct duet_ast_fleet *> fleet_body

%%

file: items;

items:
  %empty
| items item
| items error ';'  { duet_parse_recovered(state, @2); yyerrok; }
;

item:
  EDITION NUMERAL ';'  { duet_ast_file_edition(state, @$, @2, $2); }
| IMPORT QUOTED ';'  { duet_ast_file_import(state, @$, duet_ast_quoted(@2, $2)); }
| SYSTEM name title '{' system_body close  { duet_ast_file_system(state, @$, $2, $3, $5); }
| MAPPING name BETWEEN side AND side '{' mapping_body close
  { duet_ast_file_mapping(state, @$, $2, $4, $6, $8); }
| TEST QUOTED '{' test_body close
  { duet_ast_file_test(state, @$, duet_ast_quoted(@2, $2), duet_ast_no_name(), $4); }
| TEST QUOTED OF name '{' test_body close
  { duet_ast_file_test(state, @$, duet_ast_quoted(@2, $2), $4, $6); }
| TEST TABLE name '{' table_rows close  { duet_ast_file_test_table(state, @$, $3, $5); }
| HUB name RUNS name '{' hub_body close  { duet_ast_file_hub(state, @$, $2, $4, $6); }
| TENANT name RUNS name '{' tenant_body close  { duet_ast_file_tenant(state, @$, $2, $4, $6); }
| FLEET '{' fleet_body close  { duet_ast_file_fleet(state, @$, $3); }
;

/* Every block ends so: a statement that lacks its ';' can't take the brace with it. */
close:
  '}'
| error '}'  { duet_parse_recovered(state, @1); yyerrok; }
;

/* --- names, paths, values ----------------------------------------------------------------------- */

name:
  word  { $$ = duet_ast_word(@$, $1); }
| QUOTED  { $$ = duet_ast_quoted(@$, $1); }
;

word: overridable | ON | CREATE | FIRST;

/* The words behind `override` that name a field or group: the other three begin a statement there. */
overridable:
  WORD
|
  EDITION | IMPORT | SYSTEM | MAPPING | BETWEEN | AS | TEST | OF | TABLE | HUB | TENANT | RUNS
  | FLEET | SETTINGS | RECORD | HTTP | TEXT | HTML | URL | SECRET | INTEGER | NUMBER | BOOLEAN
  | TIME | DURATION | ENUM | ORDERED | BY | LIKE | PERSON | LIST | NOTES | MILLISECONDS | SECONDS
  | AT | WRITE | WHOLE | REQUIRED | READ | ONLY | MAX | EMPTY | DEFAULT | LOSSY | FORM | MOVES
  | CONTAINS | STARTS | WITH | PRESENT | CHANGED | WAS | BASE | QUERY | HEADER | AUTH | ENVELOPE
  | OK | STALE | GONE | THROTTLED | REFUSED | TRANSIENT | DENIED | FAILED | FROM | OVERLAP
  | QUOTA | PER | WEBHOOK | FIND | ADD | ORDER | LOOKUP | THEN | CARRIES | OTHERWISE | BODY
  | UNDER | ITEMS | NEXT | LINK | PAGE | OFFSET | CURSOR | SIZE | UNTIL | RETURNS | RESULT
  | BATCH | MATCH | VERIFY | READING | CLAIMS | OAUTH2 | BEARER | BASIC | JWT | GET | POST | PUT
  | PATCH | DELETE | CONTACT | FIELD | GROUP | VIA | UNKNOWN | CONFLICT | NEWEST | ELSE | EDITS
  | IGNORE | APPEND | ALL | CLOSE | REOPEN | MOVE | CHANGE | SIGNAL | SEND | FETCH | CLEAR | SKEW
  | GIVEN | EXPECT | WRITES | HOLD | PENDING | NOTHING | FORALL | NOTE | SIDE | SHARED | EVERY
  | OVERRIDE | ENV | FILE | KEEPS | OMITTED | NO
;

names:
  name  { $$ = duet_ast_names(state, (struct duet_ast_name_item_list){ 0 }, $1); }
| names ',' name  { $$ = duet_ast_names(state, $1, $3); }
;

title:
  %empty  { $$ = duet_ast_no_name(); }
| QUOTED  { $$ = duet_ast_quoted(@$, $1); }
;

path: steps  { $$ = duet_ast_path_finish(state, $1); };

steps:
  name  { $$ = duet_ast_path_new(state, $1); }
| steps '.' name  { $$ = duet_ast_path_step(state, $1, @$, $3); }
| steps '[' ']'  { $$ = duet_ast_path_each(state, $1, @$); }
;

paths:
  path  { $$ = duet_ast_path_list_append((struct duet_ast_path_list){ 0 }, $1); }
| paths ',' path  { $$ = duet_ast_path_list_append($1, $3); }
;

value:
  path  { $$ = duet_ast_value_path(state, $1); }
| literal
;

literal:
  NUMERAL  { $$ = duet_ast_value_integer(state, @$, $1); }
| FRACTION  { $$ = duet_ast_value_decimal(state, @$, $1); }
| SPANNED  { $$ = duet_ast_value_duration(state, @$, $1); }
;

values:
  value  { $$ = duet_ast_value_list_append((struct duet_ast_value_list){ 0 }, $1); }
| values ',' value  { $$ = duet_ast_value_list_append($1, $3); }
;

one_or_list:
  value
| '(' values ')'  { $$ = duet_ast_value_list_new(state, @$, $2); }
| '(' ')'  { $$ = duet_ast_value_list_new(state, @$, (struct duet_ast_value_list){ 0 }); }
| '(' error ')'  { $$ = NULL; YYERROR; }
;

setting_value:
  one_or_list
| ENV name  { $$ = duet_ast_value_env(state, @$, $2); }
| FILE QUOTED  { $$ = duet_ast_value_file(state, @$, $2); }
;

assign:
  path '=' setting_value ';'  { $$ = duet_ast_assign_new(state, @$, $1, $3); }
;

assigns:
  %empty  { $$ = (struct duet_ast_assign_list){ 0 }; }
| assigns assign  { $$ = duet_ast_assign_list_append($1, $2); }
| assigns error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

/* --- JSON templates -------------------------------------------------------------------------------- */

object:
  '{' '}'  { $$ = duet_ast_json_object(state, @$, (struct duet_ast_json_list){ 0 }); }
| '{' members '}'  { $$ = duet_ast_json_object(state, @$, $2); }
| '{' error '}'  { $$ = NULL; YYERROR; }
;

members:
  member  { $$ = duet_ast_json_list_append((struct duet_ast_json_list){ 0 }, $1); }
| members ',' member  { $$ = duet_ast_json_list_append($1, $3); }
;

member: name ':' json  { $$ = duet_ast_json_member($3, $1); };

json:
  object
| '[' ']'  { $$ = duet_ast_json_array(state, @$, (struct duet_ast_json_list){ 0 }); }
| '[' elements ']'  { $$ = duet_ast_json_array(state, @$, $2); }
| '[' error ']'  { $$ = NULL; YYERROR; }
| QUOTED  { $$ = duet_ast_json_text(state, @$, $1); }
| NUMERAL  { $$ = duet_ast_json_integer(state, @$, $1); }
| FRACTION  { $$ = duet_ast_json_decimal(state, @$, $1); }
| reference  { $$ = duet_ast_json_reference(state, $1); }
;

elements:
  json  { $$ = duet_ast_json_list_append((struct duet_ast_json_list){ 0 }, $1); }
| elements ',' json  { $$ = duet_ast_json_list_append($1, $3); }
;

/* Begins with a bare word: a quoted one is a text. */
reference: reference_steps  { $$ = duet_ast_path_finish(state, $1); };

reference_steps:
  word  { $$ = duet_ast_path_new(state, duet_ast_word(@$, $1)); }
| reference_steps '.' name  { $$ = duet_ast_path_step(state, $1, @$, $3); }
| reference_steps '[' ']'  { $$ = duet_ast_path_each(state, $1, @$); }
;

/* --- conditions ------------------------------------------------------------------------------------ */

condition:
  conjunction
| condition OR conjunction
  { $$ = duet_ast_condition_join(state, @$, DUET_AST_CONDITION_ANY, $1, $3); }
;

conjunction:
  negation
| conjunction AND negation
  { $$ = duet_ast_condition_join(state, @$, DUET_AST_CONDITION_ALL, $1, $3); }
;

negation:
  comparison
| NOT negation  { $$ = duet_ast_condition_not(state, @$, $2); }
| '(' condition ')'  { $$ = $2; }
| '(' error ')'  { $$ = NULL; YYERROR; }
;

comparison:
  value  { $$ = duet_ast_condition_value(state, @$, DUET_AST_CONDITION_HOLDS, $1, NULL); }
| value comparer value  { $$ = duet_ast_condition_value(state, @$, $2, $1, $3); }
| value IN '(' values ')'
  { $$ = duet_ast_condition_among(state, @$, DUET_AST_CONDITION_IN, $1, $4); }
| value NOT IN '(' values ')'
  { $$ = duet_ast_condition_among(state, @$, DUET_AST_CONDITION_NOT_IN, $1, $5); }
| value IN '(' error ')'  { $$ = NULL; YYERROR; }
| value NOT IN '(' error ')'  { $$ = NULL; YYERROR; }
| value PRESENT
  { $$ = duet_ast_condition_value(state, @$, DUET_AST_CONDITION_PRESENT, $1, NULL); }
| value CHANGED
  { $$ = duet_ast_condition_value(state, @$, DUET_AST_CONDITION_CHANGED, $1, NULL); }
;

comparer:
  EQUAL  { $$ = DUET_AST_CONDITION_EQUAL; }
| UNEQUAL  { $$ = DUET_AST_CONDITION_UNEQUAL; }
| LESS  { $$ = DUET_AST_CONDITION_LESS; }
| AT_MOST  { $$ = DUET_AST_CONDITION_AT_MOST; }
| MORE  { $$ = DUET_AST_CONDITION_MORE; }
| AT_LEAST  { $$ = DUET_AST_CONDITION_AT_LEAST; }
| CONTAINS  { $$ = DUET_AST_CONDITION_CONTAINS; }
| STARTS WITH  { $$ = DUET_AST_CONDITION_STARTS_WITH; }
| WAS  { $$ = DUET_AST_CONDITION_WAS; }
;

/* --- systems: settings, records, fields --------------------------------------------------------------- */

system_body:
  %empty  { $$ = duet_ast_system_new(state); }
| system_body SETTINGS '{' settings close  { $$ = duet_ast_system_settings($1, $4); }
| system_body RECORD name '{' record_body close
  { $$ = duet_ast_system_record($1, duet_ast_span(@2, @6), $3, $5); }
| system_body HTTP '{' http_body close
  { $$ = duet_ast_system_http(state, $1, duet_ast_span(@2, @5), $4); }
| system_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

settings:
  %empty  { $$ = (struct duet_ast_setting_list){ 0 }; }
| settings setting  { $$ = duet_ast_setting_list_append($1, $2); }
| settings error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

setting:
  name ':' type ';'  { $$ = duet_ast_setting_new(state, @$, $1, $3, NULL); }
| name ':' type '=' one_or_list ';'  { $$ = duet_ast_setting_new(state, @$, $1, $3, $5); }
;

record_body:
  %empty  { $$ = duet_ast_record_new(state); }
| record_body field  { $$ = duet_ast_record_field($1, $2); }
| record_body FORM name '{' fields close
  { $$ = duet_ast_record_form(state, $1, duet_ast_span(@2, @6), $3, $5); }
| record_body name WHEN condition ';'
  { $$ = duet_ast_record_predicate(state, $1, duet_ast_span(@2, @5), $2, $4); }
| record_body MOVES name '{' moves close
  { $$ = duet_ast_record_moves(state, $1, duet_ast_span(@2, @6), $3, $5); }
| record_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

fields:
  %empty  { $$ = (struct duet_ast_field_list){ 0 }; }
| fields field  { $$ = duet_ast_field_list_append($1, $2); }
| fields error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

field:
  name ':' type attributes ';'  { $$ = duet_ast_field_finish(@$, $1, $3, $4); }
| name ':' ENUM BY path LIKE path attributes ';'
  { $$ = duet_ast_field_like(state, @$, $1, @3, $5, $7, $8); }
| name ':' ENUM BY path attributes '{' rows close
  { $$ = duet_ast_field_dependent(state, @$, $1, @3, $5, $8, $6); }
| name ':' NOTES attributes '{' fields close
  { $$ = duet_ast_field_notes(state, @$, $1, @3, $6, $4); }
;

type:
  scalar
| LIST OF scalar  { $$ = duet_ast_type_list(state, @$, $3); }
| PERSON '(' person_keys ')'  { $$ = duet_ast_type_person(state, @$, $3); }
| PERSON '(' error ')'  { $$ = NULL; YYERROR; }
;

scalar:
  TEXT  { $$ = duet_ast_type_new(state, @$, DUET_AST_TYPE_TEXT); }
| HTML  { $$ = duet_ast_type_new(state, @$, DUET_AST_TYPE_HTML); }
| URL  { $$ = duet_ast_type_new(state, @$, DUET_AST_TYPE_URL); }
| SECRET  { $$ = duet_ast_type_new(state, @$, DUET_AST_TYPE_SECRET); }
| BOOLEAN  { $$ = duet_ast_type_new(state, @$, DUET_AST_TYPE_BOOLEAN); }
| DURATION  { $$ = duet_ast_type_new(state, @$, DUET_AST_TYPE_DURATION); }
| INTEGER as_text  { $$ = duet_ast_type_number(state, @$, DUET_AST_TYPE_INTEGER, $2); }
| NUMBER as_text  { $$ = duet_ast_type_number(state, @$, DUET_AST_TYPE_NUMBER, $2); }
| TIME  { $$ = duet_ast_type_time(state, @$, DUET_AST_TIME_ISO, NULL); }
| TIME QUOTED  { $$ = duet_ast_type_time(state, @$, DUET_AST_TIME_FORMAT, $2); }
| TIME MILLISECONDS  { $$ = duet_ast_type_time(state, @$, DUET_AST_TIME_MILLISECONDS, NULL); }
| TIME SECONDS  { $$ = duet_ast_type_time(state, @$, DUET_AST_TIME_SECONDS, NULL); }
| ENUM '(' choices ')'  { $$ = duet_ast_type_enum(state, @$, false, $3); }
| ORDERED ENUM '(' choices ')'  { $$ = duet_ast_type_enum(state, @$, true, $4); }
| ENUM '(' error ')'  { $$ = NULL; YYERROR; }
| ORDERED ENUM '(' error ')'  { $$ = NULL; YYERROR; }
;

as_text:
  %empty  { $$ = false; }
| AS TEXT  { $$ = true; }
;

choices:
  choice  { $$ = duet_ast_choice_list_append((struct duet_ast_choice_list){ 0 }, $1); }
| choices ',' choice  { $$ = duet_ast_choice_list_append($1, $3); }
;

choice:
  name  { $$ = duet_ast_choice_new(state, @$, $1, NULL); }
| name '=' value  { $$ = duet_ast_choice_new(state, @$, $1, $3); }
;

person_keys:
  person_key  { $$ = duet_ast_person_key_list_append((struct duet_ast_person_key_list){ 0 }, $1); }
| person_keys ',' person_key  { $$ = duet_ast_person_key_list_append($1, $3); }
;

person_key: name path  { $$ = duet_ast_person_key_new(state, @$, $1, $2); };

attributes:
  %empty  { $$ = duet_ast_field_new(state); }
| attributes AT path  { $$ = duet_ast_field_at(state, $1, $3); }
| attributes WRITE AS path  { $$ = duet_ast_field_write_as(state, $1, $4); }
| attributes WRITE WHOLE  { $$ = duet_ast_field_write_whole(state, $1, duet_ast_span(@2, @3)); }
| attributes REQUIRED  { $$ = duet_ast_field_required(state, $1, @2, NULL); }
| attributes REQUIRED WHEN condition  { $$ = duet_ast_field_required(state, $1, @2, $4); }
| attributes READ ONLY  { $$ = duet_ast_field_read_only(state, $1, duet_ast_span(@2, @3)); }
| attributes MAX NUMERAL  { $$ = duet_ast_field_max(state, $1, @3, $3); }
| attributes EMPTY one_or_list  { $$ = duet_ast_field_empty(state, $1, $3); }
| attributes DEFAULT one_or_list  { $$ = duet_ast_field_default(state, $1, $3); }
| attributes LOSSY QUOTED  { $$ = duet_ast_field_lossy(state, $1, duet_ast_quoted(@3, $3)); }
;

rows:
  %empty  { $$ = (struct duet_ast_dependent_row_list){ 0 }; }
| rows row  { $$ = duet_ast_dependent_row_list_append($1, $2); }
| rows error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

row: name ':' choices ';'  { $$ = duet_ast_dependent_row_new(state, @$, $1, $3); };

moves:
  %empty  { $$ = (struct duet_ast_move_list){ 0 }; }
| moves move  { $$ = duet_ast_move_list_append($1, $2); }
| moves error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

move: name RIGHT names ';'  { $$ = duet_ast_move_new(state, @$, $1, $3); };

/* --- systems: http ------------------------------------------------------------------------------------- */

http_body:
  %empty  { $$ = duet_ast_http_new(state); }
| http_body BASE QUOTED ';'  { $$ = duet_ast_http_base(state, $1, @3, $3); }
| http_body QUERY object  { $$ = duet_ast_http_query(state, $1, $3); }
| http_body header  { $$ = duet_ast_http_header($1, $2); }
| http_body auth  { $$ = duet_ast_http_auth(state, $1, $2); }
| http_body ENVELOPE object  { $$ = duet_ast_http_envelope(state, $1, $3); }
| http_body outcome  { $$ = duet_ast_http_outcome($1, $2); }
| http_body failed_text  { $$ = duet_ast_http_failed_text(state, $1, @2, $2); }
| http_body OVERLAP SPANNED ';'  { $$ = duet_ast_http_overlap(state, $1, @3, $3); }
| http_body quota  { $$ = duet_ast_http_quota($1, $2); }
| http_body operation  { $$ = duet_ast_http_operation($1, $2); }
| http_body WEBHOOK '{' assigns close
  { $$ = duet_ast_http_webhook(state, $1, duet_ast_span(@2, @5), $4); }
| http_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

header: HEADER name '=' QUOTED ';'  { $$ = duet_ast_header_new(state, @$, $2, @4, $4); };

auth: AUTH auth_kind '{' auth_body close  { $$ = duet_ast_auth_finish(@$, $2, $4); };

auth_kind:
  OAUTH2  { $$ = DUET_AST_AUTH_OAUTH2; }
| HEADER  { $$ = DUET_AST_AUTH_HEADER; }
| BEARER  { $$ = DUET_AST_AUTH_BEARER; }
| BASIC  { $$ = DUET_AST_AUTH_BASIC; }
| JWT  { $$ = DUET_AST_AUTH_JWT; }
;

auth_body:
  %empty  { $$ = duet_ast_auth_new(state); }
| auth_body name '=' QUOTED ';'
  { $$ = duet_ast_auth_entry(state, $1, duet_ast_span(@2, @5), $2, duet_ast_text_new(state, @4, $4)); }
| auth_body name '=' word ';'
  {
    $$ = duet_ast_auth_word(state, $1, duet_ast_span(@2, @5), $2, duet_ast_word(@4, $4));
  }
| auth_body CLAIMS object  { $$ = duet_ast_auth_claims(state, $1, $3); }
| auth_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

outcome: outcome_class WHEN condition ';'  { $$ = duet_ast_outcome_new(state, @$, $1, $3); };

outcome_class:
  OK  { $$ = DUET_AST_OUTCOME_OK; }
| STALE  { $$ = DUET_AST_OUTCOME_STALE; }
| GONE  { $$ = DUET_AST_OUTCOME_GONE; }
| THROTTLED  { $$ = DUET_AST_OUTCOME_THROTTLED; }
| REFUSED  { $$ = DUET_AST_OUTCOME_REFUSED; }
| TRANSIENT  { $$ = DUET_AST_OUTCOME_TRANSIENT; }
| DENIED  { $$ = DUET_AST_OUTCOME_DENIED; }
;

failed_text: FAILED TEXT FROM paths ';'  { $$ = $4; };

quota:
  QUOTA NUMERAL PER SPANNED ';'
  { $$ = duet_ast_quota_new(state, @$, @2, $2, @4, $4); }
| QUOTA NUMERAL PER SPANNED BY name ';'
  { $$ = duet_ast_quota_by(duet_ast_quota_new(state, @$, @2, $2, @4, $4), $6); }
| QUOTA verb name NUMERAL PER SPANNED ';'
  { $$ = duet_ast_quota_of(duet_ast_quota_new(state, @$, @4, $4, @6, $6), $2, $3); }
| QUOTA verb name NUMERAL PER SPANNED BY name ';'
  {
    $$ = duet_ast_quota_by(
        duet_ast_quota_of(duet_ast_quota_new(state, @$, @4, $4, @6, $6), $2, $3), $8);
  }
;

verb:
  CHANGED  { $$ = DUET_AST_VERB_CHANGED; }
| READ  { $$ = DUET_AST_VERB_READ; }
| WRITE  { $$ = DUET_AST_VERB_WRITE; }
| CREATE  { $$ = DUET_AST_VERB_CREATE; }
| FIND  { $$ = DUET_AST_VERB_FIND; }
| LIST  { $$ = DUET_AST_VERB_LIST; }
| ADD  { $$ = DUET_AST_VERB_ADD; }
;

operation:
  verb name call  { $$ = duet_ast_operation_one(state, @$, $1, $2, $3); }
| verb name IN ORDER '{' calls close  { $$ = duet_ast_operation_ordered(state, @$, $1, $2, $6); }
;

calls:
  %empty  { $$ = (struct duet_ast_call_list){ 0 }; }
| calls call  { $$ = duet_ast_call_list_append($1, $2); }
| calls error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

call:
  plain_call
| LOOKUP name request '{' call_body close THEN plain_call
  {
    $$ = duet_ast_call_after(state, @$, $8, duet_ast_span(@1, @6), $2,
                             duet_ast_call_finish(duet_ast_span(@3, @6), $3, $5));
  }
;

plain_call:
  request ';'  { $$ = duet_ast_call_finish(@$, $1, $1); }
| request '{' call_body close  { $$ = duet_ast_call_finish(@$, $1, $3); }
;

request:
  method QUOTED  { $$ = duet_ast_request_new(state, $1, @2, $2); }
| request CARRIES names  { $$ = duet_ast_request_carries(state, $1, @2, $3); }
| request WHEN condition  { $$ = duet_ast_request_when(state, $1, $3); }
| request OTHERWISE  { $$ = duet_ast_request_otherwise(state, $1, @2); }
;

method:
  GET  { $$ = DUET_AST_METHOD_GET; }
| POST  { $$ = DUET_AST_METHOD_POST; }
| PUT  { $$ = DUET_AST_METHOD_PUT; }
| PATCH  { $$ = DUET_AST_METHOD_PATCH; }
| DELETE  { $$ = DUET_AST_METHOD_DELETE; }
;

call_body:
  %empty  { $$ = duet_ast_call_new(state); }
| call_body QUERY object  { $$ = duet_ast_call_query(state, $1, $3); }
| call_body header  { $$ = duet_ast_call_header($1, $2); }
| call_body body  { $$ = duet_ast_call_body(state, $1, $2); }
| call_body ITEMS path ';'  { $$ = duet_ast_call_items(state, $1, $3); }
| call_body ITEMS '[' ']' ';'
  { $$ = duet_ast_call_items(state, $1, duet_ast_path_all(state, duet_ast_span(@3, @4))); }
| call_body paging  { $$ = duet_ast_call_paging(state, $1, $2); }
| call_body RETURNS name path ';'
  { $$ = duet_ast_call_returns(state, $1, duet_ast_span(@2, @5), $3, $4); }
| call_body RESULT path BY path ';'
  { $$ = duet_ast_call_result(state, $1, duet_ast_span(@2, @6), $3, $5, NULL); }
| call_body RESULT path BY path OK WHEN condition ';'
  { $$ = duet_ast_call_result(state, $1, duet_ast_span(@2, @9), $3, $5, $8); }
| call_body BATCH NUMERAL OF object
  { $$ = duet_ast_call_batch(state, $1, duet_ast_span(@2, @5), duet_ast_integer(@3, $3), $5); }
| call_body BATCH NUMERAL OF reference ';'
  {
    $$ = duet_ast_call_batch(state, $1, duet_ast_span(@2, @6), duet_ast_integer(@3, $3),
                             duet_ast_json_reference(state, $5));
  }
| call_body MATCH condition ';'  { $$ = duet_ast_call_match(state, $1, $3); }
| call_body outcome  { $$ = duet_ast_call_outcome($1, $2); }
| call_body failed_text  { $$ = duet_ast_call_failed_text(state, $1, @2, $2); }
| call_body VERIFY BY READING ';'
  { $$ = duet_ast_call_verify(state, $1, duet_ast_span(@2, @4)); }
| call_body auth  { $$ = duet_ast_call_auth(state, $1, $2); }
| call_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

body:
  BODY object  { $$ = duet_ast_body_new(state, @$, DUET_AST_BODY_TEMPLATE, $2); }
| BODY WHOLE ';'  { $$ = duet_ast_body_new(state, @$, DUET_AST_BODY_WHOLE, NULL); }
| BODY WHOLE '(' names ')' ';'  { $$ = duet_ast_body_whole(state, @$, $4); }
| BODY WHOLE '(' error ')'  { $$ = NULL; YYERROR; }
| BODY CHANGED ';'  { $$ = duet_ast_body_new(state, @$, DUET_AST_BODY_CHANGED, NULL); }
| BODY CHANGED UNDER path ';'  { $$ = duet_ast_body_under(state, @$, $4); }
| BODY CHANGED object  { $$ = duet_ast_body_new(state, @$, DUET_AST_BODY_CHANGED, $3); }
;

paging:
  NEXT LINK path ';'  { $$ = duet_ast_paging_link(state, @$, $3); }
| NEXT HEADER name ';'  { $$ = duet_ast_paging_header(state, @$, $3); }
| counted until carrier ';'  { $$ = duet_ast_paging_finish(@$, $1, $2, $3); }
| CURSOR name FROM path carrier ';'
  { $$ = duet_ast_paging_cursor(state, @$, $2, $4, $5); }
| CURSOR name FROM path SIZE name NUMERAL carrier ';'
  {
    $$ = duet_ast_paging_size(duet_ast_paging_cursor(state, @$, $2, $4, $8), $6,
                              duet_ast_integer(@7, $7));
  }
;

counted:
  counter SIZE NUMERAL
  { $$ = duet_ast_paging_size($1, duet_ast_no_name(), duet_ast_integer(@3, $3)); }
| counter SIZE name NUMERAL  { $$ = duet_ast_paging_size($1, $3, duet_ast_integer(@4, $4)); }
;

counter:
  counted_by name
  { $$ = duet_ast_paging_counted(state, $1, $2, (struct duet_ast_integer){ 0 }); }
| counted_by FROM NUMERAL
  { $$ = duet_ast_paging_counted(state, $1, duet_ast_no_name(), duet_ast_integer(@3, $3)); }
| counted_by name FROM NUMERAL
  { $$ = duet_ast_paging_counted(state, $1, $2, duet_ast_integer(@4, $4)); }
;

counted_by:
  PAGE  { $$ = DUET_AST_PAGING_PAGE; }
| OFFSET  { $$ = DUET_AST_PAGING_OFFSET; }
;

until:
  %empty  { $$ = NULL; }
| UNTIL path  { $$ = $2; }
;

carrier:
  %empty  { $$ = DUET_AST_IN_UNSAID; }
| IN QUERY  { $$ = DUET_AST_IN_QUERY; }
| IN BODY  { $$ = DUET_AST_IN_BODY; }
;

/* --- mappings -------------------------------------------------------------------------------------------- */

side: name '.' name AS name  { $$ = duet_ast_side(@$, $1, $3, $5); };

mapping_body:
  %empty  { $$ = duet_ast_mapping_new(state); }
| mapping_body LINK path direction path ';'
  { $$ = duet_ast_mapping_link(state, $1, duet_ast_span(@2, @6), $3, $4, @4, $5); }
| mapping_body first_contact  { $$ = duet_ast_mapping_first_contact(state, $1, $2); }
| mapping_body create  { $$ = duet_ast_mapping_create($1, $2); }
| mapping_body rule  { $$ = duet_ast_mapping_rule($1, $2); }
| mapping_body GROUP name rule_attributes '{' rules close
  { $$ = duet_ast_mapping_group(state, $1, duet_ast_span(@2, @7), $3, $4, $6); }
| mapping_body NOTES path direction path note_attributes ';'
  { $$ = duet_ast_mapping_notes($1, duet_ast_span(@2, @7), $3, $4, $5, $6); }
| mapping_body trigger  { $$ = duet_ast_mapping_trigger($1, $2); }
| mapping_body OVERLAP SPANNED ';'  { $$ = duet_ast_mapping_overlap(state, $1, @3, $3); }
| mapping_body SKEW SPANNED ';'  { $$ = duet_ast_mapping_skew(state, $1, @3, $3); }
| mapping_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

direction:
  BOTH  { $$ = DUET_AST_BOTH; }
| RIGHT  { $$ = DUET_AST_RIGHT; }
| LEFT  { $$ = DUET_AST_LEFT; }
;

first_contact: FIRST CONTACT name ';'  { $$ = duet_ast_first_contact_new(state, @$, $3); };

create:
  CREATE name FROM name ';'  { $$ = duet_ast_create_new(state, @$, $2, $4, NULL); }
| CREATE name FROM name WHEN condition ';'  { $$ = duet_ast_create_new(state, @$, $2, $4, $6); }
;

rules:
  %empty  { $$ = (struct duet_ast_rule_list){ 0 }; }
| rules rule  { $$ = duet_ast_rule_list_append($1, $2); }
| rules error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

rule:
  FIELD name path direction path rule_attributes ';'
  { $$ = duet_ast_rule_new(state, @$, $2, $3, $4, $5, $6); }
| FIELD name path direction path rule_attributes '{' arms close
  { $$ = duet_ast_rule_arms(duet_ast_rule_new(state, @$, $2, $3, $4, $5, $6), $8); }
;

rule_attributes:
  %empty  { $$ = duet_ast_rule_attributes_new(state); }
| rule_attributes '|' name arguments
  { $$ = duet_ast_rule_transform(state, $1, duet_ast_span(@3, @4), $3, $4); }
| rule_attributes VIA name  { $$ = duet_ast_rule_via(state, $1, $3); }
| rule_attributes UNKNOWN value  { $$ = duet_ast_rule_unknown(state, $1, $3); }
| rule_attributes DEFAULT value  { $$ = duet_ast_rule_default(state, $1, $3); }
| rule_attributes CONFLICT name  { $$ = duet_ast_rule_conflict(state, $1, duet_ast_span(@2, @3), $3); }
| rule_attributes CONFLICT NEWEST ELSE name
  { $$ = duet_ast_rule_newest(state, $1, duet_ast_span(@2, @5), $5); }
| rule_attributes LOSSY QUOTED  { $$ = duet_ast_rule_lossy(state, $1, duet_ast_quoted(@3, $3)); }
;

arguments:
  %empty  { $$ = (struct duet_ast_value_list){ 0 }; }
| arguments literal  { $$ = duet_ast_value_list_append($1, $2); }
| arguments QUOTED
  { $$ = duet_ast_value_list_append($1, duet_ast_value_text(state, @2, $2)); }
;

arms:
  %empty  { $$ = (struct duet_ast_arm_list){ 0 }; }
| arms arm  { $$ = duet_ast_arm_list_append($1, $2); }
| arms error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

arm:
  value direction value ';'  { $$ = duet_ast_arm_new(state, @$, $1, $2, $3, duet_ast_no_name()); }
| value direction value LOSSY QUOTED ';'
  { $$ = duet_ast_arm_new(state, @$, $1, $2, $3, duet_ast_quoted(@5, $5)); }
;

note_attributes:
  %empty  { $$ = duet_ast_notes_new(state); }
| note_attributes EDITS IGNORE
  { $$ = duet_ast_notes_edits(state, $1, duet_ast_span(@2, @3), DUET_AST_EDITS_IGNORE); }
| note_attributes EDITS APPEND
  { $$ = duet_ast_notes_edits(state, $1, duet_ast_span(@2, @3), DUET_AST_EDITS_APPEND); }
| note_attributes FROM LINK
  { $$ = duet_ast_notes_since(state, $1, duet_ast_span(@2, @3), DUET_AST_SINCE_LINK); }
| note_attributes FROM ALL
  { $$ = duet_ast_notes_since(state, $1, duet_ast_span(@2, @3), DUET_AST_SINCE_ALL); }
;

trigger:
  ON name event action names ';'
  { $$ = duet_ast_trigger_finish(@$, $3, $2, $4, $5, NULL); }
| ON name event action names WHEN condition ';'
  { $$ = duet_ast_trigger_finish(@$, $3, $2, $4, $5, $7); }
;

event:
  CLOSE  { $$ = duet_ast_trigger_new(state, @$, DUET_AST_EVENT_CLOSE, duet_ast_no_name()); }
| REOPEN  { $$ = duet_ast_trigger_new(state, @$, DUET_AST_EVENT_REOPEN, duet_ast_no_name()); }
| MOVE  { $$ = duet_ast_trigger_new(state, @$, DUET_AST_EVENT_MOVE, duet_ast_no_name()); }
| CHANGE  { $$ = duet_ast_trigger_new(state, @$, DUET_AST_EVENT_CHANGE, duet_ast_no_name()); }
| SIGNAL name  { $$ = duet_ast_trigger_new(state, @$, DUET_AST_EVENT_SIGNAL, $2); }
;

action:
  SEND  { $$ = DUET_AST_ACTION_SEND; }
| FETCH  { $$ = DUET_AST_ACTION_FETCH; }
| CLEAR  { $$ = DUET_AST_ACTION_CLEAR; }
;

/* --- tests ------------------------------------------------------------------------------------------------ */

test_body:
  %empty  { $$ = duet_ast_test_new(state); }
| test_body step  { $$ = duet_ast_test_step($1, $2); }
| test_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

step:
  GIVEN name '{' situation close
  { $$ = duet_ast_step_finish(@$, $4, DUET_AST_STEP_GIVEN, $2); }
| GIVEN TABLE name '{' table_rows close  { $$ = duet_ast_step_table(state, @$, $3, $5); }
| FORALL name IN path ';'  { $$ = duet_ast_step_forall(state, @$, $2, $4, NULL); }
| FORALL name IN path WHEN condition ';'  { $$ = duet_ast_step_forall(state, @$, $2, $4, $6); }
| WHEN edits  { $$ = $2; }
| WHEN name SIGNAL name ';'  { $$ = duet_ast_step_signal(state, @$, $2, $4); }
| EXPECT name '{' situation close
  { $$ = duet_ast_step_finish(@$, $4, DUET_AST_STEP_EXPECT, $2); }
| EXPECT WRITES NUMERAL ';'
  { $$ = duet_ast_step_writes(state, @$, duet_ast_no_name(), duet_ast_integer(@3, $3)); }
| EXPECT WRITES name NUMERAL ';'
  { $$ = duet_ast_step_writes(state, @$, $3, duet_ast_integer(@4, $4)); }
| EXPECT HOLD ';'  { $$ = duet_ast_step_hold(state, @$, duet_ast_no_name()); }
| EXPECT HOLD QUOTED ';'  { $$ = duet_ast_step_hold(state, @$, duet_ast_quoted(@3, $3)); }
| EXPECT NO HOLD ';'  { $$ = duet_ast_step_no(state, @$, DUET_AST_STEP_EXPECT_HOLD); }
| EXPECT NO PENDING ';'  { $$ = duet_ast_step_no(state, @$, DUET_AST_STEP_EXPECT_PENDING); }
| EXPECT NO CONFLICT ';'  { $$ = duet_ast_step_no(state, @$, DUET_AST_STEP_EXPECT_CONFLICT); }
| EXPECT PENDING names ';'
  { $$ = duet_ast_step_fields(state, @$, DUET_AST_STEP_EXPECT_PENDING, $3); }
| EXPECT CONFLICT names ';'
  { $$ = duet_ast_step_fields(state, @$, DUET_AST_STEP_EXPECT_CONFLICT, $3); }
| EXPECT NOTHING ';'
  {
    $$ = duet_ast_step_fields(state, @$, DUET_AST_STEP_EXPECT_NOTHING,
                              (struct duet_ast_name_item_list){ 0 });
  }
;

/* Joined by `and`: at the same moment; by `then`: one after the other. */
edits:
  edit
| edits AND edit  { $$ = duet_ast_step_and($1, $3); }
| edits THEN edit  { $$ = duet_ast_step_then($1, $3); }
;

edit: name '{' situation close  { $$ = duet_ast_step_finish(@$, $3, DUET_AST_STEP_WHEN, $1); };

situation:
  %empty  { $$ = duet_ast_step_new(state); }
| situation assign  { $$ = duet_ast_step_assign($1, $2); }
| situation NOTE QUOTED ';'  { $$ = duet_ast_step_note(state, $1, duet_ast_quoted(@3, $3)); }
| situation KEEPS OMITTED ';'  { $$ = duet_ast_step_keeps(state, $1, duet_ast_span(@2, @4)); }
| situation error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

table_rows:
  %empty  { $$ = (struct duet_ast_table_row_list){ 0 }; }
| table_rows table_row  { $$ = duet_ast_table_row_list_append($1, $2); }
| table_rows error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

table_row: name '{' assigns close  { $$ = duet_ast_table_row_new(state, @$, $1, $3); };

/* --- fleets ------------------------------------------------------------------------------------------------ */

hub_body:
  %empty  { $$ = duet_ast_hub_new(state); }
| hub_body assign  { $$ = duet_ast_hub_setting($1, $2); }
| hub_body EVERY SPANNED ';'  { $$ = duet_ast_hub_every(state, $1, @3, $3); }
| hub_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

fleet_body:
  %empty  { $$ = duet_ast_fleet_new(state); }
| fleet_body assign  { $$ = duet_ast_fleet_setting($1, $2); }
| fleet_body EVERY SPANNED ';'  { $$ = duet_ast_fleet_every(state, $1, @3, $3); }
| fleet_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

tenant_body:
  %empty  { $$ = duet_ast_tenant_new(state); }
| tenant_body tenant_side  { $$ = duet_ast_tenant_side_add($1, $2); }
| tenant_body TABLE name FROM QUOTED ';'
  { $$ = duet_ast_tenant_table(state, $1, duet_ast_span(@2, @6), $3, duet_ast_quoted(@5, $5)); }
| tenant_body EVERY SPANNED ';'  { $$ = duet_ast_tenant_every(state, $1, @3, $3); }
| tenant_body override  { $$ = duet_ast_tenant_override($1, $2); }
| tenant_body error ';'  { $$ = $1; duet_parse_recovered(state, @2); yyerrok; }
;

tenant_side:
  SIDE name '{' assigns close
  { $$ = duet_ast_tenant_side_new(state, @$, $2, duet_ast_no_name(), $4); }
| SIDE name SHARED name ';'
  { $$ = duet_ast_tenant_side_new(state, @$, $2, $4, (struct duet_ast_assign_list){ 0 }); }
| SIDE name SHARED name '{' assigns close
  { $$ = duet_ast_tenant_side_new(state, @$, $2, $4, $6); }
;

override:
  OVERRIDE overridable_name rule_attributes ';'
  { $$ = duet_ast_override_rule(state, @$, $2, $3, (struct duet_ast_arm_list){ 0 }); }
| OVERRIDE overridable_name rule_attributes '{' arms close
  { $$ = duet_ast_override_rule(state, @$, $2, $3, $5); }
| OVERRIDE trigger  { $$ = duet_ast_override_trigger(state, @$, $2); }
| OVERRIDE create  { $$ = duet_ast_override_create(state, @$, $2); }
| OVERRIDE first_contact  { $$ = duet_ast_override_first_contact(state, @$, $2); }
;

overridable_name:
  overridable  { $$ = duet_ast_word(@$, $1); }
| QUOTED  { $$ = duet_ast_quoted(@$, $1); }
;

%%

static int duet_yylex(DUET_YYSTYPE *value, struct duet_span *at, struct duet_parse_state *state)
{
    const struct duet_token *token = duet_tokens_next(state, at);

    /* Two members of one union, as the rules use them: which one is the kind's. */
    if (duet_tokens_is_number(token->kind))
        value->DUET_TOKEN_NUMERAL = token->value.number;
    else
        value->DUET_TOKEN_WORD = token->value.text;
    return token->kind;
}

/* Only for what isn't a syntax error: the parser's own stack is used up. */
static void duet_yyerror(const struct duet_span *at, struct duet_parse_state *state,
                         const char *message)
{
    (void)message;
    duet_tokens_too_deep(state, *at);
}

static int yyreport_syntax_error(const yypcontext_t *context, struct duet_parse_state *state)
{
    enum { EXPECTED_MAX = YYNTOKENS };
    yysymbol_kind_t symbols[EXPECTED_MAX];
    const char *expected[EXPECTED_MAX];

    int count = yypcontext_expected_tokens(context, symbols, EXPECTED_MAX);
    bool name_fits = false;
    for (int i = 0; i < count; i++) {
        name_fits = name_fits || symbols[i] == YYSYMBOL_WORD;
        expected[i] = yysymbol_name(symbols[i]);
    }
    duet_tokens_unexpected(state, expected, (size_t)(count < 0 ? 0 : count), name_fits);
    return 0;
}
