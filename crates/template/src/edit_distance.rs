//! How far a misspelt word is from a known one.

/// Slips between two words: letters added, left out, replaced, or two neighbours swapped.
pub(crate) fn edit_distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, &from) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_right = None;
        for (column, &to) in right.iter().enumerate() {
            let replaced = last[column] + usize::from(from != to);
            let mut best = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            if column > 0 && previous_left == Some(to) && previous_right == Some(from) {
                best = best.min(before_last[column - 1] + 1);
            }
            current.push(best);
            previous_right = Some(to);
        }
        previous_left = Some(from);
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn distance_counts_slips() {
        for (left, right, slips) in [
            ("", "", 0),
            ("", "дата", 4),
            ("дата", "", 4),
            ("дата", "дата", 0),
            ("дтаа", "дата", 1),
            ("даты", "дата", 1),
            ("датаа", "дата", 1),
            ("салон", "мастер", 5),
        ] {
            let left: Vec<char> = left.chars().collect();
            let right: Vec<char> = right.chars().collect();
            assert_eq!(edit_distance(&left, &right), slips, "{left:?} {right:?}");
        }
    }
}
