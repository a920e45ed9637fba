import Glibc

/// The outline of a figure that bends one way all around, as rounded boxes and circles do: what lies between the points
/// that it goes through is certainly in it.
struct Outline {
  private var corners: [(x: Double, y: Double)] = []
  /// The corners, and the points that the curves between them bend towards.
  private var points: [(x: Double, y: Double)] = []
  /// An honest box has fewer.
  private static let most = 256
  /// Rounded numbers bend a line by less than this, as a sine.
  private static let tolerance = 0.02

  mutating func add(_ x: Double, _ y: Double, isCorner: Bool) {
    guard points.count <= Self.most else { return }
    points.append((x, y))
    if isCorner { corners.append((x, y)) }
  }

  mutating func removeAll() {
    corners.removeAll(keepingCapacity: true)
    points.removeAll(keepingCapacity: true)
  }

  /// Whether it turns one way, and once: a curve then lies on the outer side of the line between its ends.
  var isConvex: Bool {
    guard corners.count > 2, points.count <= Self.most else { return false }
    var edges: [(x: Double, y: Double)] = []
    for (index, point) in points.enumerated() {
      let next = points[(index + 1) % points.count]
      let edge = (x: next.x - point.x, y: next.y - point.y)
      if hypot(edge.x, edge.y) > 0.001 { edges.append(edge) }
    }
    var (turned, most, least) = (0.0, 0.0, 0.0)
    for (index, edge) in edges.enumerated() {
      let next = edges[(index + 1) % edges.count]
      let cross = edge.x * next.y - edge.y * next.x
      let sine = cross / (hypot(edge.x, edge.y) * hypot(next.x, next.y))
      (most, least) = (max(most, sine), min(least, sine))
      turned += atan2(cross, edge.x * next.x + edge.y * next.y)
    }
    return min(most, -least) < Self.tolerance && abs(abs(turned) - 2 * Double.pi) < 0.1
  }

  /// Whether a rectangle lies within the corners of an outline that is convex.
  func holds(_ area: Coverings.Area) -> Bool {
    var sides: (left: Bool, right: Bool) = (false, false)
    for (index, corner) in corners.enumerated() {
      let next = corners[(index + 1) % corners.count]
      for (x, y) in [
        (area.x1, area.y1), (area.x2, area.y1), (area.x1, area.y2), (area.x2, area.y2),
      ] {
        let cross =
          (next.x - corner.x) * (y - corner.y) - (next.y - corner.y) * (x - corner.x)
        if cross > 0 { sides.left = true } else if cross < 0 { sides.right = true }
      }
    }
    return sides.left != sides.right
  }
}
