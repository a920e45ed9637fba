/// The boxes of a page in the order in which they are read: what `--explain` shows.
public struct PageExplanation: Sendable, Hashable {
  /// A run of characters with its box, in points from the top left corner of the page.
  public struct Box: Sendable, Hashable {
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
  /// How its lines run: `horizontal`, `vertical`, `upside-down`, `upward`.
  public var orientation: String
  /// The boxes in reading order.
  public var boxes: [Box]
}

extension PageExplanation {
  init(page: Int, _ layout: Reflow) {
    self.page = page
    switch layout.orientation {
    case .horizontal: orientation = "horizontal"
    case .vertical: orientation = "vertical"
    case .upsideDown: orientation = "upside-down"
    case .upward: orientation = "upward"
    }
    boxes = layout.segments.map { segment in
      let box = layout.orientation.turnBack(segment.box)
      return Box(
        left: Self.points(box.x1), top: Self.points(box.y1),
        width: Self.points(box.x2 - box.x1), height: Self.points(box.y2 - box.y1),
        text: segment.text)
    }
  }

  private static func points(_ value: Double) -> Int {
    Int(max(-100_000, min(100_000, value.rounded())))
  }

  /// Several explanations as the worker sends them.
  static func encode(_ explanations: [PageExplanation]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(explanations.count)
    for explanation in explanations {
      writer.write(explanation.page)
      writer.write(explanation.orientation)
      writer.write(explanation.boxes.count)
      for box in explanation.boxes {
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
      var boxes: [Box] = []
      for _ in 0..<(try reader.count(atMost: reader.remaining)) {
        let (left, top) = (try reader.integer(), try reader.integer())
        let (width, height) = (try reader.integer(), try reader.integer())
        boxes.append(
          Box(left: left, top: top, width: width, height: height, text: try reader.text()))
      }
      explanations.append(PageExplanation(page: page, orientation: orientation, boxes: boxes))
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the boxes.") }
    return explanations
  }
}
