# generated.awk - what really happened, as tools/mklog tells it, and deliveries.csv, in this order.
# After csv.awk.
#
# The truth has a row for each life of a message on a host and each recipient. Rows that hand over to
# each other are one delivery, whose path and end are known. Both tables must have the same
# deliveries, each as often.

function outcome(word) {
    if (word == "sent" || word == "delivered" || word == "relayed")
        return "ok"
    if (word == "bounced")
        return "failed"
    return word == "deferred" ? "delayed" : word
}

# The delivery that begins with this row of the truth.
function delivery_from(row,    place, path, next_row) {
    place = path_of[row]
    while (status_of[row] == "relayed") {
        next_row = next_of[row]
        if (!(next_row in path_of))
            break
        row = next_row
        place = place " > " path_of[row]
    }
    return outcome(status_of[row]) SUBSEP sender_of[row] SUBSEP recipient_of[row] SUBSEP place
}

function show(what, key, times,    parts) {
    if (++shown > 10)
        return
    split(key, parts, SUBSEP)
    printf "  %s %d: %s, from <%s> to <%s> by %s\n", what, times, parts[1], parts[2], parts[3], parts[4]
}

FNR == 1 {
    file++
    read_head($0, column)
    next
}

{ split_row($0, cells) }

file == 1 {
    recipient = tolower(cells[column["recipient"]])
    row = cells[column["life"]] SUBSEP recipient
    rows[++n_rows] = row
    recipient_of[row] = recipient
    sender_of[row] = tolower(cells[column["sender"]])
    status_of[row] = cells[column["status"]]
    path_of[row] = cells[column["host"]] "/" cells[column["system"]] "/" cells[column["qid"]]
    if (status_of[row] == "relayed") {
        next_of[row] = cells[column["link_life"]] SUBSEP recipient
        is_next[next_of[row]] = 1
    }
}

file == 2 {
    sender = tolower(cells[column["sender"]])
    key = outcome(cells[column["action"]]) SUBSEP (sender == "<>" ? "" : sender) SUBSEP \
        tolower(cells[column["recipient"]]) SUBSEP cells[column["path"]]
    told[key]++
}

END {
    for (i = 1; i <= n_rows; i++) {
        if (!(rows[i] in is_next)) {
            happened[delivery_from(rows[i])]++
            count++
        }
    }
    for (key in happened) {
        if (told[key] < happened[key]) {
            missing += happened[key] - told[key]
            show("missing", key, happened[key] - told[key])
        }
    }
    for (key in told) {
        if (told[key] > happened[key]) {
            extra += told[key] - happened[key]
            show("too many", key, told[key] - happened[key])
        }
    }
    printf "%d deliveries, %d missing, %d too many\n", count, missing, extra
    exit missing > 0 || extra > 0 || count == 0
}
