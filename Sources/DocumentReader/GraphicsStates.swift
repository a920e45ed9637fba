/// How a file's graphics states let what is drawn shine through, by the names under which content streams set them
/// (ISO 32000-1, 8.4.5 and 11.6.4.4).
///
/// Found without following the file's tables, as `ContentStreams` does: a name that stands for several states, each on
/// another page, tells nothing, unless all of them hide.
struct GraphicsStates {
  /// What a state changes; `nil` for what it leaves as it was.
  struct Change: Hashable {
    /// How opaque what is filled becomes, from 0 to 1.
    var alpha: Double?
    /// How opaque lines become, from 0 to 1.
    var lineAlpha: Double?
    /// Whether it is mixed otherwise than by covering.
    var isBlended: Bool?
    /// Whether it is mixed so that what is dark may leave white paper as it is.
    var lightens: Bool?
    /// Whether a picture says where it is drawn.
    var isMasked: Bool?

    /// Whether what is filled then shows to nobody.
    var hides: Bool { alpha.map { $0 < GraphicsStates.leastAlpha } ?? false }
  }

  /// How what is filled is drawn.
  struct State {
    private var alpha = 1.0
    private var lineAlpha = 1.0
    private var isBlended = false
    private var isMasked = false
    private var lightens = false
    /// Whether `alpha` may be less than it says.
    private var isUncertain = false

    /// Whether nobody knows if what is filled shows.
    var mayHide: Bool { isMasked || lightens || isUncertain }
    var isInvisible: Bool { alpha < GraphicsStates.leastAlpha }
    var hidesLines: Bool { lineAlpha < GraphicsStates.leastAlpha }
    var coversByLines: Bool {
      1 - lineAlpha < GraphicsStates.leastAlpha && !isBlended && !isMasked
    }
    var isOpaque: Bool { 1 - alpha < GraphicsStates.leastAlpha && !isBlended && !isMasked }

    /// How light a colour is at most where it is drawn; `nil` when nobody knows.
    func lightness(_ colour: Double) -> Double? {
      isBlended || isMasked ? nil : 1 - alpha * (1 - colour)
    }

    /// Sets a state; `nil` for one that nobody knows, which may neither cover anything nor show again what is hidden.
    ///
    /// - Parameter mayHide: whether one that nobody knows may hide.
    mutating func change(as change: Change?, mayHide: Bool = false) {
      alpha = change?.alpha ?? alpha
      lineAlpha = change?.lineAlpha ?? lineAlpha
      isBlended = change == nil || change?.isBlended ?? isBlended
      isMasked = change?.isMasked ?? isMasked
      lightens = change?.lightens ?? lightens
      isUncertain = mayHide || (change?.alpha == nil && isUncertain)
    }
  }

  /// What is less opaque than this shows to nobody, and what lets less than this through covers.
  private static let leastAlpha = 0.05

  private var changes: [[UInt8]: Change] = [:]
  /// The names that stand for several states, of which some hide.
  private var uncertain: Set<[UInt8]> = []

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
      if found.count == 1 || found.allSatisfy(\.hides) {
        changes[name] = found.first
      } else if found.contains(where: { $0.hides || $0.isMasked == true || $0.lightens == true }) {
        uncertain.insert(name)
      }
    }
  }

  /// What the state of a name changes; `nil` when nobody knows.
  func change(named name: ArraySlice<UInt8>) -> Change? { changes[Array(name)] }

  /// Whether the name stands for several states, of which some hide.
  func mayHide(named name: ArraySlice<UInt8>) -> Bool {
    !uncertain.isEmpty && uncertain.contains(Array(name))
  }

  /// The ways of mixing by which black on white stays black (ISO 32000-1, 11.3.5).
  private static let darkening: Set = [
    "Normal", "Compatible", "Multiply", "Darken", "ColorBurn", "HardLight",
  ]

  private static func change(_ value: PDFValue, _ streams: ContentStreams) -> Change {
    func entry(_ key: String) -> PDFValue? { value[key].flatMap(streams.resolved) }
    let mixing = entry("BM").map { $0.members.first?.name ?? "" }
    return Change(
      alpha: entry("ca")?.real, lineAlpha: entry("CA")?.real,
      isBlended: mixing.map { $0 != "Normal" },
      lightens: mixing.map { !darkening.contains($0) },
      isMasked: entry("SMask").map { $0.name != "None" })
  }
}
