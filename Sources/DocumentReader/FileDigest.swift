import CPoppler
import Glibc

/// SHA-256 of bytes and files, by GLib, which is linked for poppler anyway.
enum FileDigest {
  /// The digest of `bytes` in hexadecimal.
  static func hash(_ bytes: [UInt8]) -> String {
    unsafe bytes.withUnsafeBytes { buffer in unsafe hash(buffer) }
  }

  private static func hash(_ buffer: UnsafeRawBufferPointer) -> String {
    let text = unsafe g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, buffer.bindMemory(to: UInt8.self).baseAddress, gsize(buffer.count))
    guard let text = unsafe text else { return "" }
    defer { unsafe g_free(text) }
    return unsafe String(cString: text)
  }

  /// The digest of a file, or `missing`.
  static func hash(file path: String) -> String {
    guard let file = unsafe g_mapped_file_new(path, 0, nil) else { return "missing" }
    defer { unsafe g_mapped_file_unref(file) }
    let count = unsafe Int(g_mapped_file_get_length(file))
    return unsafe hash(
      UnsafeRawBufferPointer(start: g_mapped_file_get_contents(file), count: count))
  }

  /// What tells whether a file is still the one that was hashed: place, size and time of change.
  static func identity(_ path: String) -> String {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return "missing" }
    return "\(status.st_dev) \(status.st_ino) \(status.st_size) "
      + "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// The beginning of a file.
  static func contents(_ path: String, atMost limit: Int) -> [UInt8]? {
    guard let file = unsafe fopen(path, "re") else { return nil }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe fread(&bytes, 1, limit, file)
    return Array(bytes.prefix(count))
  }

  /// The names in a folder, in the order of their bytes.
  static func names(in folder: String) -> [String] {
    guard let listing = unsafe g_dir_open(folder, 0, nil) else { return [] }
    defer { unsafe g_dir_close(listing) }
    var names: [String] = []
    while let name = unsafe g_dir_read_name(listing) {
      unsafe names.append(String(cString: name))
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
