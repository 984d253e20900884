//! A parsed text. It exists only if its author's text was understood, so whoever holds one may check,
//! print or render it without thinking about spelling again.

use serde::{Serialize, Serializer};

use crate::{Catalogue, VariableSpec};

/// A piece of a text. Serialised as `{"type": "text" | "variable" | "group", "value": …}`, which is
/// what an editor needs to show variables as chips.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Segment {
    /// Words that are sent as they stand; never empty, never two in a row.
    Text(String),
    /// A place for a value; serialised as the variable's canonical name.
    Variable(#[serde(serialize_with = "as_name")] &'static VariableSpec),
    /// Texts and variables (never groups) that disappear together if one of the values is missing.
    Group(Vec<Segment>),
}

fn as_name<S: Serializer>(spec: &VariableSpec, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(spec.name)
}

/// A text with variables and optional groups, understood. Made by [`crate::parse`] only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Template {
    segments: Vec<Segment>,
    #[serde(skip)]
    catalogue: Catalogue,
}

impl Template {
    pub(crate) const fn new(segments: Vec<Segment>, catalogue: Catalogue) -> Self {
        Self { segments, catalogue }
    }

    /// The catalogue against which the text was read.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The pieces of the text in their order.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Canonical names of all variables, those in groups too, each once, in order of appearance.
    #[must_use]
    pub fn variables(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for spec in self.pieces().filter_map(as_variable) {
            if !names.contains(&spec.name) {
                names.push(spec.name);
            }
        }
        names
    }

    /// Whether the variable stands outside every group, so that each rendering contains it.
    #[must_use]
    pub fn always_names(&self, name: &str) -> bool {
        let outside = self.segments.iter().filter_map(as_variable);
        outside.into_iter().any(|spec| spec.name == name)
    }

    /// The most characters that a rendering is expected to have: every group stands and every
    /// variable has its longest value.
    #[must_use]
    pub fn longest_chars(&self) -> usize {
        self.pieces()
            .map(|piece| match piece {
                Segment::Text(text) => text.chars().count(),
                Segment::Variable(spec) => spec.longest_chars(),
                Segment::Group(_) => 0,
            })
            .sum()
    }

    /// Every text and variable in order, as if groups had no borders.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().flat_map(|segment| match segment {
            Segment::Group(inside) => inside.as_slice(),
            alone => std::slice::from_ref(alone),
        })
    }
}

fn as_variable(segment: &Segment) -> Option<&'static VariableSpec> {
    match segment {
        Segment::Variable(spec) => Some(spec),
        Segment::Text(_) | Segment::Group(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::parse;
    use crate::sample_catalogue::CATALOGUE;

    #[test]
    fn variables_are_listed_once_in_order() {
        let text = "[Время] {у [Мастер] }[Дата] %TIME% {[Дата]}";
        let template = parse(text, &CATALOGUE).unwrap();
        assert_eq!(template.variables(), ["time", "master", "date"]);
        assert!(template.always_names("date"));
        assert!(!template.always_names("master"));
    }

    #[test]
    fn the_longest_rendering_counts_fallbacks_and_groups() {
        // «наш мастер» (10 characters) is longer than the four that a master's name may have.
        let template = parse("[Дата], {у [Мастер]}", &CATALOGUE).unwrap();
        assert_eq!(template.longest_chars(), 8 + 2 + 2 + 10);
    }

    #[test]
    fn an_editor_receives_pieces_by_type() {
        let template = parse("Ждём [Дата]{, %MASTER_NAME%}", &CATALOGUE).unwrap();
        insta::assert_json_snapshot!(template, @r#"
        [
          {
            "type": "text",
            "value": "Ждём "
          },
          {
            "type": "variable",
            "value": "date"
          },
          {
            "type": "group",
            "value": [
              {
                "type": "text",
                "value": ", "
              },
              {
                "type": "variable",
                "value": "master"
              }
            ]
          }
        ]
        "#);
    }
}
