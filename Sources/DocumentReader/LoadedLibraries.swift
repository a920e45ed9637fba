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
}
