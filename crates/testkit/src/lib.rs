//! Room for named actors, builders and a fake clock; still empty: today fresh databases come from `store::testing`.
