//! `scripts/setup` installs everything that the scripts call. On a machine in use nobody would
//! notice a missing line, so what the scripts call is read out of them and compared.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::process::Command;
use std::str::Chars;

use crate::project_files;

/// Commands that a Debian without anything added has, and what the shell does itself.
const ALWAYS_THERE: &[&str] = &[
    // base system
    "apt-get",
    "awk",
    "basename",
    "bash",
    "cat",
    "chmod",
    "chown",
    "cmp",
    "cp",
    "cut",
    "date",
    "df",
    "dirname",
    "dpkg",
    "du",
    "env",
    "find",
    "flock",
    "grep",
    "head",
    "id",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "od",
    "rm",
    "runuser",
    "sed",
    "setsid",
    "sh",
    "sha256sum",
    "sleep",
    "sort",
    "sudo",
    "tail",
    "tee",
    "timeout",
    "touch",
    "tr",
    "uname", // the shell
    "break",
    "case",
    "cd",
    "command",
    "compgen",
    "continue",
    "do",
    "done",
    "echo",
    "elif",
    "else",
    "esac",
    "eval",
    "exec",
    "exit",
    "export",
    "false",
    "fi",
    "for",
    "function",
    "if",
    "in",
    "kill",
    "local",
    "mapfile",
    "printf",
    "read",
    "return",
    "set",
    "shift",
    "then",
    "trap",
    "true",
    "unset",
    "until",
    "umask",
    "wait",
    "while",
];

/// Commands that come with another one that `setup` installs.
const COMES_WITH: &[(&str, &str)] =
    &[("rustc", "cargo"), ("rustup", "cargo"), ("python", "python3-venv"), ("psql", "postgres")];

/// Words after which another command begins.
const BEFORE_A_COMMAND: &[&str] = &[
    "!", "{", "do", "else", "env", "exec", "if", "then", "until", "while", "elif", "as_owner",
    "as_root", "setsid", "sudo", "stage",
];

#[test]
fn setup_installs_all_that_scripts_call() {
    let listed = commands_that_setup_lists();
    let mut missing = BTreeSet::new();
    for file in project_files::all() {
        let text = file.text();
        let script = match file.path.as_str() {
            "Makefile" => recipes(&text),
            path if path == ".ci/run" || path.starts_with("scripts/") => {
                match text.lines().next() {
                    Some("#!/usr/bin/env bash") => text,
                    Some("#!/usr/bin/env python3") => "python3".to_owned(),
                    _ => continue,
                }
            }
            _ => continue,
        };
        for command in called_commands(&script) {
            let home = COMES_WITH
                .iter()
                .find(|(with, _)| *with == command)
                .map_or(command.as_str(), |(_, home)| home);
            if !ALWAYS_THERE.contains(&home) && !listed.contains(home) {
                missing.insert(format!("{} calls {command}", file.path));
            }
        }
    }
    assert!(missing.is_empty(), "scripts/setup --list lacks what is called: {missing:#?}");
}

#[test]
fn commands_are_read_out_of_a_script() {
    let script = "local_step() {\n  \"$dir/tool\" a | jq .a # not this\n}\n\
        x=$(uname -m); if ! psql -c 'drop it' 2>&1; then exec node \"main $(npm root)\" now; fi\n\
        case \"$1\" in\n  run) local_step ;;\n  a | b) yes \\\n   no ;;\nesac\n\
        [ \"$(id -u)\" -eq $((1 + a)) ] && A=1 stage \"format\" cargo fmt && .venv/bin/python x.py || scripts/run\n";
    let called: Vec<String> = called_commands(script).into_iter().collect();
    assert_eq!(
        called,
        [
            "cargo", "case", "esac", "exec", "fi", "id", "if", "jq", "node", "npm", "psql",
            "python", "then", "uname", "yes",
        ]
    );
}

fn commands_that_setup_lists() -> BTreeSet<String> {
    let output = Command::new("bash")
        .args(["scripts/setup", "--list"])
        .current_dir(project_files::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    assert!(listed.contains("cc") && listed.contains("postgres"), "{listed:?}");
    listed
}

fn recipes(makefile: &str) -> String {
    makefile
        .lines()
        .filter_map(|line| line.strip_prefix('\t'))
        .map(|line| format!("{}\n", line.trim_start_matches(['@', '-'])))
        .collect()
}

/// The commands that a script names outright. What it calls by a variable or by a path in the
/// project is not among them, but for the programs in `.venv`.
fn called_commands(script: &str) -> BTreeSet<String> {
    let script = script.replace("\\\n", " ");
    let functions: BTreeSet<&str> = script
        .lines()
        .filter_map(|line| line.split_once("() "))
        .map(|(name, _)| name.trim())
        .collect();
    let mut code = String::new();
    keep_code(&mut script.chars().peekable(), None, &mut code);
    let mut called = BTreeSet::new();
    for line in code.lines() {
        let mut expects_command = true;
        let mut before = "";
        for word in after_case_pattern(line).split_whitespace() {
            if matches!(word, ";" | "|" | "&" | "(" | ")") {
                expects_command = true;
            } else if expects_command && !is_assignment(word) && before != "stage" {
                expects_command = BEFORE_A_COMMAND.contains(&word);
                let word = word.strip_prefix(".venv/bin/").unwrap_or(word);
                let named = word.starts_with(|c: char| c.is_ascii_alphabetic())
                    && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
                if named && !functions.contains(word) && word != "stage" {
                    called.insert(word.to_owned());
                }
            }
            before = word;
        }
    }
    called
}

/// `run | test) command` without its pattern.
fn after_case_pattern(line: &str) -> &str {
    match line.split_once(" ) ") {
        Some((pattern, rest)) if !pattern.contains('(') => rest,
        _ => line,
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_+".contains(c))
    })
}

/// Copies what the shell would run: comments go, quoted text becomes one `"`, what stands between
/// commands stands apart. Commands inside `$(…)` stay, wherever they are. Reads up to `end`.
fn keep_code(chars: &mut Peekable<Chars<'_>>, end: Option<char>, code: &mut String) {
    let quoted = end == Some('"');
    let mut before = '\n';
    while let Some(c) = chars.next() {
        if Some(c) == end {
            return;
        }
        match c {
            '\\' => drop(chars.next()),
            '$' if chars.next_if_eq(&'(').is_some() => {
                if chars.next_if_eq(&'(').is_some() {
                    while chars.next().is_some_and(|c| c != ')') {}
                    chars.next();
                } else {
                    code.push_str(" ( ");
                    keep_code(chars, Some(')'), code);
                    code.push_str(" ) ");
                }
                // What follows belongs to the word that the substitution is part of.
                code.push('$');
            }
            '$' if chars.next_if_eq(&'{').is_some() => {
                while chars.next().is_some_and(|c| c != '}') {}
                code.push('$');
            }
            _ if quoted => {}
            '"' => {
                code.push('"');
                keep_code(chars, Some('"'), code);
            }
            '\'' => {
                while chars.next().is_some_and(|c| c != '\'') {}
                code.push('"');
            }
            '#' if before.is_whitespace() => while chars.next_if(|c| *c != '\n').is_some() {},
            '&' if matches!(before, '>' | '<') => code.push(c),
            ';' | '|' | '&' | '(' | ')' => code.extend([' ', c, ' ']),
            _ => code.push(c),
        }
        before = c;
    }
}
