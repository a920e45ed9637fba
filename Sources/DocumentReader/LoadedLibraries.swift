import CMeCab
import CPoppler

/// The libraries that documents are read with.
public enum LoadedLibraries {
  /// What each says that it is.
  public static var versions: [String: String] {
    [
      "poppler": unsafe String(cString: poppler_get_version()),
      "glib": "\(glib_major_version).\(glib_minor_version).\(glib_micro_version)",
      "mecab": unsafe String(cString: mecab_version()),
    ]
  }

  /// The file that a library of this process was loaded from, by the beginning of its name; `nil` for one that was not
  /// (proc_pid_maps(5)).
  static func file(of library: String) -> String? {
    let maps = FileDigest.contents("/proc/self/maps", atMost: 1 << 20) ?? []
    return maps.split(separator: UInt8(ascii: "\n")).lazy.compactMap { line -> String? in
      guard let start = line.firstIndex(of: UInt8(ascii: "/")) else { return nil }
      let path = String(decoding: line[start...], as: UTF8.self)
      return path.split(separator: "/").last?.hasPrefix(library + ".") ?? false ? path : nil
    }.first
  }
}
