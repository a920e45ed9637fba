import CPoppler

/// The fonts of this machine, in which text is drawn whose own are not embedded.
enum MachineFonts {
  /// Has fontconfig list them once and for all.
  ///
  /// Left to itself it does so when the first text is drawn, and again later; where no list is at hand, it makes one and
  /// writes that down, which a sandbox does not allow.
  static func list() {
    guard FcInit() != 0 else { return }
    FcConfigSetRescanInterval(nil, 0)
  }
}
