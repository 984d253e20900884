//! Store values as PostgreSQL parameters, and rows back as store values.

use std::error::Error;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use vestnik_store::{ReadError, Row, Value};

/// What a statement is given; the database says which type it wants.
#[derive(Debug)]
pub(crate) enum Parameter {
    One(Value),
    /// One column of many rows.
    Column(Vec<Value>),
}

impl ToSql for Parameter {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Bound {
        match self {
            Parameter::One(value) => one_to_sql(value, ty, out),
            Parameter::Column(values) => column_to_sql(values, ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [
            Type::INT8,
            Type::INT4,
            Type::TEXT,
            Type::VARCHAR,
            Type::BYTEA,
            Type::INT8_ARRAY,
            Type::TEXT_ARRAY,
            Type::BYTEA_ARRAY,
        ]
        .contains(ty)
    }

    to_sql_checked!();
}

type Bound = Result<IsNull, Box<dyn Error + Sync + Send>>;

fn one_to_sql(value: &Value, ty: &Type, out: &mut BytesMut) -> Bound {
    match value {
        Value::Null => Ok(IsNull::Yes),
        // LIMIT and counts may be asked for in a narrower type.
        Value::Integer(value) if *ty == Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
        Value::Integer(value) => value.to_sql(ty, out),
        Value::Text(value) => value.to_sql(ty, out),
        Value::Bytes(value) => value.to_sql(ty, out),
        Value::Integers(values) => values.to_sql(ty, out),
        Value::Texts(values) => values.to_sql(ty, out),
    }
}

fn column_to_sql(values: &[Value], ty: &Type, out: &mut BytesMut) -> Bound {
    match *ty {
        Type::INT8_ARRAY => each(values, |value| match value {
            Value::Integer(value) => Some(*value),
            _ => None,
        })?
        .to_sql(ty, out),
        Type::TEXT_ARRAY => each(values, |value| match value {
            Value::Text(value) => Some(value.as_str()),
            _ => None,
        })?
        .to_sql(ty, out),
        Type::BYTEA_ARRAY => each(values, |value| match value {
            Value::Bytes(value) => Some(value.as_slice()),
            _ => None,
        })?
        .to_sql(ty, out),
        _ => Err(format!("a column is no {ty}").into()),
    }
}

/// The values as the type of the column has them; what is empty stays so.
fn each<'a, T>(
    values: &'a [Value],
    take: impl Fn(&'a Value) -> Option<T>,
) -> Result<Vec<Option<T>>, Box<dyn Error + Sync + Send>> {
    let typed = values.iter().map(|value| match value {
        Value::Null => Ok(None),
        value => {
            take(value).map(Some).ok_or_else(|| format!("{value:?} is in no such column").into())
        }
    });
    typed.collect()
}

/// Reads a row by the types that the database names.
pub(crate) fn read_row(row: &tokio_postgres::Row) -> Result<Row, ReadError> {
    let mut values = Vec::with_capacity(row.len());
    for (position, column) in row.columns().iter().enumerate() {
        let corrupt = |error: tokio_postgres::Error| {
            ReadError::Corrupt(format!("column {}: {error}", column.name()))
        };
        let value = if *column.type_() == Type::INT8 {
            row.try_get::<_, Option<i64>>(position).map_err(corrupt)?.map(Value::Integer)
        } else if *column.type_() == Type::INT4 {
            row.try_get::<_, Option<i32>>(position)
                .map_err(corrupt)?
                .map(|value| Value::Integer(i64::from(value)))
        } else if *column.type_() == Type::TEXT {
            row.try_get::<_, Option<String>>(position).map_err(corrupt)?.map(Value::Text)
        } else if *column.type_() == Type::BYTEA {
            row.try_get::<_, Option<Vec<u8>>>(position).map_err(corrupt)?.map(Value::Bytes)
        } else {
            let named = format!("column {} is a {}", column.name(), column.type_());
            return Err(ReadError::Corrupt(named));
        };
        values.push(value.unwrap_or(Value::Null));
    }
    Ok(Row(values))
}
