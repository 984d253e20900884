//! Reads a text: which of its signs are variables, optional groups or plain characters.
//!
//! | written | read as |
//! |---|---|
//! | `[Дата]`, `[ дата ]`, `%DATE%` | a variable |
//! | `{Мастер: [Мастер]. }` | an optional group, gone when a value in it is missing |
//! | `[[`, `%%`, `{{`, `}}` | the sign itself |
//! | `10%`, `[1]`, `]` | plain text: nothing there could be a variable |
//!
//! A client must never see a raw variable, so whatever looks like one and is unknown is refused.

use crate::catalogue::{Catalogue, VariableSpec};
use crate::parse_error::ParseError;
use crate::template::{Segment, Template};

/// Reads a text against the catalogue of variables. Line ends are `\n` afterwards.
///
/// # Errors
/// Every mistake in the text, in the order of their places.
pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Template, Vec<ParseError>> {
    let parser = Parser {
        chars: text.chars().collect(),
        at: 0,
        catalogue,
        outside: Vec::new(),
        group: None,
        errors: Vec::new(),
    };
    parser.run()
}

struct Parser<'a> {
    chars: Vec<char>,
    at: usize,
    catalogue: &'a Catalogue,
    outside: Vec<Segment>,
    group: Option<OpenGroup>,
    errors: Vec<ParseError>,
}

struct OpenGroup {
    position: usize,
    inside: Vec<Segment>,
    /// How many refused groups are still open within this one; their ends close nothing else.
    nested: usize,
    errors_before: usize,
}

impl Parser<'_> {
    fn run(mut self) -> Result<Template, Vec<ParseError>> {
        while let Some(sign) = self.peek(0) {
            match sign {
                '[' => self.read_bracket(),
                '%' => self.read_percent(),
                '{' => self.read_group_start(),
                '}' => self.read_group_end(),
                '\r' if self.peek(1) == Some('\n') => self.at += 1,
                // Of whatever kind: a text that was read twice must be the same both times.
                '\r' => self.take_text('\n', 1),
                plain => self.take_text(plain, 1),
            }
        }
        if let Some(group) = self.group.take() {
            let position = group.position;
            self.errors.push(ParseError::UnclosedGroup { position });
        }
        if self.errors.is_empty() {
            Ok(Template::new(self.outside, *self.catalogue))
        } else {
            self.errors.sort_by_key(ParseError::position);
            Err(self.errors)
        }
    }

    fn read_bracket(&mut self) {
        if self.peek(1) == Some('[') {
            return self.take_text('[', 2);
        }
        let position = self.at;
        let content = self.run_from(position + 1, |c| !matches!(c, '[' | ']' | '\n'));
        let length = content.chars().count();
        if self.peek(1 + length) != Some(']') {
            if let Some(spelling) = self.catalogue.begins_with_bracket(&content) {
                let meant = format!("[{spelling}]");
                self.errors.push(ParseError::UnclosedVariable { position, meant });
            }
            return self.take_text('[', 1);
        }
        if let Some(spec) = self.catalogue.by_bracket(&content) {
            return self.take_variable(spec, length + 2);
        }
        let suggestion = self.catalogue.nearest(&content);
        // «[Дата1]» is a slip, «[каб. 5]» a remark: outside plain words only a near miss is refused.
        let is_slip = suggestion.is_some() && !content.contains(['%', '{', '}']);
        if !is_wordlike(&content) && !is_slip {
            return self.take_text('[', 1);
        }
        self.errors.push(ParseError::UnknownVariable {
            position,
            written: format!("[{content}]"),
            suggestion,
        });
        self.at += length + 2;
    }

    fn read_percent(&mut self) {
        if self.peek(1) == Some('%') {
            return self.take_text('%', 2);
        }
        let position = self.at;
        let word = self.run_from(position + 1, |c| c.is_alphanumeric() || c == '_');
        let length = word.chars().count();
        let known = self.catalogue.by_percent(&word);
        let is_closed = self.peek(1 + length) == Some('%');
        match known {
            Some(spec) if is_closed => self.take_variable(spec, length + 2),
            Some(_) if is_shouted(&word) => {
                let meant = format!("%{word}%");
                self.errors.push(ParseError::UnclosedVariable { position, meant });
                self.at += length + 1;
            }
            None if is_closed && is_shouted(&word) => {
                self.errors.push(ParseError::UnknownVariable {
                    position,
                    written: format!("%{word}%"),
                    suggestion: self.catalogue.nearest(&word),
                });
                self.at += length + 2;
            }
            Some(_) | None => self.take_text('%', 1),
        }
    }

    fn read_group_start(&mut self) {
        if self.peek(1) == Some('{') {
            return self.take_text('{', 2);
        }
        let position = self.at;
        if let Some(group) = &mut self.group {
            group.nested += 1;
            self.errors.push(ParseError::NestedGroup { position });
        } else {
            self.group = Some(OpenGroup {
                position,
                inside: Vec::new(),
                nested: 0,
                errors_before: self.errors.len(),
            });
        }
        self.at += 1;
    }

    fn read_group_end(&mut self) {
        let position = self.at;
        if let Some(group) = &mut self.group
            && group.nested > 0
        {
            group.nested -= 1;
            self.at += 1;
            return;
        }
        if self.peek(1) == Some('}') {
            return self.take_text('}', 2);
        }
        self.at += 1;
        let Some(group) = self.group.take() else {
            self.errors.push(ParseError::StrayGroupEnd { position });
            return;
        };
        let is_variable = |segment: &Segment| matches!(segment, Segment::Variable(_));
        // A misspelt variable was reported already; the group is not to be blamed as well.
        if !group.inside.iter().any(is_variable) && group.errors_before == self.errors.len() {
            let position = group.position;
            self.errors.push(ParseError::GroupWithoutVariable { position });
        }
        self.outside.push(Segment::Group(group.inside));
    }

    fn take_variable(&mut self, spec: &'static VariableSpec, length: usize) {
        self.at += length;
        self.target().push(Segment::Variable(spec));
    }

    fn take_text(&mut self, sign: char, length: usize) {
        self.at += length;
        let target = self.target();
        if let Some(Segment::Text(text)) = target.last_mut() {
            text.push(sign);
        } else {
            target.push(Segment::Text(sign.to_string()));
        }
    }

    fn target(&mut self) -> &mut Vec<Segment> {
        match &mut self.group {
            Some(group) => &mut group.inside,
            None => &mut self.outside,
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn run_from(&self, start: usize, belongs: impl Fn(char) -> bool) -> String {
        let rest = self.chars.get(start..).unwrap_or_default();
        rest.iter().copied().take_while(|&c| belongs(c)).collect()
    }
}

/// Whether bracketed words can only be meant as a variable: letters, blanks and `_`.
fn is_wordlike(content: &str) -> bool {
    content.contains(char::is_alphabetic)
        && content.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || c == '_')
}

