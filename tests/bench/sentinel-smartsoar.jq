# The reference in jq for `duet map mappings/sentinel-smartsoar.duet --to soar`.
# $analysts: from a Sentinel objectId to the SOAR's login.
.properties as $p
| {
    "Custom Field": {
      CustomSentinelIncidentId: .name,
      CustomSentinelNumber: ($p.incidentNumber | tostring)
    },
    Title: $p.title[0:100],
    Severity: $p.severity,
    Status: { New: "Open", Active: "In Progress", Closed: "Closed" }[$p.status],
    Owner: (if $p.owner.objectId == null then "System" else $analysts[$p.owner.objectId] end)
  }
  + (if $p.classification then { "Sentinel Sync - Classification": $p.classification } else {} end)
  + (if $p.classificationReason then { "Sentinel Sync - Reason": $p.classificationReason } else {} end)
  + (if $p.classificationComment then { "Sentinel Sync - Comment": $p.classificationComment } else {} end)
