# The checker and the planner built so that each branch can be turned round: ./dev mutate --code. Read where their libraries are made.
if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "DUET_MUTANTS needs clang (CMAKE_C_COMPILER=clang), found ${CMAKE_C_COMPILER_ID}")
endif()

file(GLOB duet_mutated CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/dsl/check*.c ${PROJECT_SOURCE_DIR}/dsl/types.c      # the checker
    ${PROJECT_SOURCE_DIR}/dsl/lower*.c ${PROJECT_SOURCE_DIR}/dsl/tables_check*.c # the planner's tables
    ${PROJECT_SOURCE_DIR}/engine/plan/*.c                                        # the planner, and what it asks:
    ${PROJECT_SOURCE_DIR}/engine/record/expr.c ${PROJECT_SOURCE_DIR}/engine/record/steps.c)

set(duet_turns ${PROJECT_SOURCE_DIR}/tests/mutants/branches)
set(duet_branches_from 0)
foreach(source IN LISTS duet_mutated)
    set_source_files_properties(${source} PROPERTIES
        COMPILE_DEFINITIONS DUET_BRANCHES_FROM=${duet_branches_from} OBJECT_DEPENDS "${duet_turns}.sh;${duet_turns}.awk")
    math(EXPR duet_branches_from "${duet_branches_from} + 1000") # branch.h: BRANCHES_APART
endforeach()
file(REMOVE ${PROJECT_BINARY_DIR}/branches/${duet_branches_from}) # where the lists end

add_library(duet_branch STATIC tests/mutants/branch.c)
target_include_directories(duet_branch PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(duet_branch PRIVATE duet_warnings)
target_link_libraries(duet_dsl PUBLIC duet_branch)
set_target_properties(duet_dsl duet_record duet_plan PROPERTIES C_COMPILER_LAUNCHER ${duet_turns}.sh)
