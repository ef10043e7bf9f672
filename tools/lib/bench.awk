# bench.awk - the limits of the benchmark, and the medians they are held against
#
# A machine that others use is now quick, now slow, for minutes. So what is compared are neighbours: the
# n-th run of one with the n-th of the other, and the median of these ratios counts.
#
#   -v runs=FILE    the runs: name, bytes, wall and processor time in microseconds, KiB
#   -v form=text    tables for a terminal; `markdown`: for the document; `far`: says only which
#                   limits are missed by a factor of two, and fails if any is

function median(list,    values, n, i, j, value) {
    n = split(list, values, " ")
    for (i = 2; i <= n; i++) {
        value = values[i] + 0
        for (j = i - 1; j > 0 && values[j] + 0 > value; j--)
            values[j + 1] = values[j]
        values[j + 1] = value
    }
    return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}

BEGIN {
    FS = "\t"
    while ((getline line <runs) > 0) {
        split(line, cells, "\t")
        name = cells[1]
        if (!(name in bytes))
            names[++n_names] = name
        bytes[name] = cells[2]
        wall_of[name, ++n_runs[name]] = cells[3]
        wall_list[name] = wall_list[name] " " cells[3]
        cpu_list[name] = cpu_list[name] " " cells[4]
        if (cells[5] > memory[name])
            memory[name] = cells[5]
    }
    for (i = 1; i <= n_names; i++) {
        wall[names[i]] = median(wall_list[names[i]])
        cpu[names[i]] = median(cpu_list[names[i]])
    }
}

function ratio(name, other,    i, ratios) {
    for (i = 1; i <= n_runs[name]; i++)
        ratios = ratios " " wall_of[name, i] / wall_of[other, i]
    return median(ratios)
}

function figure(what, name, other) {
    if (what == "wall")
        return ratio(name, other)
    if (what == "byte")
        return ratio(name, other) * bytes[other] / bytes[name]
    if (what == "cpu")
        return cpu[name] / bytes[name] * 1000
    return memory[name] / 1024
}

{
    texts[++n] = $1
    figures[n] = figure($2, $3, $4)
    limits[n] = $5
}

# How far above the limit, in words.
function verdict(i) {
    return figures[i] <= limits[i] ? "ok" : "MISSED"
}

function print_runs(head, row,    i, name) {
    printf head
    for (i = 1; i <= n_names; i++) {
        name = names[i]
        # What an ordinary log took beside another serves that comparison only.
        if (name !~ / beside /)
            printf row, name, bytes[name] / 1e6, wall[name] / 1e6, cpu[name] / 1e6, \
                bytes[name] / wall[name], memory[name] / 1024
    }
}

function print_limits(head, row,    i) {
    printf head
    for (i = 1; i <= n; i++)
        printf row, texts[i], figures[i], limits[i], verdict(i)
}

END {
    if (form == "far") {
        for (i = 1; i <= n; i++) {
            if (figures[i] > 2 * limits[i]) {
                printf "FAILED: %s is %.2f, more than twice %s\n", texts[i], figures[i], limits[i]
                far++
            }
        }
        exit far > 0
    }
    if (form == "markdown") {
        print_runs("| run | MB | wall s | CPU s | MB/s | memory, MiB |\n|---|--:|--:|--:|--:|--:|\n",
                   "| %s | %.0f | %.2f | %.2f | %.0f | %.1f |\n")
        print_limits("\n| figure | measured | limit | |\n|---|--:|--:|---|\n",
                     "| %s | %.2f | %s | %s |\n")
        exit
    }
    print_runs(sprintf("%-24s %8s %8s %8s %8s %8s\n", "run", "MB", "wall s", "CPU s", "MB/s", "MiB"),
               "%-24s %8.0f %8.2f %8.2f %8.0f %8.1f\n")
    print_limits(sprintf("\n%-40s %8s %8s\n", "figure", "measured", "limit"),
                 "%-40s %8.2f %8s  %s\n")
}
