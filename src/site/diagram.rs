//! A lifecycle as a drawing: the stages below each other, what lets a record in and out of each, and
//! lanes beside them for every move that is not to the next stage.

use serde::Serialize;
use std::collections::BTreeMap;

/// How wide a stage is drawn.
const WIDTH: i32 = 320;
/// The room between two stages.
const GAP: i32 = 44;
/// The room between two lanes.
const LANE: i32 = 18;
/// The room around everything.
const EDGE: i32 = 14;
/// The height of the line with a name, and of any other line.
const NAME: i32 = 34;
const LINE: i32 = 20;
/// How round a corner is.
const CORNER: i32 = 6;
/// How far below the top of a stage a lane comes in, and the first one goes out.
const IN: i32 = 14;
const OUT: i32 = 28;
const STEP: i32 = 9;
/// About as many letters fit into a line.
const LETTERS: usize = 46;
const NAME_LETTERS: usize = 30;
/// Lanes are told apart by so many colours.
const COLOURS: usize = 6;

/// A stage, as it is drawn.
#[derive(Debug, Clone, Default)]
pub(in crate::site) struct Drawn {
    pub(in crate::site) name: String,
    pub(in crate::site) aside: String,
    pub(in crate::site) entry: Option<String>,
    pub(in crate::site) exit: Option<String>,
    pub(in crate::site) lines: Vec<String>,
    pub(in crate::site) terminal: bool,
    /// The stages a record may go to next, by place.
    pub(in crate::site) next: Vec<usize>,
    /// The stage it goes back to after a while.
    pub(in crate::site) recycle: Option<usize>,
}

/// A drawing.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Diagram {
    width: i32,
    height: i32,
    boxes: Vec<Shape>,
    lines: Vec<Path>,
}

/// A stage on paper.
#[derive(Debug, Clone, Serialize)]
struct Shape {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    terminal: bool,
    name: Words,
    aside: Words,
    entry: Option<Words>,
    exit: Option<Words>,
    /// Where the line below the entry, and the one above the exit, are.
    top: Option<i32>,
    bottom: Option<i32>,
    lines: Vec<Words>,
}

/// Words at a place.
#[derive(Debug, Clone, Serialize)]
struct Words {
    x: i32,
    y: i32,
    text: String,
}

/// A way from stage to stage, with the head of its arrow.
#[derive(Debug, Clone, Serialize)]
struct Path {
    d: String,
    head: Option<String>,
    dashed: bool,
    colour: usize,
}

/// On which side of the stages a lane is, whether it is one back after a while, and where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lane {
    left: bool,
    dashed: bool,
    to: usize,
}

/// Draws a lifecycle.
pub(in crate::site) fn diagram(stages: &[Drawn]) -> Diagram {
    let mut tops = Vec::new();
    let mut y = EDGE;
    for stage in stages {
        tops.push((y, height(stage)));
        y += height(stage) + GAP;
    }
    let lanes = lanes(stages);
    let columns = columns(&lanes, &tops);
    let count = |left: bool| {
        let of_side = columns.iter().filter(|(lane, _)| lane.left == left);
        of_side.map(|(_, column)| column + 1).max().unwrap_or_default()
    };
    let (left, right) = (count(true), count(false));
    let x = EDGE + LANE * left + LANE / 2;
    let sheet = Sheet { x, tops: &tops, columns: &columns };
    let mut lines = sheet.straight(stages);
    lines.extend(sheet.lanes(&lanes));
    let boxes = stages.iter().zip(&tops).map(|(stage, (y, height))| shape(stage, x, *y, *height));
    Diagram {
        width: x + WIDTH + LANE * right + LANE / 2 + EDGE,
        height: y - GAP + EDGE,
        boxes: boxes.collect(),
        lines,
    }
}

fn height(stage: &Drawn) -> i32 {
    let strips = i32::from(stage.entry.is_some()) + i32::from(stage.exit.is_some());
    let lines = i32::try_from(stage.lines.len()).unwrap_or_default();
    let outs = i32::try_from(stage.next.len()).unwrap_or_default();
    (NAME + LINE * lines + (LINE + 6) * strips + 8).max(OUT + STEP * outs + 8)
}

