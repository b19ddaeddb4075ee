//! How memory is asked for.

/// Asks the system for small pages only, for commands that hold many small things a thread: of huge
/// pages they would fill a part. Elsewhere huge pages cost less time, so nothing else asks for this.
pub(super) fn in_small_pages() {
    // Where the system does not know of it, nothing is lost but some room.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