/// Whether a word between percent signs can only be meant as a variable: two or more capitals,
/// digits and `_`.
fn is_shouted(word: &str) -> bool {
    word.chars().count() > 1
        && word.contains(char::is_alphabetic)
        && !word.contains(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Language::{English, Russian};
    use crate::sample_catalogue::CATALOGUE;
    use crate::template::Segment;

    /// The template in a notation of the tests: `<name>` a variable, `(…)` a group.
    fn read(text: &str) -> String {
        fn show(segments: &[Segment]) -> String {
            let shown = segments.iter().map(|segment| match segment {
                Segment::Text(text) => text.clone(),
                Segment::Variable(spec) => format!("<{}>", spec.name),
                Segment::Group(inside) => format!("({})", show(inside)),
            });
            shown.collect()
        }
        match parse(text, &CATALOGUE) {
            Ok(template) => show(template.segments()),
            Err(errors) => {
                let listed = errors.iter().map(|e| format!("{}@{}", e.code(), e.position()));
                listed.collect::<Vec<_>>().join(" ")
            }
        }
    }

    #[test]
    fn every_sign_is_read_as_meant() {
        for (text, meant) in [
            ("", ""),
            ("Ждём вас", "Ждём вас"),
            ("Ждём [Дата] в [Время]", "Ждём <date> в <time>"),
            ("[ дата ][ВРЕМЯ]", "<date><time>"),
            ("[еще визит]", "<next_visit>"),
            ("[Client_Name]", "<client>"),
            ("%DATE%%HOURMINUTES%", "<date><time>"),
            ("%date%", "<date>"),
            ("скидка 10%", "скидка 10%"),
            ("скидка 10% [Дата], 20% %TIME%", "скидка 10% <date>, 20% <time>"),
            ("от 5% до 10%", "от 5% до 10%"),
            ("50%50%", "50%50%"),
            ("10%%%DATE%", "10%<date>"),
            ("%%DATE%%", "%DATE%"),
            ("%name%", "%name%"),
            ("[1] и []", "[1] и []"),
            ("[см. сайт]", "[см. сайт]"),
            ("[%DATE%]", "[<date>]"),
            ("[[Дата]", "[Дата]"),
            ("[[[Дата]", "[<date>"),
            ("знак [", "знак ["),
            ("a]b", "a]b"),
            ("{Мастер: [Мастер]. }Ждём", "(Мастер: <master>. )Ждём"),
            ("{{[Дата]}}", "{<date>}"),
            ("{{{[Дата]}", "{(<date>)"),
            ("{[Дата]}}}", "(<date>})"),
            ("один\r\nдва\n", "один\nдва\n"),
            ("один\r\r\nдва\r", "один\n\nдва\n"),
        ] {
            assert_eq!(read(text), meant, "{text}");
        }
    }

    #[test]
    fn mistakes_are_found_where_they_stand() {
        for (text, found) in [
            ("Ждём [Дота]", "unknown_variable@5"),
            ("[Дата1]", "unknown_variable@0"),
            ("[Погода] %WEATHER%", "unknown_variable@0 unknown_variable@9"),
            ("%ДАТА%", "unknown_variable@0"),
            ("[Дата в [Время]", "unclosed_variable@0"),
            ("[Дата", "unclosed_variable@0"),
            ("в %DATE ждём", "unclosed_variable@2"),
            ("{а {[Дата]} б}", "nested_group@3"),
            ("{а {[Дата]}}", "nested_group@3"),
            ("в {[Дата]", "unclosed_group@2"),
            ("{а {[Дата]}", "unclosed_group@0 nested_group@3"),
            ("[Дата]}", "stray_group_end@6"),
            ("{скоро}", "group_without_variable@0"),
            ("{[Дота]}", "unknown_variable@1"),
        ] {
            assert_eq!(read(text), found, "{text}");
        }
    }

    #[test]
    fn mistakes_are_explained_in_both_languages() {
        let text = "[Дота] [Погода] %WEATHER% %DATE {{ {[Мастер]{ }} {нет} } {";
        let errors = parse(text, &CATALOGUE).unwrap_err();
        let explained: Vec<String> = errors
            .iter()
            .flat_map(|error| [error.message(Russian), error.message(English)])
            .collect();
        insta::assert_snapshot!(explained.join("\n"), @r"
        Символ 1: переменной [Дота] нет; возможно, имелась в виду [Дата].
        Character 1: there is no variable [Дота]; perhaps [Дата] was meant.
        Символ 8: переменной [Погода] нет; выберите переменную из списка, а сам знак пишите дважды ([[).
        Character 8: there is no variable [Погода]; choose one from the list, or write the sign itself twice ([[).
        Символ 17: переменной %WEATHER% нет; выберите переменную из списка, а сам знак пишите дважды (%%).
        Character 17: there is no variable %WEATHER%; choose one from the list, or write the sign itself twice (%%).
        Символ 27: переменная не закрыта; напишите %DATE%.
        Character 27: the variable is not closed; write %DATE%.
        Символ 45: необязательная часть { } не может стоять внутри другой; закройте первую знаком }, а сам знак пишите дважды ({{).
        Character 45: an optional part { } cannot stand inside another; close the first one with }, or write the sign itself twice ({{).
        Символ 50: в необязательной части нет переменной, поэтому она никогда не исчезнет; уберите { } или добавьте переменную.
        Character 50: there is no variable in the optional part, so it would never disappear; remove { } or add a variable.
        Символ 56: знак } ничего не закрывает; поставьте { в начале необязательной части, а сам знак пишите дважды (}}).
        Character 56: this } closes nothing; put { where the optional part begins, or write the sign itself twice (}}).
        Символ 58: необязательная часть не закрыта; поставьте } в её конце, а сам знак пишите дважды ({{).
        Character 58: the optional part is not closed; put } at its end, or write the sign itself twice ({{).
        ");
    }

    #[test]
    fn positions_count_characters_not_bytes() {
        let errors = parse("Ёж😀 [Дота]", &CATALOGUE).unwrap_err();
        assert_eq!(errors[0].position(), 4);
    }
}
