/// Text that a file shows nowhere: drawn in rendering mode 3 or 7 (ISO 32000-1, 9.3.6), without any opacity, beside
/// the page, cut away by a clipping rectangle, or under a rectangle or a picture drawn later.
///
/// Poppler gives invisible text like any other and does not say so; what stands beside the page it leaves
/// out. Both are found in the operators of the file's content streams, without knowing which page shows
/// which stream: numbers for a reviewer, not places.
struct HiddenText: Hashable {
  /// About how many characters are invisible.
  private(set) var invisible = 0
  /// About how many characters begin beside the page.
  private(set) var offPage = 0

  /// The longest part of a stream that is looked at, and of all streams together, in bytes.
  private static let longestStream = 1 << 20
  private static let longestFile = 8 << 20

  /// Looks through the streams of `file`, whose pages all lie within `area`.
  init(in file: [UInt8], area: PageArea) {
    let streams = ContentStreams(file)
    let transparent = TransparentStates(
      in: file, packed: streams.packedObjects(atMost: Self.longestStream))
    // /SMask, /Mask and /ImageMask.
    let picturesAreOpaque = !ImageSearch.stands("Mask", in: file, within: 0..<file.count)
    var left = Self.longestFile
    for stream in streams.found where left > 0 {
      guard let content = streams.content(of: stream, atMost: min(left, Self.longestStream)) else {
        continue
      }
      left -= content.count
      var scanner = ContentScanner(
        content, area, isForm: stream.isForm, transparent: transparent.names,
        picturesAreOpaque: picturesAreOpaque)
      scanner.run()
      invisible += scanner.invisible
      offPage += scanner.offPage
    }
  }
}

/// The part of the plane that a document's pages show, in points.
struct PageArea: Hashable {
  var x1 = Double.infinity
  var y1 = Double.infinity
  var x2 = -Double.infinity
  var y2 = -Double.infinity

  /// Whether something covers half of it or more.
  func isMostly(under cover: Coverings.Area) -> Bool {
    let common = cover.cut(by: Coverings.Area(x1: x1, y1: y1, x2: x2, y2: y2))
    let covered = max(0, common.x2 - common.x1) * max(0, common.y2 - common.y1)
    return covered * 2 > (x2 - x1) * (y2 - y1)
  }

  /// Takes another page in.
  mutating func add(_ other: PageArea) {
    (x1, y1) = (min(x1, other.x1), min(y1, other.y1))
    (x2, y2) = (max(x2, other.x2), max(y2, other.y2))
  }
}
