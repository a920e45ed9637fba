import CPoppler
import Glibc

/// What GLib's libraries say of documents that they find strange.
///
/// GLib asks the kernel who reads its messages, which the sandbox does not allow: an annotation of a kind that
/// poppler does not know would end the worker.
enum LibraryMessages {
  /// Drops messages, but for the one with which GLib ends the process.
  static func drop() {
    unsafe _ = g_log_set_default_handler(
      { _, level, message, _ in
        guard level.rawValue & G_LOG_FLAG_FATAL.rawValue != 0, let message = unsafe message else {
          return
        }
        _ = unsafe write(STDERR_FILENO, message, strlen(message))
      }, nil)
    unsafe g_log_set_writer_func({ _, _, _, _ in G_LOG_WRITER_HANDLED }, nil, nil)
  }
}
