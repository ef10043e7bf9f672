# table.awk - columns of a table, aligned for a terminal. After csv.awk.
#
#   -v show='time host event'   the columns, in this order
#   -v only=ID                  only the rows of this story
#   -v width=N                  no cell is wider; 40 if it is not said

FNR == 1 {
    read_head($0, column)
    count = split(show, names, " ")
    for (i = 1; i <= count; i++)
        add(0, i, names[i])
    next
}

{
    split_row($0, cells)
    if (only != "" && cells[column["story_id"]] != only)
        next
    rows++
    for (i = 1; i <= count; i++)
        add(rows, i, cells[column[names[i]]])
}

function add(row, i, text,    limit) {
    limit = width ? width : 40
    if (i < count && length(text) > limit)
        text = substr(text, 1, limit - 3) "..."
    table[row, i] = text
    if (length(text) > widest[i])
        widest[i] = length(text)
}

END {
    for (row = 0; row <= rows; row++) {
        line = ""
        for (i = 1; i <= count; i++)
            line = line sprintf("%-" widest[i] "s  ", table[row, i])
        sub(/ +$/, "", line)
        print "  " line
    }
}