fn shape(stage: &Drawn, x: i32, y: i32, height: i32) -> Shape {
    let mut at = y;
    let entry = stage.entry.as_ref().map(|text| {
        at += LINE + 6;
        Words { x: x + 12, y: at - 8, text: cut(text, LETTERS) }
    });
    let top = entry.as_ref().map(|_| at);
    at += NAME - 10;
    let name = Words { x: x + 12, y: at, text: cut(&stage.name, NAME_LETTERS) };
    let aside = Words { x: x + WIDTH - 12, y: at, text: stage.aside.clone() };
    let mut lines = Vec::new();
    for line in &stage.lines {
        at += LINE;
        lines.push(Words { x: x + 12, y: at, text: cut(line, LETTERS) });
    }
    let foot = y + height;
    let exit =
        stage.exit.as_ref().map(|text| Words { x: x + 12, y: foot - 8, text: cut(text, LETTERS) });
    let bottom = exit.as_ref().map(|_| foot - LINE - 6);
    let terminal = stage.terminal;
    Shape { x, y, width: WIDTH, height, terminal, name, aside, entry, exit, top, bottom, lines }
}

/// A line that fits.
fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(letters - 1).collect();
    cut.push('…');
    cut
}

/// The lanes, and the stages each is entered from.
fn lanes(stages: &[Drawn]) -> BTreeMap<Lane, Vec<usize>> {
    let mut lanes: BTreeMap<Lane, Vec<usize>> = BTreeMap::new();
    for (from, stage) in stages.iter().enumerate() {
        for to in stage.next.iter().copied().filter(|to| *to != from + 1 && *to != from) {
            let lane = Lane { left: to < from, dashed: false, to };
            lanes.entry(lane).or_default().push(from);
        }
        if let Some(to) = stage.recycle.filter(|to| *to != from) {
            lanes.entry(Lane { left: true, dashed: true, to }).or_default().push(from);
        }
    }
    lanes
}

/// Which column each lane takes, the short ones nearest to the stages.
fn columns(lanes: &BTreeMap<Lane, Vec<usize>>, tops: &[(i32, i32)]) -> BTreeMap<Lane, i32> {
    let reach = |lane: &Lane, from: &[usize]| {
        let all = from.iter().copied().chain([lane.to]);
        let ends = all.filter_map(|at| tops.get(at));
        let low = ends.clone().map(|(y, _)| *y).min().unwrap_or_default();
        let high = ends.map(|(y, height)| y + height).max().unwrap_or_default();
        (low, high)
    };
    let mut order: Vec<(Lane, (i32, i32))> =
        lanes.iter().map(|(lane, from)| (*lane, reach(lane, from))).collect();
    order.sort_by_key(|(lane, (low, high))| (high - low, *lane));
    let mut taken: Vec<(bool, i32, i32, i32)> = Vec::new();
    let mut columns = BTreeMap::new();
    for (lane, (low, high)) in order {
        let is_free = |column: i32| {
            !taken.iter().any(|(left, other, from, to)| {
                *left == lane.left && *other == column && *from < high && low < *to
            })
        };
        let most = i32::try_from(taken.len()).unwrap_or_default();
        let column = (0..=most).find(|column| is_free(*column)).unwrap_or(most);
        taken.push((lane.left, column, low, high));
        columns.insert(lane, column);
    }
    columns
}

/// Where things are.
struct Sheet<'a> {
    x: i32,
    tops: &'a [(i32, i32)],
    columns: &'a BTreeMap<Lane, i32>,
}

