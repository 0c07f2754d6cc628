# The reference in jq for `duet map mappings/sentinel-smartsoar.duet --to soar`.
# $analysts: from a Sentinel objectId to the SOAR's login.

# Cut to $most UTF-16 units, in which a character beyond the first 65,536 counts as two. The first two
# answers are the fast ones.
def cut($most):
  if utf8bytelength <= $most then .
  elif (explode | max) <= 65535 then .[0:$most]
  else
    . as $text
    | reduce explode[] as $character ({ units: 0, kept: 0 };
        .units += (if $character > 65535 then 2 else 1 end)
        | if .units <= $most then .kept += 1 else . end)
    | $text[0:.kept]
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
