# Counts a CTest JUnit report: every case of a cmocka program by itself, any other test as one.
# A program that failed without naming a case (a crash, a leak, a timeout) counts as one failure.

/<testcase / {
    failed_here = skipped_here = cases_passed = cases_failed = cases_skipped = 0
    failed_here = /status="fail"/
    skipped_here = /status="(notrun|disabled)"/
}
{ sub(/^[ \t]*<system-out>/, "") }
/<failure/ { failed_here = 1 }
/<skipped/ { skipped_here = 1 }
/^\[  PASSED  \] [0-9]+ test/ { cases_passed += $4 }
/^\[  FAILED  \] [0-9]+ test/ { cases_failed += $4 }
/^\[  SKIPPED \] [0-9]+ test/ { cases_skipped += $4 }
/<\/testcase>/ {
    if (failed_here && !cases_failed)
        cases_failed = 1
    if (!failed_here && skipped_here)
        cases_skipped++
    if (cases_passed + cases_failed + cases_skipped == 0)
        cases_passed = 1
    passed += cases_passed
    failed += cases_failed
    skipped += cases_skipped
}
END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }
