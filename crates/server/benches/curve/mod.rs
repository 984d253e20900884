//! A picture of cost over size, as SVG: small, and readable on white and on dark.

use crate::frame::measure::thousands;
use std::fmt::Write as _;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 60.0;
/// Readable on both grounds.
const COLOURS: [&str; 2] = ["#2a8fbd", "#d0762b"];
const TEXT: &str = "#808080";
const LINES: u32 = 5;

/// What one engine needs, in microseconds, at each size.
pub(crate) struct Curve {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// The sizes stand evenly, each ten times the one before.
pub(crate) fn picture(curves: &[Curve]) -> String {
    let highest = curves.iter().flat_map(|curve| &curve.points).map(|point| point.1);
    let top = round_up(highest.fold(0.0, f64::max));
    let sizes: Vec<f64> = curves[0].points.iter().map(|point| point.0).collect();
    let last = f64::from(u32::try_from(sizes.len() - 1).unwrap()).max(1.0);
    let x = |place: usize| {
        LEFT + f64::from(u32::try_from(place).unwrap()) / last * (WIDTH - LEFT - RIGHT)
    };
    let y = |cost: f64| HEIGHT - BOTTOM - cost / top * (HEIGHT - TOP - BOTTOM);

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\" \
         fill=\"{TEXT}\" role=\"img\">\n\
         <title>What a due message costs, by how many are planned</title>\n"
    );
    for line in 0..=LINES {
        let cost = top / f64::from(LINES) * f64::from(line);
        let (at, right) = (y(cost), WIDTH - RIGHT);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{right}\" y2=\"{at:.1}\" stroke=\"{TEXT}\" \
             stroke-opacity=\"0.3\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            at + 4.0,
            thousands(cost)
        );
    }
    for (place, size) in sizes.iter().enumerate() {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(place),
            HEIGHT - BOTTOM + 20.0,
            thousands(*size)
        );
    }
    let middle = LEFT + (WIDTH - LEFT - RIGHT) / 2.0;
    let _ = writeln!(
        svg,
        "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">planned messages</text>\n\
         <text x=\"{LEFT}\" y=\"{:.1}\">µs a due message, while 5 000 are due at once</text>",
        HEIGHT - 14.0,
        TOP - 14.0
    );
    for (curve, colour) in curves.iter().zip(COLOURS) {
        let points: Vec<String> = curve
            .points
            .iter()
            .enumerate()
            .map(|(place, (_, cost))| format!("{:.1},{:.1}", x(place), y(*cost)))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        for point in &points {
            let (across, down) = point.split_once(',').unwrap();
            let _ =
                writeln!(svg, "<circle cx=\"{across}\" cy=\"{down}\" r=\"3\" fill=\"{colour}\"/>");
        }
        let (_, cost) = curve.points[curve.points.len() - 1];
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{}</text>",
            WIDTH - RIGHT + 10.0,
            y(cost) + 4.0,
            curve.name
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// The next of 1, 2 or 5 times a power of ten.
fn round_up(cost: f64) -> f64 {
    let power = 10_f64.powf(cost.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|step| step * power).into_iter().find(|top| cost <= *top).unwrap()
}
