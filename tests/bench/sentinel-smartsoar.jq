# The reference in jq for `duet map mappings/sentinel-smartsoar.duet --to soar`.
# $analysts: from a Sentinel objectId to the SOAR's login.

# Cut to $most UTF-16 units, in which a character beyond the first 65,536 counts as two. The first two
# answers are the fast ones.
def cut($most):
  if utf8bytelength <= $most then .
  elif (explode | max) <= 65535 then .[0:$most]
  else
    [explode[] | ., (if . > 65535 then -1 else empty end)]
    | if length <= $most then . elif .[$most] == -1 then .[0:$most - 1] else .[0:$most] end
    | map(select(. != -1))
    | implode
  end;

.properties as $p
| {
    "Custom Field": {
      CustomSentinelIncidentId: .name,
      CustomSentinelNumber: ($p.incidentNumber | tostring)
    },
    Title: ($p.title | cut(100)),
    Severity: $p.severity,
    Status: { New: "Open", Active: "In Progress", Closed: "Closed" }[$p.status],
    Owner: (if $p.owner.objectId == null then "System" else $analysts[$p.owner.objectId] end)
  }
  + (if $p.classification then { "Sentinel Sync - Classification": $p.classification } else {} end)
  + (if $p.classificationReason then { "Sentinel Sync - Reason": $p.classificationReason } else {} end)
  + (if $p.classificationComment then { "Sentinel Sync - Comment": $p.classificationComment } else {} end)
