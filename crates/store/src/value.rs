//! Values on their way into a statement and out of a row, the same for both engines.

use std::error::Error as StdError;

use jiff::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, private::BytesMut};
use uuid::Uuid;

use crate::{Error, Result};

/// One parameter of a statement. Instants are microseconds since 1970 in UTC, truth is 0 or 1, JSON is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Val<'a> {
    /// No value.
    Null,
    /// A whole number, an instant or a truth value.
    I(i64),
    /// Text, also JSON.
    T(&'a str),
    /// Bytes.
    B(&'a [u8]),
    /// The sixteen bytes of an identifier.
    U([u8; 16]),
}

macro_rules! whole_numbers { ($($t:ty),*) => { $(
    impl From<$t> for Val<'_> { fn from(n: $t) -> Self { Self::I(i64::from(n)) } }
    impl Column for $t {
        fn from_cell(c: Cell<'_>) -> Result<Self> {
            i64::from_cell(c).and_then(|n| Self::try_from(n).map_err(|_| mismatch(stringify!($t), c)))
        }
    }
)* } }
whole_numbers!(u8, u16, u32, i32);

impl From<i64> for Val<'_> {
    fn from(n: i64) -> Self {
        Self::I(n)
    }
}
impl From<bool> for Val<'_> {
    fn from(yes: bool) -> Self {
        Self::I(i64::from(yes))
    }
}
impl<'a> From<&'a str> for Val<'a> {
    fn from(s: &'a str) -> Self {
        Self::T(s)
    }
}
impl<'a> From<&'a String> for Val<'a> {
    fn from(s: &'a String) -> Self {
        Self::T(s)
    }
}
impl<'a> From<&'a [u8]> for Val<'a> {
    fn from(b: &'a [u8]) -> Self {
        Self::B(b)
    }
}
impl<'a> From<&'a Vec<u8>> for Val<'a> {
    fn from(b: &'a Vec<u8>) -> Self {
        Self::B(b)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Val<'a> {
    fn from(b: &'a [u8; N]) -> Self {
        Self::B(b)
    }
}
impl From<Uuid> for Val<'_> {
    fn from(id: Uuid) -> Self {
        Self::U(id.into_bytes())
    }
}
impl From<&Uuid> for Val<'_> {
    fn from(id: &Uuid) -> Self {
        Self::U(*id.as_bytes())
    }
}
impl From<Timestamp> for Val<'_> {
    fn from(t: Timestamp) -> Self {
        Self::I(t.as_microsecond())
    }
}
impl<'a, T: Into<Val<'a>>> From<Option<T>> for Val<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Val<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::I(n) => ValueRef::Integer(*n),
            Self::T(s) => ValueRef::Text(s.as_bytes()),
            Self::B(b) => ValueRef::Blob(b),
            Self::U(b) => ValueRef::Blob(b),
        }))
    }
}

