/// The forms of a file (ISO 32000-1, 8.10) by the names under which content streams draw them.
///
/// Found without following the file's tables, as `ContentStreams` does: a name that stands for several forms, each on
/// another page, stands for none here, and these are looked at alone.
final class DrawnForms {
  /// What a form draws, and where.
  struct Form {
    var bytes: [UInt8]
    /// From its own plane to that of whoever draws it.
    var matrix: Matrix
    /// What it shows of its own plane.
    var box: Coverings.Area
  }

  /// The number of each name's form; −1 where there are several.
  private var numbers: [[UInt8]: Int] = [:]
  private let streams: ContentStreams
  private var places: [Int: ContentStreams.Stream] = [:]
  private var known: [Int: Form?] = [:]
  /// The numbers of the forms that were drawn.
  private(set) var drawn: Set<Int> = []
  /// Whether some form was left out, for too much has been drawn.
  private(set) var isUnchecked = false
  /// How many bytes of forms may be looked at, those that are drawn again counted again.
  private var left: Int
  /// What a form costs that draws nothing.
  private static let least = 256

  /// - Parameters:
  ///   - streams: the streams of a file.
  ///   - limit: how many bytes of forms may be looked at.
  init(_ streams: ContentStreams, atMost limit: Int) {
    self.streams = streams
    left = limit
    for stream in streams.sequences.joined() where stream.isForm {
      places[stream.object.number] = stream
    }
    guard !places.isEmpty else { return }
    for (name, value) in streams.resources(named: "/XObject") {
      guard case .reference(let number) = value, places[number] != nil else { continue }
      let name = Array(name.utf8)
      numbers[name] = numbers[name, default: number] == number ? number : -1
    }
  }

  /// Whether a name stands for a form, or for several.
  func hasForm(named name: ArraySlice<UInt8>) -> Bool { numbers[Array(name)] != nil }

  /// The form that a name stands for; `nil` where it stands for none, for several, or for one that is too long.
  func form(named name: ArraySlice<UInt8>) -> Form? {
    guard !numbers.isEmpty, let number = numbers[Array(name)], let stream = places[number] else {
      return nil
    }
    if known[number] == nil {
      known[number] = .some(
        streams.content(of: stream, atMost: left).flatMap { content in
          guard content.isWhole else { return nil }
          return Form(
            bytes: content.bytes,
            matrix: streams.matrix(of: stream),
            box: streams.box(of: stream))
        })
    }
    guard let form = known[number] ?? nil else { return nil }
    left -= form.bytes.count + Self.least
    guard left > 0 else {
      isUnchecked = true
      return nil
    }
    drawn.insert(number)
    return form
  }
}

extension ContentStreams {
  /// The numbers of the forms that show remarks and fields.
  var appearances: Set<Int> {
    Set(
      resources(named: "/AP").flatMap { entry in
        let states: [PDFValue] =
          if case .dictionary(let states) = entry.value { Array(states.values) } else {
            [entry.value]
          }
        return states.compactMap { state in
          if case .reference(let number) = state { number } else { nil }
        }
      })
  }

  /// From the plane of a form to that of whoever draws it, or to that of the page where it shows a field or remark in
  /// some place.
  func matrix(of form: Stream, shownIn place: Coverings.Area? = nil) -> Matrix {
    let matrix = numbers(of: "/Matrix", in: form).flatMap { Matrix($0) } ?? Matrix()
    return place.map { matrix.fitting(box(of: form), into: $0) } ?? matrix
  }

  /// What a form shows of its own plane.
  func box(of form: Stream) -> Coverings.Area {
    guard let box = numbers(of: "/BBox", in: form), box.count == 4 else { return Coverings.Area() }
    return Coverings.Area(
      x1: min(box[0], box[2]), y1: min(box[1], box[3]), x2: max(box[0], box[2]),
      y2: max(box[1], box[3]))
  }
}
