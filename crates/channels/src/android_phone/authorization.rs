//! How a phone says who it is: the `Authorization` header of a registration and of every later call.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What the header of a call holds. `Debug` shows the kind alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// No header: a registration that nobody vouches for.
    None,
    /// At `POST /device` the link token, elsewhere the device token.
    Bearer(String),
    /// Login and password of the phone's user.
    Basic { login: String, password: String },
    /// A one-time code, in lower case, as codes are compared.
    Code(String),
    /// A header that says none of these: answered with 401.
    Unreadable,
}

impl Credential {
    /// Reads the header; the scheme's case does not matter.
    pub fn of_header(header: Option<&str>) -> Credential {
        let Some(header) = header.map(str::trim).filter(|header| !header.is_empty()) else {
            return Credential::None;
        };
        let Some((scheme, value)) = header.split_once(' ') else {
            return Credential::Unreadable;
        };
        let value = value.trim();
        if value.is_empty() {
            return Credential::Unreadable;
        }
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Credential::Bearer(value.to_owned()),
            "code" => Credential::Code(value.to_lowercase()),
            "basic" => basic(value).unwrap_or(Credential::Unreadable),
            _ => Credential::Unreadable,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Credential::None => "none",
            Credential::Bearer(_) => "bearer",
            Credential::Basic { .. } => "basic",
            Credential::Code(_) => "code",
            Credential::Unreadable => "unreadable",
        }
    }
}

fn basic(encoded: &str) -> Option<Credential> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (login, password) = text.split_once(':')?;
    Some(Credential::Basic { login: login.to_owned(), password: password.to_owned() })
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({})", self.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_vouches_for_itself_in_four_ways() {
        let basic = Credential::Basic { login: "QWERTY".to_owned(), password: "a:b".to_owned() };
        for (header, credential) in [
            (None, Credential::None),
            (Some("  "), Credential::None),
            (Some("Bearer link-7"), Credential::Bearer("link-7".to_owned())),
            (Some("bearer  link-7 "), Credential::Bearer("link-7".to_owned())),
            (Some("Code AB2C3D"), Credential::Code("ab2c3d".to_owned())),
            (Some("Basic UVdFUlRZOmE6Yg=="), basic),
            (Some("Basic UVdFUlRZ"), Credential::Unreadable),
            (Some("Basic !!!"), Credential::Unreadable),
            (Some("Bearer"), Credential::Unreadable),
            (Some("Digest x=y"), Credential::Unreadable),
        ] {
            assert_eq!(Credential::of_header(header), credential, "{header:?}");
        }
    }

    #[test]
    fn secrets_do_not_show_in_debug() {
        let shown = format!("{:?}", Credential::Bearer("link-7".to_owned()));
        assert_eq!(shown, "Credential(bearer)");
    }
}
