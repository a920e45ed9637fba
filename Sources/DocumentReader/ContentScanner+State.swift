extension ContentScanner {
  /// What operators have set until now.
  struct State {
    var matrix = Matrix()
    var mode = 0
    var drawing = GraphicsStates.State()
    /// The height of characters, before any matrix.
    var size = 0.0
    var clip = Coverings.Area()
    /// Whether that is all that may be drawn on, not only what holds it.
    var isClipExact = true
    var isPattern = false
    /// How light what is filled is, from 0 to 1; `nil` when nobody knows.
    var lightness: Double? = 0
    /// The parts of light of what is filled, from 0 to 1; `nil` when nobody knows.
    var colour: Coverings.Colour? = .zero
    /// How light lines are, as above.
    var lineLightness: Double? = 0
    /// How thick lines are, before any matrix.
    var lineWidth = 1.0

    /// Whether text shows to nobody: 3 draws nothing, 7 only adds to the clipping path.
    var hidesText: Bool {
      let (fills, lines) = (drawing.isInvisible, drawing.hidesLines)
      return switch mode & 3 {
      case 0: fills
      case 1: lines
      case 2: fills && lines
      default: true
      }
    }

    /// Whether text is white within that a dark line runs around.
    var isOutlined: Bool {
      mode & 3 == 2 && !drawing.hidesLines
        && lineLightness.map { $0 < ContentScanner.dark } ?? false
    }

    /// What a line leaves that covers all under it.
    var lineGround: Coverings.Ground {
      lineLightness.map { $0 < ContentScanner.dark ? .dark : .light } ?? .unknown
    }
  }
}
