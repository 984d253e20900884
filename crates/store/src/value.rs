//! What goes into and comes out of the database: four plain types that both engines hold alike.

/// One value of a column or parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Null,
    /// Whole numbers, ids, booleans (0 or 1), money in kopecks, time in microseconds since 1970 UTC.
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
    /// A list parameter for `IN integers($n)` and `IN heads($n)`; never a column.
    Integers(Vec<i64>),
    /// The same for `IN texts($n)`.
    Texts(Vec<String>),
}

/// One row, in the order in which the statement names its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

macro_rules! into_value {
    ($($from:ty, $value:ident => $make:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Value {
                $make
            }
        }
    )*};
}

into_value! {
    i64, value => Value::Integer(value);
    bool, value => Value::Integer(i64::from(value));
    &str, value => Value::Text(value.to_owned());
    String, value => Value::Text(value);
    &String, value => Value::Text(value.clone());
    Vec<u8>, value => Value::Bytes(value);
    &[u8], value => Value::Bytes(value.to_vec());
    Vec<i64>, value => Value::Integers(value);
    Vec<String>, value => Value::Texts(value);
    jiff::Timestamp, value => Value::Integer(value.as_microsecond());
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

macro_rules! id_into_value {
    ($($id:ident)*) => {$(
        impl From<vestnik_domain::ids::$id> for Value {
            fn from(id: vestnik_domain::ids::$id) -> Value {
                Value::Integer(id.0)
            }
        }
    )*};
}

id_into_value! {
    OrganizationId UserId SessionId ApiTokenId BranchId StaffId ServiceId ClientId AppointmentId
    VisitId MessageId DeliveryId SenderId TemplateId AuditId TaskId IncomingMessageId
    NodeId ReceiptId
    JournalLinkId
}