impl ToSql for Val<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::I(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Self::I(n) if *ty == Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
            Self::I(n) if *ty == Type::BOOL => (*n != 0).to_sql(ty, out),
            Self::I(n) if *ty == Type::INT8 => n.to_sql(ty, out),
            Self::T(s) if <&str as ToSql>::accepts(ty) => s.to_sql(ty, out),
            Self::B(b) if *ty == Type::BYTEA => b.to_sql(ty, out),
            Self::U(b) if *ty == Type::BYTEA => b.as_slice().to_sql(ty, out),
            other => Err(format!("{other:?} does not fit a parameter of type {ty}").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    tokio_postgres::types::to_sql_checked!();
}

/// One value of a row as the engine holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A whole number.
    I(i64),
    /// Text.
    T(&'a str),
    /// Bytes.
    B(&'a [u8]),
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::I(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::I(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::I(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::I(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Self::B(<&[u8]>::from_sql(ty, raw)?),
            _ => Self::T(<&str>::from_sql(ty, raw)?),
        })
    }
    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }
    fn accepts(ty: &Type) -> bool {
        let plain = matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL | Type::BYTEA);
        plain || (matches!(ty.kind(), Kind::Simple) && <&str as FromSql>::accepts(ty))
    }
}

/// A row while it is being read.
#[derive(Debug)]
pub enum Row<'r> {
    /// From SQLite.
    Lite(&'r rusqlite::Row<'r>),
    /// From PostgreSQL.
    Pg(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// The value of column `i`, counted from 0.
    pub fn get<T: Column>(&self, i: usize) -> Result<T> {
        T::from_cell(self.cell(i)?).map_err(|e| Error::Corrupt(format!("column {i}: {e}")))
    }

    /// How many columns it has.
    pub(crate) fn columns(&self) -> usize {
        match self {
            Self::Lite(row) => row.as_ref().column_count(),
            Self::Pg(row) => row.len(),
        }
    }

    pub(crate) fn cell(&self, i: usize) -> Result<Cell<'_>> {
        match self {
            Self::Pg(row) => Ok(row.try_get::<_, Cell<'_>>(i)?),
            Self::Lite(row) => Ok(match row.get_ref(i)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(n) => Cell::I(n),
                ValueRef::Text(t) => {
                    Cell::T(std::str::from_utf8(t).map_err(|e| Error::Corrupt(format!("column {i}: {e}")))?)
                }
                ValueRef::Blob(b) => Cell::B(b),
                ValueRef::Real(_) => return Err(Error::Corrupt(format!("column {i}: a fraction; cast it"))),
            }),
        }
    }
}

/// A type that one column can become.
pub trait Column: Sized {
    /// Reads the value, or says what was found instead.
    fn from_cell(c: Cell<'_>) -> Result<Self>;
}

fn mismatch(wanted: &str, found: Cell<'_>) -> Error {
    let found = match found {
        Cell::Null => "nothing".to_owned(),
        Cell::I(n) => format!("the number {n}"),
        Cell::T(t) => format!("text of {} bytes", t.len()),
        Cell::B(b) => format!("{} bytes", b.len()),
    };
    Error::Corrupt(format!("expected {wanted}, found {found}"))
}

macro_rules! columns { ($($t:ty, $wanted:literal, $p:pat => $value:expr;)*) => { $(
    impl Column for $t {
        fn from_cell(c: Cell<'_>) -> Result<Self> {
            match c { $p => $value, _ => None }.ok_or_else(|| mismatch($wanted, c))
        }
    }
)* } }
columns! {
    i64, "a number", Cell::I(n) => Some(n);
    bool, "0 or 1", Cell::I(n @ (0 | 1)) => Some(n == 1);
    String, "text", Cell::T(t) => Some(t.to_owned());
    Vec<u8>, "bytes", Cell::B(b) => Some(b.to_vec());
    Uuid, "an id of 16 bytes", Cell::B(b) => Uuid::from_slice(b).ok();
    Timestamp, "an instant in microseconds", Cell::I(n) => Timestamp::from_microsecond(n).ok();
}
impl<const N: usize> Column for [u8; N] {
    fn from_cell(c: Cell<'_>) -> Result<Self> {
        match c {
            Cell::B(b) => b.try_into().ok(),
            _ => None,
        }
        .ok_or_else(|| mismatch("bytes of fixed length", c))
    }
}
impl<T: Column> Column for Option<T> {
    fn from_cell(c: Cell<'_>) -> Result<Self> {
        if c == Cell::Null { Ok(None) } else { T::from_cell(c).map(Some) }
    }
}

/// A type that a whole row can become; tuples of columns are, structs write it by hand.
pub trait FromRow: Sized {
    /// Reads the row.
    fn from_row(r: &Row<'_>) -> Result<Self>;
}

macro_rules! tuples { ($($($t:ident $i:tt),+;)*) => { $(
    impl<$($t: Column),+> FromRow for ($($t,)+) {
        fn from_row(r: &Row<'_>) -> Result<Self> { Ok(($(r.get::<$t>($i)?,)+)) }
    }
)* } }
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}
