//! The node as its users meet it: the real binary, real files, real sockets.

mod console;
mod http;
mod kills;
mod logs;
mod security;
mod world;
