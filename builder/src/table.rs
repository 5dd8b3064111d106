//! Text in columns.

/// Cells below each other in as many columns as fit into `width`, read from top to bottom and then to the right, as `ls` does.
pub(crate) fn columns(cells: &[String], width: usize) -> Vec<String> {
    const GAP: usize = 2;
    let length = |cell: &String| cell.chars().count();
    let shape = |rows: usize| -> Vec<usize> {
        cells.chunks(rows).map(|column| column.iter().map(length).max().unwrap_or(0)).collect()
    };
    let fits = |rows: usize| {
        let widths = shape(rows);
        widths.iter().sum::<usize>() + GAP * (widths.len() - 1) <= width
    };
    let rows = (1..cells.len()).find(|&rows| fits(rows)).unwrap_or(cells.len()).max(1);
    let widths = shape(rows);
    let line = |row: usize| {
        let mut line = String::new();
        for (column, cell) in cells.iter().skip(row).step_by(rows).enumerate() {
            line.push_str(cell);
            line.push_str(&" ".repeat(widths[column] - length(cell) + GAP));
        }
        line.trim_end().to_owned()
    };
    (0..rows.min(cells.len())).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_fill_columns_from_the_top() {
        let cells = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (text, width, expected) in [
            ("a b c d e", 7, &["a  c  e", "b  d"][..]),
            ("a b c d e", 13, &["a  b  c  d  e"]),
            ("a bbb c", 5, &["a", "bbb", "c"]),
            ("wider than", 3, &["wider", "than"]),
            ("ä b", 4, &["ä  b"]),
        ] {
            assert_eq!(columns(&cells(text), width), expected, "{text} in {width}");
        }
        assert!(columns(&[], 10).is_empty());
    }
}
