# Makes every branch of a compiled file one that can be turned round: LLVM's text in, the same text out, each condition passed
# through duet_branch() (branch.c). Read twice: `awk -f branches.awk -v from=N -v source=X.c -v list=FILE X.ll X.ll`.
#
# The branches are numbered in the order of the text, from N. One line each goes to `list`, parted by tabs: number, what it is
# (`branch`, `choice` of ?:, `arm` of a switch), line, function, file. What a header has inline isn't the file's.

BEGIN { number = from; printf "" > list }

# --- first time: where the numbers of !dbg point

NR == FNR {
    if ($3 == "!DILocation(line:" || ($3 == "distinct" && $4 == "!DILocation(line:"))
        at[$1] = place($0)
    else if ($3 == "!DIFile(filename:")
        is_header[$1] = $4 ~ /\.h",$/
    else if ($3 == "distinct" && $4 ~ /^!DISubprogram/ && match($0, /file: ![0-9]+/))
        file[$1] = substr($0, RSTART + 6, RLENGTH - 6)
    next
}

# --- second time: the text

/^define / {
    name = $0
    sub(/^[^@]*@/, "", name)
    sub(/\(.*/, "", name)
    is_ours = match($0, /!dbg ![0-9]+/) && !is_header[file[substr($0, RSTART + 5, RLENGTH - 5)]]
}

/^  br i1 / {
    turned = call("branch", $3)
    print "  br i1 " turned rest_after($0, "br i1 [^,]*")
    next
}

/^  %[^ ]* = select i1 / {
    turned = call("choice", $5)
    print "  " $1 " = select i1 " turned rest_after($0, "select i1 [^,]*")
    next
}

# A switch stands on several lines; the value it looks at may be made another arm's.
/^  switch i/ {
    head = $0
    type = $2
    value = $3
    sub(/,$/, "", value)
    arms = 0
    while ((getline line) > 0 && line !~ /^  \]/) {
        split(line, word, /[ ,]+/)
        constant[arms] = word[3]
        target[arms++] = word[5]
    }
    switched(line)
    next
}

{ print }

END {
    if (number > from)
        print "\ndeclare zeroext i1 @duet_branch(i32, i1 zeroext)\ndeclare i64 @duet_arm(i32, i64, i64, i64)"
}

function place(text)
{
    match(text, /line: [0-9]+/)
    return substr(text, RSTART + 6, RLENGTH - 6)
}

function note(kind, text)
{
    if (!is_ours || !match(text, /!dbg ![0-9]+/))
        return 0
    where = substr(text, RSTART + 5, RLENGTH - 5)
    printf "%d\t%s\t%s\t%s\t%s\n", number, kind, at[where], name, source > list
    return 1
}

function call(kind, condition)
{
    sub(/,$/, "", condition)
    if (condition !~ /^%/ || !note(kind, $0))
        return condition
    print "  %duet." number " = call zeroext i1 @duet_branch(i32 " number ", i1 zeroext " condition ")"
    return "%duet." number++
}

function rest_after(text, pattern)
{
    match(text, pattern)
    return substr(text, RSTART + RLENGTH)
}

# The values that lead to one arm are taken for one of the next arm's, or for one that has no arm.
function switched(last,    i, k, wide, next_wide, none, elsewhere, other, of)
{
    elsewhere = head
    sub(/^[^,]*, label /, "", elsewhere)
    sub(/ .*/, "", elsewhere)
    wide = "%duet.s" number
    print "  " wide " = sext " type " " value " to i64"
    none = 0
    for (i = 0; i < arms; i++)
        none = constant[i] >= none ? constant[i] + 1 : none
    for (i = 0; i < arms; i++) {
        for (k = i; k < arms && target[k] == target[i]; k++)
            continue
        other = k < arms ? constant[k] : target[0] != target[i] ? constant[0] : none
        if (other == none && target[i] == elsewhere)
            continue
        if (!(target[i] in of)) {
            if (!note("arm", last))
                continue
            of[target[i]] = number++
        }
        next_wide = wide "." i
        print "  " next_wide " = call i64 @duet_arm(i32 " of[target[i]] ", i64 " wide ", i64 " constant[i] ", i64 " other ")"
        wide = next_wide
    }
    print "  switch i64 " wide ", label " elsewhere " ["
    for (i = 0; i < arms; i++)
        print "    i64 " constant[i] ", label " target[i]
    print last
}
