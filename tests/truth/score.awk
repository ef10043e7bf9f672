# score.awk - hops.csv, deliveries.csv and truth.csv, in this order; see score.sh. After csv.awk.

function miss(text) {
    print "truth.csv:" FNR ": " text
    misses++
}

function check_hop(message, host, id,    story) {
    if (!((host, id) in story_of_hop)) {
        miss("no hop " host " " id)
        return
    }
    story = story_of_hop[host, id]
    if (!(message in story_of_message))
        story_of_message[message] = story
    if (story_of_message[message] != story)
        miss(host " " id " is not in the story of " message)
    if (story in message_of_story && message_of_story[story] != message)
        miss(message " and " message_of_story[story] " are one story")
    message_of_story[story] = message
}

function check_recipient(message, address, action,    key) {
    key = story_of_message[message] SUBSEP address
    if (!(key in actions))
        miss("no row for " address)
    else if (actions[key] != action)
        miss(address " is " actions[key] ", not " action)
}

# What became of an address: of all its rows, but for the one that stands for its expansion.
function note(story, address, action,    key) {
    key = story SUBSEP address
    if (action == "expanded")
        return
    if (key in actions && actions[key] != action)
        actions[key] = "mixed"
    else
        actions[key] = action
}

FNR == 1 {
    file++
    read_head($0, column)
    next
}

{ split_row($0, cells) }

file == 1 {
    story_of_hop[cells[column["host"]], cells[column["queue_id"]]] = cells[column["story_id"]]
}

file == 2 {
    action = cells[column["action"]]
    original = cells[column["original_recipient"]]
    recipient = cells[column["recipient"]]
    note(cells[column["story_id"]], original == "" ? recipient : original, action)
}

file == 3 && cells[2] == "hop" {
    checks++
    check_hop(cells[1], cells[3], cells[4])
}

file == 3 && cells[2] == "recipient" {
    checks++
    check_recipient(cells[1], cells[3], cells[4])
}

END {
    printf "%d checked, %d wrong\n", checks, misses
    exit misses > 0 || checks == 0
}
