//! Architecture tests: what must be absent, and who may know whom. They read the sources; nothing is run.

mod assets;
mod duties;
mod edges;
mod goldens;
mod migrations;
mod sources;
mod tree;
