/// The values of fields and the texts of remarks, and how they are shown: by an appearance of their own, or else as
/// their default appearance strings say (ISO 32000-1, 12.7.3.3).
struct DefaultAppearances {
  /// A form that shows a field or remark.
  struct Appearance {
    /// Where on the page it is drawn; `nil` where that is not said.
    var place: Coverings.Area?
    /// About how many characters it ought to show.
    var characters = 0
  }

  /// A field or remark without a form that shows it.
  private struct Bare {
    var object: PDFValue
    var characters: Int
    var appearance: [UInt8]
    var ground: PDFValue?
  }

  /// About how many characters of them are white on something light.
  private(set) var white = 0
  /// About how many are smaller than three points.
  private(set) var tiny = 0
  /// About how many belong to layers that are not shown.
  private(set) var hidden = 0
  /// Whether some could not be looked at, or stand on what nobody knows.
  private(set) var isUnchecked = false

  /// No honest form has more fields.
  private static let most = 2000
  /// No honest field has more above it.
  private static let deepest = 32

  /// By the numbers of the forms.
  private(set) var appearances: [Int: Appearance] = [:]
  private var bare: [Bare] = []
  private let streams: ContentStreams
  private let layers: HiddenLayers

  /// Looks through the fields and remarks of a file.
  init(_ streams: ContentStreams) {
    self.streams = streams
    layers = HiddenLayers(streams)
    let common = streams.values(ofKey: "/AcroForm").lazy.compactMap { value, owner in
      Self.strings("DA", of: value, owner, in: streams).first
    }.first
    take("Widget", streams.numbers(naming: "/Widget", atMost: Self.most)) {
      ("V", common, $0["MK"].flatMap(streams.resolved)?["BG"])
    }
    take("FreeText", streams.numbers(naming: "/FreeText", atMost: Self.most)) {
      ("Contents", nil, $0["C"])
    }
  }

  private mutating func take(
    _ kind: String, _ found: (numbers: [Int], isCut: Bool),
    parts: (PDFValue) -> (key: String, common: [UInt8]?, ground: PDFValue?)
  ) {
    if found.isCut { isUnchecked = true }
    for number in found.numbers {
      for object in streams.values(of: number) where object["Subtype"]?.name == kind {
        let (key, common, ground) = parts(object)
        let characters = inherited(key, object, number).reduce(0) { $0 + Self.count($1) }
        if layers.hide(object["OC"]) {
          hidden += characters
        } else if let forms = forms(of: object) {
          for form in forms {
            appearances[form, default: Appearance()].place = place(of: object)
            appearances[form, default: Appearance()].characters += characters
          }
        } else if characters > 0, let appearance = inherited("DA", object, number).first ?? common {
          bare.append(
            Bare(
              object: object, characters: characters, appearance: appearance,
              ground: ground.flatMap(streams.resolved)))
        }
      }
    }
  }

  /// The numbers of the forms that show a field or remark in one of its states; `nil` where it has none.
  private func forms(of object: PDFValue) -> [Int]? {
    guard let normal = object["AP"].flatMap(streams.resolved)?["N"],
      let value = streams.resolved(normal)
    else { return nil }
    if value["BBox"] == nil, case .dictionary(let states) = value {
      return states.values.compactMap(\.target)
    }
    return [normal.target].compactMap { $0 }
  }

  private func place(of object: PDFValue) -> Coverings.Area? {
    let corners = (object["Rect"].flatMap(streams.resolved)?.members ?? []).compactMap(\.real)
    guard corners.count == 4 else { return nil }
    return Coverings.Area(
      x1: min(corners[0], corners[2]), y1: min(corners[1], corners[3]),
      x2: max(corners[0], corners[2]), y2: max(corners[1], corners[3]))
  }

  /// Looks at what has no form, on pages that are painted so.
  mutating func judge(on pages: PageGrounds) {
    var pages = pages
    for value in bare {
      let content =
        Self.painting(value.ground) + value.appearance + Array(" BT (a) Tj ET".utf8)
      let everywhere = PageArea(x1: -1e6, y1: -1e6, x2: 1e6, y2: 1e6)
      var scanner = ContentScanner(content, everywhere, states: GraphicsStates())
      scanner.run()
      if scanner.tiny > 0 { tiny += value.characters }
      guard scanner.white[.light] != nil else { continue }
      let paper = place(of: value.object).map { pages.ground(under: $0) } ?? .light
      if paper == .light { white += value.characters } else { isUnchecked = true }
    }
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
