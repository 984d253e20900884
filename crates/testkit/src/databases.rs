//! Tests that are played on every database that Vestnik serves: one body, with a parameter that says
//! on which.

/// The database that a test is played on; its crate opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Makes two tests of each named `async fn test(database: Database)`: `test::on_sqlite` and
/// `test::on_postgres`, which is left out where tests have no PostgreSQL (see
/// [`postgres_address`](crate::postgres_address)).
#[macro_export]
macro_rules! on_every_database {
    ($($test:ident),+ $(,)?) => {$(
        mod $test {
            #[tokio::test]
            async fn on_sqlite() {
                super::$test($crate::Database::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if $crate::postgres_address(stringify!($test)).is_some() {
                    super::$test($crate::Database::Postgres).await;
                }
            }
        }
    )+};
}