impl Sheet<'_> {
    /// The ways to the next stage.
    fn straight(&self, stages: &[Drawn]) -> Vec<Path> {
        let pairs = self.tops.iter().zip(self.tops.iter().skip(1)).zip(stages.iter().enumerate());
        let on = pairs.filter(|(_, (from, stage))| stage.next.contains(&(from + 1)));
        let x = self.x + WIDTH / 2;
        on.map(|(((y, height), (below, _)), _)| Path {
            d: format!("M{x} {} V{}", y + height, below - 7),
            head: Some(format!("M{x} {below} l-5 -8 h10 z")),
            dashed: false,
            colour: 0,
        })
        .collect()
    }

    /// The ways beside the stages. Those that share a lane join the one that comes from farthest.
    fn lanes(&self, lanes: &BTreeMap<Lane, Vec<usize>>) -> Vec<Path> {
        // Each way out of a stage has a height of its own.
        let mut out: BTreeMap<(usize, bool), i32> = BTreeMap::new();
        let mut paths = Vec::new();
        for (at, (lane, sources)) in lanes.iter().enumerate() {
            let (first, last) = (sources.iter().min(), sources.iter().max());
            for from in sources {
                let used = out.entry((*from, lane.left)).or_default();
                let start = (*from, *used);
                *used += 1;
                let farthest = if *from < lane.to { first } else { last };
                let whole = farthest == Some(from);
                paths.extend(self.lane(lane, start, whole, at % COLOURS + 1));
            }
        }
        paths
    }

    /// A way from a stage, out at one of its places: to the lane, or all of it.
    fn lane(
        &self,
        lane: &Lane,
        (from, place): (usize, i32),
        whole: bool,
        colour: usize,
    ) -> Option<Path> {
        let ((top, _), (goal, _)) = (self.tops.get(from)?, self.tops.get(lane.to)?);
        let column = self.columns.get(lane)?;
        let (start, end) = (top + OUT + STEP * place, goal + IN);
        let away = LANE + LANE * column;
        // To the left everything is mirrored.
        let (edge, sign) = if lane.left { (self.x, -1) } else { (self.x + WIDTH, 1) };
        let x = edge + sign * away;
        let turn = if end > start { CORNER } else { -CORNER };
        let near = x - sign * CORNER;
        let out = format!("M{edge} {start} H{near} Q{x} {start} {x} {}", start + turn);
        let back = format!(" V{} Q{x} {end} {near} {end} H{}", end - turn, edge + sign * 7);
        let head = format!("M{edge} {end} l{} -5 v10 z", sign * 8);
        let dashed = lane.dashed;
        Some(if whole {
            Path { d: out + &back, head: Some(head), dashed, colour }
        } else {
            Path { d: out, head: None, dashed, colour }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(next: &[usize], recycle: Option<usize>) -> Drawn {
        Drawn { name: "A".to_owned(), next: next.to_vec(), recycle, ..Drawn::default() }
    }

    #[test]
    fn every_move_is_drawn_once() {
        let stages =
            [stage(&[1, 2], None), stage(&[2, 0], Some(0)), stage(&[], None), stage(&[3, 9], None)];
        let drawn = diagram(&stages);
        assert_eq!(drawn.boxes.len(), 4);
        // Two straight, one over a stage, one back, one back after a while; none to itself or nowhere.
        assert_eq!(drawn.lines.len(), 5);
        assert_eq!(drawn.lines.iter().filter(|line| line.dashed).count(), 1);
        assert!(drawn.lines.iter().all(|line| line.head.is_some()));
    }

    #[test]
    fn lanes_that_meet_have_columns_of_their_own() {
        let stages = [stage(&[2, 3], None), stage(&[3], None), stage(&[], None), stage(&[], None)];
        let tops: Vec<(i32, i32)> = (0..4).map(|at| (at * 100, 60)).collect();
        let columns = columns(&lanes(&stages), &tops);
        let taken: Vec<i32> = columns.values().copied().collect();
        assert_eq!(columns.len(), 2);
        // Two ways lead into the last stage, and one of them joins the other.
        let joined = diagram(&stages).lines.iter().filter(|line| line.head.is_none()).count();
        assert_eq!(joined, 1);
        assert_ne!(taken.first(), taken.last());
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("äöüß", 3), "äö…");
    }
}
