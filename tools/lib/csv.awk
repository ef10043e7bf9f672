# csv.awk - rows of our tables in awk: `awk -f csv.awk -f PROGRAM TABLE…`

# Takes a row apart into cells[1…]. A cell of ours never holds a line end.
function split_row(row, cells,    n, cell, quoted, i, c) {
    n = 0
    cell = ""
    quoted = 0
    for (i = 1; i <= length(row); i++) {
        c = substr(row, i, 1)
        if (c == "\"" && quoted && substr(row, i + 1, 1) == "\"") {
            cell = cell c
            i++
        } else if (c == "\"") {
            quoted = !quoted
        } else if (c == "," && !quoted) {
            cells[++n] = cell
            cell = ""
        } else {
            cell = cell c
        }
    }
    cells[++n] = cell
    return n
}

# Which column bears which name: columns["story_id"] is 1. From a table's first row.
function read_head(row, columns,    cells, n, i) {
    n = split_row(row, cells)
    delete columns
    for (i = 1; i <= n; i++)
        columns[cells[i]] = i
}
