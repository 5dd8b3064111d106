//! Where the boxes go: columns by how far in the data's way they are, rows by what they are joined to.

use super::Drawing;

/// Height of a box and of what lies between two of them.
pub(super) const HEIGHT: usize = 30;
const GAP: usize = 14;
/// Between two columns, for the arrows.
const ALLEY: usize = 56;
const MARGIN: usize = 16;
/// Of a letter in the drawing's font, which has one width; rounded up.
const LETTER: usize = 8;
/// How often rows are sorted by their neighbours.
const SWEEPS: usize = 6;

/// Where a box is, or where an arrow passes through a column.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The box in the drawing; `None` for an arrow passing.
    pub(super) dot: Option<usize>,
    column: usize,
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
}

/// A drawing with its places. The boxes are the first spots, in the drawing's order.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) spots: Vec<Spot>,
    /// Of each arrow all the spots that it goes through.
    pub(super) ways: Vec<Vec<usize>>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Places everything; the drawing has no cycle.
pub(super) fn place(drawing: &Drawing) -> Layout {
    let columns = columns(drawing);
    let width = |dot: usize| drawing.dots[dot].label.chars().count() * LETTER + 24;
    let spot = |(dot, column): (usize, &usize)| Spot {
        dot: Some(dot),
        column: *column,
        x: 0,
        y: 0,
        width: width(dot),
    };
    let mut spots: Vec<Spot> = columns.iter().enumerate().map(spot).collect();
    let mut ways = Vec::new();
    for &(from, onto) in &drawing.arrows {
        let mut way = vec![from];
        for column in columns[from] + 1..columns[onto] {
            way.push(spots.len());
            spots.push(Spot { dot: None, column, x: 0, y: 0, width: 0 });
        }
        way.push(onto);
        ways.push(way);
    }
    let mut rows = vec![Vec::new(); spots.iter().map(|spot| spot.column + 1).max().unwrap_or_default()];
    for (i, spot) in spots.iter().enumerate() {
        rows[spot.column].push(i);
    }
    let joined = joined(&ways, spots.len());
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        for step in 0..rows.len() {
            let column = if forward { step } else { rows.len() - 1 - step };
            set_rows(&mut rows[column], &mut spots, &joined, forward);
        }
    }
    let mut x = MARGIN;
    for row in &rows {
        let widest = row.iter().map(|i| spots[*i].width).max().unwrap_or_default();
        for i in row {
            spots[*i].x = x;
            spots[*i].width = widest;
        }
        x += widest + ALLEY;
    }
    let least = spots.iter().map(|spot| spot.y).min().unwrap_or_default();
    for spot in &mut spots {
        spot.y = spot.y - least + MARGIN;
    }
    let height = spots.iter().map(|spot| spot.y + HEIGHT + MARGIN).max().unwrap_or_default();
    Layout { spots, ways, width: (x + MARGIN).saturating_sub(ALLEY), height }
}

/// The column of each box: behind all that it gets data from; exporters all in the last one.
fn columns(drawing: &Drawing) -> Vec<usize> {
    let mut columns = vec![0; drawing.dots.len()];
    // Without a cycle no way is longer than there are boxes.
    for _ in 0..drawing.dots.len() {
        let before = columns.clone();
        for &(from, onto) in &drawing.arrows {
            columns[onto] = columns[onto].max(columns[from] + 1);
        }
        if columns == before {
            break;
        }
    }
    let last = columns.iter().copied().max().unwrap_or_default();
    for (column, dot) in columns.iter_mut().zip(&drawing.dots) {
        if dot.role == super::Role::Exporter {
            *column = last;
        }
    }
    columns
}

/// What each spot is joined to on its left and on its right.
fn joined(ways: &[Vec<usize>], spots: usize) -> Vec<[Vec<usize>; 2]> {
    let mut joined = vec![[Vec::new(), Vec::new()]; spots];
    for pair in ways.iter().flat_map(|way| way.windows(2)) {
        joined[pair[1]][0].push(pair[0]);
        joined[pair[0]][1].push(pair[1]);
    }
    joined
}

/// Sorts a column by where its neighbours on one side are, and moves each spot there as far as there is room.
fn set_rows(row: &mut [usize], spots: &mut [Spot], joined: &[[Vec<usize>; 2]], forward: bool) {
    let wish = |i: usize, spots: &[Spot]| {
        let neighbours = &joined[i][usize::from(!forward)];
        let sum: usize = neighbours.iter().map(|n| spots[*n].y).sum();
        sum.checked_div(neighbours.len()).unwrap_or(spots[i].y)
    };
    let mut sorted: Vec<(usize, usize)> = Vec::with_capacity(row.len());
    for i in row.iter() {
        let wish = wish(*i, spots);
        let at = sorted.partition_point(|(other, _)| *other <= wish);
        sorted.insert(at, (wish, *i));
    }
    let mut free = 0;
    for (place, (wish, i)) in row.iter_mut().zip(sorted) {
        *place = i;
        spots[i].y = wish.max(free);
        // An arrow, which is in the middle of its spot, takes less room than a box.
        free = spots[i].y + if spots[i].dot.is_some() { HEIGHT + GAP } else { HEIGHT - GAP / 2 };
    }
}
