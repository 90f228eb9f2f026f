//! Cargo wants a library before it fetches anything. This one is empty on purpose.
