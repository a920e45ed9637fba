/// The boxes of a page in the order in which they are read: what `--explain` shows.
public struct PageExplanation: Sendable, Hashable {
  /// What a box is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A line that stands alone in its row.
    case line
    /// A line that goes on with the sentence of the one above it.
    case wrapped
    /// One of several pieces of a row: a cell of a table, or a line of a column.
    case cell
    /// A reading aid over ideographs, which is left out.
    case ruby
    /// The value of a form field.
    case field
    /// A remark on the page.
    case annotation
  }

  /// A run of characters with its box, in points from the top left corner of the page.
  public struct Box: Sendable, Hashable {
    /// What it is.
    public var kind: Kind
    /// The left edge.
    public var left: Int
    /// The upper edge.
    public var top: Int
    /// How wide it is.
    public var width: Int
    /// How high it is.
    public var height: Int
    /// What stands in it, before it is normalised.
    public var text: String
  }

  /// The page's number, from 1.
  public var page: Int
  /// How its lines run: `horizontal`, `vertical`, `upside-down`, `upward`, or `downward` where what runs down was
  /// written across and turned.
  public var orientation: String
  /// What was noticed of this page, as slugs.
  public var flags: [String]
  /// The boxes in reading order; reading aids, and parts that are set vertically on a horizontal page, stand
  /// behind them.
  public var boxes: [Box]
}

extension PageExplanation {
  init(page: Int, _ reading: PageReading, _ additions: [PDFPage.Addition]) {
    let layout = reading.layout
    self.page = page
    switch layout.orientation {
    case .horizontal: orientation = "horizontal"
    case .vertical: orientation = "vertical"
    case .upsideDown: orientation = "upside-down"
    case .upward: orientation = "upward"
    }
    flags = reading.flags.sorted()
    boxes = Self.boxes(of: layout) + layout.turned.flatMap(Self.boxes)
    boxes += additions.map { Box($0.kind, $0.box, $0.text) }
  }

  /// Takes a page whose lines run down for one that was written across and turned.
  mutating func turn() {
    guard orientation == "vertical" else { return }
    orientation = "downward"
    flags = Set(flags).subtracting(["vertical"]).union(["rotated"]).sorted()
  }

  private static func boxes(of layout: Reflow) -> [Box] {
    let segments = layout.segments
    let lines = segments.indices.map { index in
      let sharesRow = [index - 1, index + 1].contains { other in
        segments.indices.contains(other)
          && abs(segments[other].middle - segments[index].middle) < 0.5 * segments[index].em
      }
      let kind: Kind = layout.predecessors[index] != nil ? .wrapped : sharesRow ? .cell : .line
      return Box(kind, layout.orientation.turnBack(segments[index].box), segments[index].text)
    }
    return lines
      + layout.readingAids.map { Box(.ruby, layout.orientation.turnBack($0.box), $0.text) }
  }
}

extension PageExplanation.Box {
  init(_ kind: PageExplanation.Kind, _ box: Glyph, _ text: String) {
    self.init(
      kind: kind, left: Self.points(box.x1), top: Self.points(box.y1),
      width: Self.points(box.width), height: Self.points(box.height), text: text)
  }

  private static func points(_ value: Double) -> Int {
    Int(max(-100_000, min(100_000, value.rounded())))
  }

}

extension PageExplanation {
  /// Several explanations as the worker sends them.
  static func encode(_ explanations: [PageExplanation]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(explanations.count)
    for explanation in explanations {
      writer.write(explanation.page)
      writer.write(explanation.orientation)
      writer.write(explanation.flags.count)
      for flag in explanation.flags { writer.write(flag) }
      writer.write(explanation.boxes.count)
      for box in explanation.boxes {
        writer.write(box.kind.rawValue)
        for value in [box.left, box.top, box.width, box.height] { writer.write(value) }
        writer.write(box.text)
      }
    }
    return writer.bytes
  }

  /// Reads what `encode` wrote.
  static func decode(_ bytes: [UInt8]) throws(CodingError) -> [PageExplanation] {
    var reader = ByteReader(bytes)
    var explanations: [PageExplanation] = []
    for _ in 0..<(try reader.count(atMost: reader.remaining)) {
      let (page, orientation) = (try reader.integer(), try reader.text())
      var flags: [String] = []
      for _ in 0..<(try reader.count(atMost: reader.remaining)) { flags.append(try reader.text()) }
      var boxes: [Box] = []
      for _ in 0..<(try reader.count(atMost: reader.remaining)) {
        guard let kind = Kind(rawValue: try reader.text()) else {
          throw CodingError(description: "A box is of an unknown kind.")
        }
        boxes.append(
          Box(
            kind: kind, left: try reader.integer(), top: try reader.integer(),
            width: try reader.integer(), height: try reader.integer(), text: try reader.text()))
      }
      explanations.append(
        PageExplanation(page: page, orientation: orientation, flags: flags, boxes: boxes))
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the boxes.") }
    return explanations
  }
}
