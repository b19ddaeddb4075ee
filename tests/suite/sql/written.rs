//! The text of views: read as it is written, safe whatever a model says, and the same every time.
