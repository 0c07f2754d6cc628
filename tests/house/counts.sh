#!/usr/bin/env bash
# counts.sh ROOT: what count.awk makes of a report. A crash after passing cases is still a failure.
set -euo pipefail

report=$(mktemp)
trap 'rm -f "$report"' EXIT
cat >"$report" <<'END'
	<testcase name="cases" status="run">
		<system-out>[==========] Running 3 test(s).
[       OK ] reads
[  PASSED  ] 2 test(s).
[  SKIPPED ] 1 test(s), listed below:
[  SKIPPED ] reads_the_official_examples
</system-out>
	</testcase>
	<testcase name="failing" status="fail">
		<failure message=""/>
		<system-out>[  PASSED  ] 1 test(s).
[  FAILED  ] 2 test(s), listed below:
</system-out>
	</testcase>
	<testcase name="leaking" status="fail">
		<failure message=""/>
		<system-out>[  PASSED  ] 4 test(s).
</system-out>
	</testcase>
	<testcase name="script" status="run">
		<system-out></system-out>
	</testcase>
	<testcase name="absent" status="notrun">
		<skipped message="SKIP_RETURN_CODE=77"/>
		<system-out></system-out>
	</testcase>
END
expected='8 passed, 3 failed, 2 skipped'
found=$(awk -f "$1/.ci/count.awk" "$report")
if [ "$found" != "$expected" ]; then
    echo "expected '$expected', found '$found'"
    exit 1
fi
