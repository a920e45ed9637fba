/// How a file's graphics states let what is drawn shine through, by the names under which content streams set them
/// (ISO 32000-1, 8.4.5 and 11.6.4.4).
///
/// Found without following the file's tables, as `ContentStreams` does: a name that stands for a state that hides on
/// one page counts on all, and one that stands for several others tells nothing.
struct GraphicsStates {
  /// What a state changes; `nil` for what it leaves as it was.
  struct Change: Hashable {
    /// How opaque what is filled becomes, from 0 to 1.
    var alpha: Double?
    /// Whether it is mixed otherwise than by covering.
    var isBlended: Bool?
    /// Whether a picture says where it is drawn.
    var isMasked: Bool?

    /// Whether what is filled then shows to nobody.
    var hides: Bool { alpha.map { $0 < GraphicsStates.leastAlpha } ?? false }
  }

  /// How what is filled is drawn.
  struct State {
    private var alpha = 1.0
    private var isBlended = false
    private var isMasked = false

    var isInvisible: Bool { alpha < GraphicsStates.leastAlpha }
    var isOpaque: Bool { 1 - alpha < GraphicsStates.leastAlpha && !isBlended && !isMasked }

    /// How light a colour is at most where it is drawn; `nil` when nobody knows.
    func lightness(_ colour: Double) -> Double? {
      isBlended || isMasked ? nil : 1 - alpha * (1 - colour)
    }

    /// Sets a state; `nil` for one that nobody knows, which may neither cover anything nor show again what is hidden.
    mutating func change(as change: Change?) {
      alpha = change?.alpha ?? alpha
      isBlended = change == nil || change?.isBlended ?? isBlended
      isMasked = change?.isMasked ?? isMasked
    }
  }

  /// What is less opaque than this shows to nobody, and what lets less than this through covers.
  private static let leastAlpha = 0.05

  private var changes: [[UInt8]: Change] = [:]

  /// Knows of none.
  init() {}

  /// Looks up what the resources in `streams` name.
  init(_ streams: ContentStreams) {
    var all: [[UInt8]: Set<Change>] = [:]
    var known: [Int: [Change]] = [:]
    for (name, value) in streams.resources(named: "/ExtGState") {
      let changes: [Change]
      if case .reference(let number) = value {
        changes = known[number] ?? streams.values(of: number).map { Self.change($0, streams) }
        known[number] = changes
      } else {
        changes = [Self.change(value, streams)]
      }
      all[Array(name.utf8), default: []].formUnion(changes)
    }
    for (name, found) in all {
      changes[name] = found.first(where: \.hides) ?? (found.count == 1 ? found.first : nil)
    }
  }

  /// What the state of a name changes; `nil` when nobody knows.
  func change(named name: ArraySlice<UInt8>) -> Change? { changes[Array(name)] }

  private static func change(_ value: PDFValue, _ streams: ContentStreams) -> Change {
    func entry(_ key: String) -> PDFValue? { value[key].flatMap(streams.resolved) }
    return Change(
      alpha: entry("ca")?.real, isBlended: entry("BM").map { $0.members.first?.name != "Normal" },
      isMasked: entry("SMask").map { $0.name != "None" })
  }
}
