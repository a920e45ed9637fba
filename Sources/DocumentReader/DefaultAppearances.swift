/// What becomes of the values of fields and of remarks that have no appearance whose operators could be followed: who
/// shows the file draws them as their default appearance strings say (ISO 32000-1, 12.7.3.3).
struct DefaultAppearances {
  /// About how many characters of them are white on something light.
  private(set) var white = 0
  /// About how many are smaller than three points.
  private(set) var tiny = 0
  /// Whether some could not be looked at, or stand on what nobody knows.
  private(set) var isUnchecked = false

  /// No honest form has more fields.
  private static let most = 2000
  /// No honest field has more above it.
  private static let deepest = 32

  private let streams: ContentStreams

  /// Looks through the fields and remarks of a file, whose pages are drawn so.
  init(_ streams: ContentStreams, on pages: PageGrounds) {
    self.streams = streams
    var pages = pages
    let common = streams.values(ofKey: "/AcroForm").lazy.compactMap { value, owner in
      Self.strings("DA", of: value, owner, in: streams).first
    }.first
    take("Widget", streams.numbers(naming: "/Widget", atMost: Self.most), on: &pages) {
      ("V", common, $0["MK"].flatMap(streams.resolved)?["BG"])
    }
    take("FreeText", streams.numbers(naming: "/FreeText", atMost: Self.most), on: &pages) {
      ("Contents", nil, $0["C"])
    }
  }

  private mutating func take(
    _ kind: String, _ found: (numbers: [Int], isCut: Bool), on pages: inout PageGrounds,
    parts: (PDFValue) -> (key: String, common: [UInt8]?, ground: PDFValue?)
  ) {
    if found.isCut { isUnchecked = true }
    for number in found.numbers {
      for object in streams.values(of: number) where object["Subtype"]?.name == kind {
        let (key, common, ground) = parts(object)
        take(object, number, key, common, ground.flatMap(streams.resolved), on: &pages)
      }
    }
  }

  private mutating func take(
    _ object: PDFValue, _ number: Int, _ key: String, _ common: [UInt8]?, _ ground: PDFValue?,
    on pages: inout PageGrounds
  ) {
    guard object["AP"].flatMap(streams.resolved)?["N"].flatMap(streams.resolved) == nil else {
      return
    }
    let characters = inherited(key, object, number).reduce(0) { $0 + Self.count($1) }
    guard characters > 0, let appearance = inherited("DA", object, number).first ?? common else {
      return
    }
    let content = Self.painting(ground) + appearance + Array(" BT (a) Tj ET".utf8)
    let everywhere = PageArea(x1: -1e6, y1: -1e6, x2: 1e6, y2: 1e6)
    var scanner = ContentScanner(content, everywhere, states: GraphicsStates())
    scanner.run()
    if scanner.tiny > 0 { tiny += characters }
    guard scanner.white[.light] != nil else { return }
    let corners = (object["Rect"].flatMap(streams.resolved)?.members ?? []).compactMap(\.real)
    let paper = corners.count == 4 ? pages.ground(under: corners) : .light
    if paper == .light { white += characters } else { isUnchecked = true }
  }

  /// The strings of a key, or of what stands nearest above.
  private func inherited(_ key: String, _ object: PDFValue, _ number: Int) -> [[UInt8]] {
    var (object, number) = (object, number)
    for _ in 0..<Self.deepest {
      let strings = Self.strings(key, of: object, number, in: streams)
      if !strings.isEmpty { return strings }
      guard case .reference(let parent) = object["Parent"],
        let above = streams.values(of: parent).first
      else { return [] }
      (object, number) = (above, parent)
    }
    return []
  }

  private static func strings(
    _ key: String, of object: PDFValue, _ number: Int, in streams: ContentStreams
  ) -> [[UInt8]] {
    guard let (value, owner) = object[key].flatMap({ streams.resolved($0, in: number) }) else {
      return []
    }
    return value.members.prefix(most).compactMap { member in
      streams.resolved(member, in: owner).flatMap { text, owner in
        text.string.map { streams.decrypted($0, of: owner) }
      }
    }
  }

  /// Operators that paint everything in a colour.
  private static func painting(_ colour: PDFValue?) -> [UInt8] {
    let parts = (colour?.members ?? []).compactMap(\.real)
    let name: String? =
      switch parts.count {
      case 1: "g"
      case 3: "rg"
      case 4: "k"
      default: nil
      }
    guard let name else { return [] }
    let numbers = parts.map { "\((max(0, min(1, $0)) * 1000).rounded() / 1000)" }
      .joined(separator: " ")
    return Array("q \(numbers) \(name) -99999 -99999 199998 199998 re f Q ".utf8)
  }

  /// About how many characters a string has that are to be seen, in whichever of a PDF's encodings.
  private static func count(_ string: [UInt8]) -> Int {
    if string.starts(with: [0xFE, 0xFF]) {
      return stride(from: 3, to: string.count, by: 2).count {
        string[$0 - 1] > 0 || string[$0] > 0x20
      }
    }
    return string.count { $0 > 0x20 }
  }
}
