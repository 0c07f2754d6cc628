/* Two systems and a mapping between them, for tests of the language server: nothing of it is on disk. */
#pragma once

#define LSP_SYSTEMS_URI "file:///w/systems.duet"
#define LSP_MAPPING_URI "file:///w/mapping.duet"

#define LSP_SYSTEMS                                                                                \
    "edition 2026;\n"                                                                              \
    "\n"                                                                                           \
    "# Two desks.\n"                                                                               \
    "# The second is ours.\n"                                                                      \
    "system desk {\n"                                                                              \
    "  settings { site : url; }\n"                                                                 \
    "  record ticket {\n"                                                                          \
    "    key : text at id;\n"                                                                      \
    "    title : text at title;\n"                                                                 \
    "    status : enum (New, \"In Work\", Done) at status required;\n"                             \
    "    closed when status == Done;\n"                                                            \
    "  }\n"                                                                                        \
    "  http {\n"                                                                                   \
    "    base \"{site}/api\";\n"                                                                   \
    "    changed ticket GET \"/t\" { items rows; }\n"                                              \
    "    write ticket PUT \"/t/{key}\" { body { s: ticket.status, t: ticket.title } }\n"           \
    "  }\n"                                                                                        \
    "}\n"                                                                                          \
    "\n"                                                                                           \
    "system floor {\n"                                                                             \
    "  record job {\n"                                                                             \
    "    key : text at id;\n"                                                                      \
    "    desk_key : text at desk;\n"                                                               \
    "    title : text at title;\n"                                                                 \
    "    state : enum (Open, Closed) at state required;\n"                                         \
    "    closed when state == Closed;\n"                                                           \
    "  }\n"                                                                                        \
    "  http {\n"                                                                                   \
    "    base \"http://floor\";\n"                                                                 \
    "    changed job GET \"/j\" { items rows; }\n"                                                 \
    "    write job PUT \"/j/{key}\" { body { s: job.state, t: job.title, d: job.desk_key } }\n"    \
    "  }\n"                                                                                        \
    "}\n"

#define LSP_MAPPING                                                                                \
    "edition 2026;\n"                                                                              \
    "\n"                                                                                           \
    "import \"systems.duet\";\n"                                                                   \
    "\n"                                                                                           \
    "mapping m between desk.ticket as left and floor.job as right {\n"                             \
    "  link left.key <-> right.desk_key;\n"                                                        \
    "  first contact left;\n"                                                                      \
    "\n"                                                                                           \
    "  field title  left.title  <-> right.title conflict left;\n"                                  \
    "  field status left.status <-> right.state conflict left {\n"                                 \
    "    New       <-> Open;\n"                                                                    \
    "    \"In Work\" ->  Open;\n"                                                                  \
    "    Done      <-> Closed;\n"                                                                  \
    "  }\n"                                                                                        \
    "\n"                                                                                           \
    "  on left change send all;\n"                                                                 \
    "  on right change send title, status;\n"                                                      \
    "}\n"
