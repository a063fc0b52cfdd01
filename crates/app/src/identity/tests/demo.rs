//! The people of the demonstration: all of them can sign in with what is printed, and a second start makes nobody anew.

use crate::identity::demo::people;
use crate::testing::{on_both, world};
use axum::http::StatusCode;
use domain::rights::Role;

#[tokio::test]
async fn every_person_of_the_demonstration_signs_in_with_the_password_that_is_printed() {
    let world = world().await;
    let made = people(&world).await.unwrap();
    for role in Role::ALL.iter().filter(|role| role.is_post()) {
        assert!(made.iter().any(|one| one.what == role.label() && !one.place.is_empty()), "{role:?}");
    }
    for one in &made {
        let form = [("name", one.login.as_str()), ("password", one.password.as_deref().unwrap())];
        let (status, headers, page) = world.post_as("", one.page, &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{} {page}", one.login);
        let to = headers["location"].to_str().unwrap();
        let administrator = one.what.contains("管理员") && one.what != Role::CatalogueEditor.label();
        assert_eq!(to == "/staff/totp", administrator, "{} {to}", one.login);
    }
    assert_eq!(made.iter().filter(|one| one.page == "/login").count(), 2);
}

#[tokio::test]
async fn a_second_start_makes_nobody_anew_and_tells_no_password() {
    on_both(|world| async move {
        let first = people(&world).await.unwrap();
        let again = people(&world).await.unwrap();
        assert_eq!(first.len(), again.len());
        assert!(again.iter().all(|one| one.password.is_none()));
    })
    .await;
}
