//! The portal: pages, sign-in, security headers, message catalogue
#![forbid(unsafe_code)]
