/// What becomes of the values of fields and of remarks that have no appearance whose operators could be followed: who
/// shows the file draws them as their default appearance strings say (ISO 32000-1, 12.7.3.3).
struct DefaultAppearances {
  /// About how many characters of them are white on something light.
  private(set) var white = 0
  /// About how many are smaller than three points.
  private(set) var tiny = 0

  /// No honest form has more fields.
  private static let most = 2000

  /// Looks through the fields and remarks of a file.
  init(_ streams: ContentStreams) {
    let common = streams.resources(named: "/AcroForm").first { $0.name == "DA" }?.value.string
    for number in streams.numbers(naming: "/Widget", atMost: Self.most) {
      for field in streams.values(of: number) where field["Subtype"]?.name == "Widget" {
        take(field, number, "V", in: streams, common: common, ground: field["MK"]?["BG"])
      }
    }
    for number in streams.numbers(naming: "/FreeText", atMost: Self.most) {
      for remark in streams.values(of: number) where remark["Subtype"]?.name == "FreeText" {
        take(remark, number, "Contents", in: streams, common: nil, ground: remark["C"])
      }
    }
  }

  private mutating func take(
    _ object: PDFValue, _ number: Int, _ key: String, in streams: ContentStreams,
    common: [UInt8]?, ground: PDFValue?
  ) {
    guard object["AP"]?["N"] == nil else { return }
    // A field of several parts has what they share above them.
    var (parent, above): (PDFValue?, Int) = (nil, number)
    if case .reference(let number) = object["Parent"] {
      (parent, above) = (streams.values(of: number).first, number)
    }
    func strings(_ key: String) -> [[UInt8]] {
      let (value, number) = object[key].map { ($0, number) } ?? (parent?[key] ?? .array([]), above)
      return value.members.compactMap { $0.string.map { streams.decrypted($0, of: number) } }
    }
    let characters = strings(key).reduce(0) { $0 + Self.count($1) }
    guard characters > 0, let appearance = strings("DA").first ?? common else { return }
    let everywhere = PageArea(x1: -1e6, y1: -1e6, x2: 1e6, y2: 1e6)
    var scanner = ContentScanner(
      appearance + Array(" BT (a) Tj ET".utf8), everywhere, states: GraphicsStates())
    scanner.run()
    if scanner.white[.light] != nil, !Self.isDark(ground) { white += characters }
    if scanner.tiny > 0 { tiny += characters }
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

  /// Whether a colour is so dark that white can be read on it.
  private static func isDark(_ colour: PDFValue?) -> Bool {
    let parts = (colour?.members ?? []).compactMap(\.real)
    switch parts.count {
    case 1: return parts[0] < ContentScanner.dark
    case 3: return ContentScanner.lightness(parts[0], parts[1], parts[2]) < ContentScanner.dark
    case 4:
      let left = 1 - min(1, ContentScanner.lightness(parts[0], parts[1], parts[2]) + parts[3])
      return left < ContentScanner.dark
    default: return false
    }
  }
}
