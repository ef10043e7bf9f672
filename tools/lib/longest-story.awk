# longest-story.awk - the ID of the story with the most hosts, then the most hops. After csv.awk.
FNR == 1 {
    read_head($0, column)
    next
}

{
    split_row($0, cells)
    story = cells[column["story_id"]]
    weight[story]++
    if (!seen[story, cells[column["host"]]]++)
        weight[story] += 1000
    if (weight[story] > weight[longest])
        longest = story
}

END { print longest }
