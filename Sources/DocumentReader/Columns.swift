/// The order in which segments are read.
enum Columns {
  /// Segments from the top down and from left to right, as rows give them.
  static func order(_ segments: [Segment]) -> [Segment] { segments }
}
