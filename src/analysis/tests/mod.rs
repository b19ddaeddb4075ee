//! Every answer against brute force over whole small spaces, and questions made to be hard.

mod hard;
mod laws;
mod lists;
mod moves;
mod world;
