//! Every answer against brute force over whole small spaces, and questions made to be hard.

mod laws;
mod lists;
mod world;
