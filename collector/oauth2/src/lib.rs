//! Tokens that an OAuth 2 authorization server gives a client for its own credentials, kept for as long as they are good.
//!
//! An [`Endpoint`] is the server and what is said to it, an [`Issuer`] where tokens come from, and [`Tokens`] has the one in use.

mod answer;
mod endpoint;
mod form;
mod tokens;

pub use self::{
    endpoint::{Credential, Endpoint, Failure, Terms},
    tokens::{Issuer, Token, Tokens},
};
